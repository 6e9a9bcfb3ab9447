#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace cluster_lab::http {

/// Lets another thread end a client's call, by a second descriptor of its socket, which is shut
/// down: httplib's own stop() waits for a connection that is being made. Any thread; one call at a
/// time.
class Interrupter {
 public:
  /// A call, while it lives.
  class Call {
   public:
    explicit Call(Interrupter& interrupter);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    /// false: stop() was called before.
    [[nodiscard]] bool mayBegin() const { return mayBegin_; }

   private:
    Interrupter& interrupter_;
    bool mayBegin_;
  };

  Interrupter() = default;
  ~Interrupter() { replace(-1); }
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  /// From now on calls use this socket, which stays the caller's.
  void watch(int socket);
  /// Ends the running call and waits for its end, but not for long: one that looks a name up cannot
  /// be ended. No later one may begin.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  void shutDown();
  void replace(int socket);

  std::mutex socketMutex_;
  int socket_ = -1;  // guarded by socketMutex_
  std::mutex callMutex_;
  std::condition_variable callEnded_;
  bool calling_ = false;               // guarded by callMutex_
  std::atomic<bool> stopped_ = false;  ///< set with callMutex_ held
};

}  // namespace cluster_lab::http
