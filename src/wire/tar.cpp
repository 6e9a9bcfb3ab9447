#include "wire/tar.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>

namespace cluster_lab::wire {
namespace {

// The header of ustar: where each field is, and how long.
struct Field {
  std::size_t at;
  std::size_t size;
};
constexpr std::size_t kBlock = 512;
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kOwner{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr std::string_view kUstar("ustar\00000", 8);

std::unexpected<Error> corrupt(const char* what) {
  return fail(ErrorCode::Corrupt, what);
}

void put(std::string& header, Field field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.size),
              header.begin() + static_cast<std::ptrdiff_t>(field.at));
}

/// In octal digits with zeroes before and a NUL behind.
void putNumber(std::string& header, Field field, std::size_t number) {
  std::string digits(field.size - 1, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number >>= 3U) {
    *digit = static_cast<char>('0' + (number & 7U));
  }
  put(header, field, digits);
}

std::string_view textIn(std::string_view header, Field field) {
  const auto text = header.substr(field.at, field.size);
  return text.substr(0, text.find('\0'));
}

Result<std::size_t> numberIn(std::string_view header, Field field) {
  auto text = textIn(header, field);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find(' '));
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
  if (problem != std::errc() || end != text.data() + text.size()) {
    return corrupt("a header without a number");
  }
  return number;
}

/// The sum of a header's bytes, its own field taken as blanks.
std::size_t checksumOf(std::string_view header) {
  const auto add = [](std::size_t sum, char byte) { return sum + static_cast<std::uint8_t>(byte); };
  const auto all = std::accumulate(header.begin(), header.end(), std::size_t{0}, add);
  const auto own = header.substr(kChecksum.at, kChecksum.size);
  return all - std::accumulate(own.begin(), own.end(), std::size_t{0}, add) +
         kChecksum.size * std::size_t{' '};
}

std::string headerOf(const TarFile& file) {
  std::string header(kBlock, '\0');
  put(header, kName, file.name);
  putNumber(header, kMode, 0600);
  putNumber(header, kOwner, 0);
  putNumber(header, kGroup, 0);
  putNumber(header, kSize, file.content.size());
  putNumber(header, kTime, 0);
  put(header, kType, "0");
  put(header, kMagic, kUstar);
  putNumber(header, {kChecksum.at, kChecksum.size - 1}, checksumOf(header));
  header[kChecksum.at + kChecksum.size - 1] = ' ';
  return header;
}

bool isPlainFile(std::string_view header) {
  const char type = header[kType.at];
  return type == '0' || type == '\0';
}

std::size_t padded(std::size_t size) {
  return (size + kBlock - 1) / kBlock * kBlock;
}

}  // namespace

std::string encodeTar(const std::vector<TarFile>& files) {
  std::string archive;
  for (const auto& file : files) {
    archive += headerOf(file);
    archive += file.content;
    archive.resize(padded(archive.size()), '\0');
  }
  archive.append(2 * kBlock, '\0');
  return archive;
}

Result<std::vector<TarFile>> decodeTar(std::string_view archive) {
  std::vector<TarFile> files;
  while (archive.size() >= kBlock && archive.front() != '\0') {
    const auto header = archive.substr(0, kBlock);
    const auto checksum = numberIn(header, kChecksum);
    if (!checksum || *checksum != checksumOf(header)) return corrupt("no tar archive");
    const auto size = numberIn(header, kSize);
    if (!size) return fail(size.error());
    archive.remove_prefix(kBlock);
    if (archive.size() < *size) return corrupt("the archive is cut off");
    if (isPlainFile(header)) {
      files.push_back({std::string(textIn(header, kName)), std::string(archive.substr(0, *size))});
    }
    archive.remove_prefix(std::min(padded(*size), archive.size()));
  }
  if (archive.size() < kBlock) return corrupt("the archive is cut off");
  return files;
}

}  // namespace cluster_lab::wire
