#include "http/waiting_room.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "http/connection.hpp"

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// How long a client may take to close its end after ours.
constexpr milliseconds kLeaveTime{500};

bool watch(int epoll, int descriptor, void* mark, unsigned events = EPOLLIN | EPOLLRDHUP) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = mark;
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

Result<std::unique_ptr<WaitingRoom>> WaitingRoom::open(int listening, milliseconds idleTimeout) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int waker = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::unique_ptr<WaitingRoom> room(new WaitingRoom(epoll, waker, idleTimeout));
  // No mark is the listening socket's, the room itself the waker's; all others are guests.
  // Each write to the waker is an edge, so it need not be read.
  if (epoll < 0 || waker < 0 || !watch(epoll, listening, nullptr) ||
      !watch(epoll, waker, room.get(), EPOLLIN | EPOLLET)) {
    return fail(ErrorCode::Exhausted, std::string("watch connections: ") + std::strerror(errno));
  }
  return room;
}

WaitingRoom::WaitingRoom(int epoll, int waker, milliseconds idleTimeout)
    : epoll_(epoll), waker_(waker), longest_{idleTimeout, kLeaveTime} {}

WaitingRoom::~WaitingRoom() {
  if (epoll_ >= 0) ::close(epoll_);
  if (waker_ >= 0) ::close(waker_);
}

bool WaitingRoom::enter(Connection& connection, Stay stay) {
  const auto until = Clock::now() + longest_[static_cast<std::size_t>(stay)];
  const std::scoped_lock lock(mutex_);
  if (closed_) return false;
  auto& all = guests(stay);
  const auto self = all.insert(all.end(), Guest{&connection, stay, until, {}});
  self->self = self;
  if (!watch(epoll_, connection.socket(), &*self)) {
    all.erase(self);
    return false;
  }
  if (until < sleepsUntil_) wake();
  return true;
}

void WaitingRoom::ignoreNewcomers(int listening) const {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listening, nullptr);
}

WaitingRoom::News WaitingRoom::wait() {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_, events.data(), events.size(), nextTimeout());
  News news;
  const std::scoped_lock lock(mutex_);
  if (closed_) return news;  // the guests that the events tell of have gone
  for (int i = 0; i < count; ++i) sortIn(events[static_cast<std::size_t>(i)], news);
  expire(news);
  return news;
}

/// For epoll_wait(2). Where nobody waits, what was said last stays: most who come then will not
/// have to wake the waiting thread, since their time ends later.
int WaitingRoom::nextTimeout() {
  const auto now = Clock::now();
  const std::scoped_lock lock(mutex_);
  auto next = TimePoint::max();
  for (const auto& all : guests_) {
    if (!all.empty()) next = std::min(next, all.front().until);
  }
  if (next != TimePoint::max() || sleepsUntil_ <= now) sleepsUntil_ = next;
  if (sleepsUntil_ == TimePoint::max()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(sleepsUntil_ - now).count();
  return static_cast<int>(std::clamp<milliseconds::rep>(left, 0, 3'600'000));
}

void WaitingRoom::sortIn(const epoll_event& event, News& news) {
  if (event.data.ptr == nullptr) {
    news.newcomers = true;
  } else if (event.data.ptr != this) {
    auto& guest = *static_cast<Guest*>(event.data.ptr);
    if (guest.stay == Stay::Idle) {
      news.ready.push_back(leave(guest));
    } else if (guest.connection->drain()) {
      news.over.push_back(leave(guest));
    }
  }
}

void WaitingRoom::expire(News& news) {
  const auto now = Clock::now();
  for (auto& all : guests_) {
    while (!all.empty() && all.front().until <= now) news.over.push_back(leave(all.front()));
  }
}

Connection* WaitingRoom::leave(Guest& guest) {
  auto* connection = guest.connection;
  // Not left to close(2): a child process may hold a copy of the socket for a moment.
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection->socket(), nullptr);
  guests(guest.stay).erase(guest.self);
  return connection;
}

Connection* WaitingRoom::dismissOldest() {
  const std::scoped_lock lock(mutex_);
  auto& idle = guests(Stay::Idle);
  return idle.empty() ? nullptr : leave(idle.front());
}

std::vector<Connection*> WaitingRoom::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  wake();
  std::vector<Connection*> left;
  for (auto& all : guests_) {
    while (!all.empty()) left.push_back(leave(all.front()));
  }
  return left;
}

void WaitingRoom::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(waker_, &one, sizeof one);
}

}  // namespace cluster_lab::http
