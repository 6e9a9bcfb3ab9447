#include "daemon/status_board.hpp"

#include <future>
#include <memory>
#include <utility>

#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/notify.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {

StatusBoard::StatusBoard(os::EventLoop& loop)
    : loop_(loop), gather_([] { return Status{}; }), readBoard_([] { return std::nullopt; }) {}

void StatusBoard::gatherBy(std::function<Status()> gather) {
  gather_ = std::move(gather);
}

void StatusBoard::readBoardBy(std::function<std::optional<board::Board>()> read) {
  readBoard_ = std::move(read);
}

void StatusBoard::raise(const std::string& code, const Error& error) {
  const auto known = problems_.find(code);
  if (known != problems_.end() && known->second.text() == error.text()) return;
  problems_.insert_or_assign(code, error);
  os::log::warning(error.text(), {{"PROBLEM", code}});
  refresh();
}

void StatusBoard::clear(const std::string& code) {
  if (problems_.erase(code) == 0) return;
  os::log::info("solved: " + code, {{"PROBLEM", code}});
  refresh();
}

void StatusBoard::tell(const std::string& code, const std::optional<Error>& problem) {
  loop_.post([this, code, problem] {
    if (problem) {
      raise(code, *problem);
    } else {
      clear(code);
    }
  });
}

void StatusBoard::refresh() {
  const auto line = statusLine(current());
  if (line == lastLine_) return;
  lastLine_ = line;
  os::notifyStatus(line);
}

std::string StatusBoard::json() {
  const auto answer = std::make_shared<std::promise<Status>>();
  auto ready = answer->get_future();
  loop_.post([this, answer] { answer->set_value(current()); });
  auto board = readBoard_();
  if (ready.wait_for(2s) == std::future_status::ready) {
    auto status = ready.get();
    status.board = std::move(board);
    return toJson(status);
  }
  return R"({"state":"stopping","reason":"the daemon's loop does not answer: it stops, or hangs"})";
}

Status StatusBoard::current() const {
  auto status = gather_();
  status.problems = problems_;
  return status;
}

}  // namespace cluster_lab::daemon
