#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace cluster_lab::http {

class Connection;

/// Where connections wait for their clients at the cost of no thread: one epoll set, and the order
/// in which they came. wait() and dismissOldest() are for one thread, the others for any.
class WaitingRoom {
 public:
  enum class Stay : std::uint8_t {
    Idle,     ///< until the client sends, or closes
    Leaving,  ///< we have ended our side: until the client closes, too
  };

  struct News {
    bool newcomers = false;          ///< somebody connects to the listening socket
    std::vector<Connection*> ready;  ///< of the idle ones; they have left the room
    std::vector<Connection*> over;   ///< gone, or silent for too long; they have left the room
  };

  /// `listening` stays the caller's.
  [[nodiscard]] static Result<std::unique_ptr<WaitingRoom>> open(
      int listening, std::chrono::milliseconds idleTimeout);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  /// false: the room is closed, or the system refuses.
  [[nodiscard]] bool enter(Connection& connection, Stay stay);
  /// Blocks until there is something, which may be no news.
  [[nodiscard]] News wait();
  /// Takes the one that is idle longest out. nullptr: none is idle.
  [[nodiscard]] Connection* dismissOldest();
  /// wait() tells of newcomers no more.
  void ignoreNewcomers(int listening) const;
  /// Ends a wait() and lets nobody in any more. Gives all that were here.
  [[nodiscard]] std::vector<Connection*> close();

 private:
  struct Guest {
    Connection* connection;
    Stay stay;
    TimePoint until;
    std::list<Guest>::iterator self;
  };
  using Guests = std::list<Guest>;

  WaitingRoom(int epoll, int waker, std::chrono::milliseconds idleTimeout);
  [[nodiscard]] int nextTimeout();
  void sortIn(const epoll_event& event, News& news);
  void expire(News& news);
  Connection* leave(Guest& guest);
  [[nodiscard]] Guests& guests(Stay stay) { return guests_[static_cast<std::size_t>(stay)]; }
  void wake() const;

  const int epoll_;
  const int waker_;  ///< an eventfd
  const std::array<std::chrono::milliseconds, 2> longest_;

  std::mutex mutex_;              // guards what follows
  std::array<Guests, 2> guests_;  ///< by stay, the first to come the first to go
  TimePoint sleepsUntil_ = TimePoint::max();
  bool closed_ = false;
};

}  // namespace cluster_lab::http
