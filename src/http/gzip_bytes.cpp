#include "http/gzip_bytes.hpp"

#include <zlib.h>

#include <algorithm>

namespace cluster_lab::http {
namespace {

/// RFC 1952 instead of 1950.
constexpr int kGzipWindow = MAX_WBITS + 16;
constexpr int kMemoryLevel = 8;
constexpr std::size_t kHeaderSize = 10;
constexpr std::size_t kPiece = std::size_t{64} * 1024;

void feed(z_stream& stream, std::string_view from) {
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(from.data()));
  stream.avail_in = static_cast<uInt>(from.size());
}

std::unexpected<Error> noMemory() {
  return fail(ErrorCode::Exhausted, "no memory to compress with");
}

/// Inflates until the end, or what is wrong.
Result<std::string> inflateAll(z_stream& stream, std::size_t most) {
  std::string to;
  for (;;) {
    const auto before = to.size();
    if (before > most) return fail(ErrorCode::Exhausted, "it is too large");
    to.resize(before + kPiece);
    stream.next_out = reinterpret_cast<Bytef*>(to.data() + before);
    stream.avail_out = static_cast<uInt>(kPiece);
    const int code = inflate(&stream, Z_NO_FLUSH);
    to.resize(before + kPiece - stream.avail_out);
    if (code == Z_STREAM_END) return to;
    if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      return fail(ErrorCode::Corrupt, "unexpected EOF");
    }
    if (code != Z_OK) return fail(ErrorCode::Corrupt, "gzip: invalid header");
  }
}

}  // namespace

Result<std::string> gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return noMemory();
  }
  std::string to(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  feed(stream, bytes);
  stream.next_out = reinterpret_cast<Bytef*>(to.data());
  stream.avail_out = static_cast<uInt>(to.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  to.resize(stream.total_out);
  deflateEnd(&stream);
  if (!whole) return noMemory();
  return to;
}

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  if (bytes.empty()) return fail(ErrorCode::Corrupt, "EOF");
  if (bytes.size() < kHeaderSize) return fail(ErrorCode::Corrupt, "unexpected EOF");
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return noMemory();
  feed(stream, bytes);
  auto result = inflateAll(stream, most);
  inflateEnd(&stream);
  return result;
}

}  // namespace cluster_lab::http
