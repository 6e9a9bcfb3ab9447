#include "os/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/file_descriptor.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

namespace fs = std::filesystem;

bool alreadyHolds(const fs::path& path, std::string_view content, unsigned mode) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if ((status.st_mode & 07777U) != mode) return false;
  const auto old = readFile(path, content.size());
  return old && *old == content;
}

Result<void> writeAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failErrno("write");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// A new file at `path` with the content on the card; what a crash left there is replaced.
Result<void> writeNew(const fs::path& path, std::string_view content, unsigned mode) {
  ::unlink(path.c_str());
  const FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.isOpen()) return failErrno("create " + path.string());
  if (::fchmod(file.get(), mode) != 0) return failErrno("set the mode");
  if (auto written = writeAll(file.get(), content); !written) return written;
  if (::fsync(file.get()) != 0) return failErrno("fsync");
  return {};
}

Result<void> syncFolder(const fs::path& path) {
  const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.isOpen()) return failErrno("open " + path.string());
  if (::fsync(folder.get()) != 0) return failErrno("fsync " + path.string());
  return {};
}

Result<void> replace(const fs::path& path, const fs::path& temporary, std::string_view content,
                     unsigned mode) {
  if (auto written = writeNew(temporary, content, mode); !written) return written;
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failErrno("rename");
  return syncFolder(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace

Result<std::string> readFile(const fs::path& path, std::size_t maxSize) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.isOpen()) return failErrno("open " + path.string());
  std::string content;
  std::array<char, 4096> part;
  while (true) {
    const auto got = ::read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failErrno("read " + path.string());
    if (got == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(got));
    if (content.size() > maxSize) {
      return fail(ErrorCode::Exhausted, path.string() + " is larger than the allowed " +
                                            std::to_string(maxSize) + " bytes");
    }
  }
}

Result<void> writeFile(const fs::path& path, std::string_view content, unsigned mode) {
  if (alreadyHolds(path, content, mode)) return {};
  auto temporary = path;
  temporary += ".new";
  if (auto replaced = replace(path, temporary, content, mode); !replaced) {
    ::unlink(temporary.c_str());
    return fail(replaced.error().during("write " + path.string()));
  }
  return {};
}

Result<void> writeAttribute(const fs::path& path, std::string_view value) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file.isOpen()) return failErrno("open " + path.string());
  const auto taken = ::write(file.get(), value.data(), value.size());
  if (taken == static_cast<ssize_t>(value.size())) return {};
  if (taken < 0) return failErrno("write " + path.string());
  return fail(ErrorCode::Io, "write " + path.string() + ": taken in part");
}

Result<void> checkWritable(const fs::path& path) {
  if (::access(path.c_str(), W_OK) == 0) return {};
  return failErrno("write " + path.string());
}

Result<void> ensureDirectory(const fs::path& path, unsigned mode) {
  std::error_code ignored;
  if (path.empty() || fs::is_directory(path, ignored)) return {};
  if (auto parent = ensureDirectory(path.parent_path()); !parent) return parent;
  if (::mkdir(path.c_str(), mode) == 0) return {};
  const int error = errno;
  // EEXIST: somebody was quicker, or "folder/" names what its parent's turn has just made.
  if (fs::is_directory(path, ignored)) return {};
  return fail(systemError("make the folder " + path.string(), error));
}

}  // namespace cluster_lab::os
