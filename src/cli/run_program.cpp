#include "cli/run_program.hpp"

#include <memory>
#include <optional>

#include "os/child_process.hpp"
#include "os/event_loop.hpp"

namespace cluster_lab::cli {

Result<ProgramResult> runProgram(const std::vector<std::string>& arguments,
                                 std::chrono::milliseconds limit) {
  auto loop = os::EventLoop::create();
  if (!loop) return fail(loop.error());
  std::optional<ProgramResult> result;
  std::string output;
  auto child = os::ChildProcess::start(
      **loop, {.arguments = arguments, .environment = {"LC_ALL=C"}},
      {.onLine = [&output](std::string_view line) { (output += line) += '\n'; },
       .onExit =
           [&](int status, const std::string& how) {
             result = ProgramResult{status == 0, how, output};
             (*loop)->quit(0);
           }});
  if (!child) return fail(child.error());
  auto alarm = (*loop)->at((*loop)->now() + limit, [&loop] { (*loop)->quit(1); });
  if (!alarm) return fail(alarm.error());
  if (const auto ran = (*loop)->run(); !ran) return fail(ran.error());
  if (!result) {
    return fail(ErrorCode::TimedOut, arguments.front() + " did not end within " +
                                         std::to_string(limit.count() / 1000) + " s");
  }
  return *result;
}

}  // namespace cluster_lab::cli
