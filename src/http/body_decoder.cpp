#include "http/body_decoder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

/// Of a chunk's size with extensions, and of all trailers together.
constexpr std::size_t kMaxLine = 1024;
constexpr std::uint64_t kMaxChunk = std::uint64_t{1} << 40U;

}  // namespace

BodyDecoder::BodyDecoder(const Framing& framing) {
  if (framing.chunked) {
    state_ = State::ChunkSize;
  } else if (framing.length) {
    left_ = *framing.length;
    state_ = left_ == 0 ? State::Complete : State::Data;
  } else {
    state_ = State::UntilEnd;
  }
}

Result<std::size_t> BodyDecoder::take(std::string_view input, std::string& body) {
  std::size_t taken = 0;
  while (taken < input.size() && !complete()) {
    const auto rest = input.substr(taken);
    if (state_ == State::UntilEnd) {
      body.append(rest);
      taken += rest.size();
    } else if (state_ == State::Data || state_ == State::ChunkData) {
      taken += takeData(rest, body);
    } else {
      const auto line = takeLine(rest);
      if (!line) return line;
      taken += *line;
    }
  }
  return taken;
}

std::size_t BodyDecoder::takeData(std::string_view input, std::string& body) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  body.append(input.substr(0, count));
  left_ -= count;
  if (left_ == 0) state_ = state_ == State::Data ? State::Complete : State::ChunkEnd;
  return count;
}

Result<std::size_t> BodyDecoder::takeLine(std::string_view input) {
  const auto end = input.find('\n');
  const auto count = end == std::string_view::npos ? input.size() : end + 1;
  if (line_.size() + count > kMaxLine) {
    return fail(ErrorCode::InvalidArgument, "an endless line in a chunked body");
  }
  line_.append(input.substr(0, count));
  if (end == std::string_view::npos) return count;
  if (const auto ended = endLine(); !ended) return fail(ended.error());
  return count;
}

/// A whole line has come.
Result<void> BodyDecoder::endLine() {
  if (!line_.ends_with("\r\n")) {
    return fail(ErrorCode::InvalidArgument, "a chunked body needs CR LF at its lines' ends");
  }
  if (state_ == State::Trailer) {
    // Trailers are not wanted: the lines before the empty one stay in line_, and count.
    if (line_ == "\r\n" || line_.ends_with("\r\n\r\n")) state_ = State::Complete;
    return {};
  }
  const std::string line = line_.substr(0, line_.size() - 2);
  line_.clear();
  if (state_ == State::ChunkSize) return beginChunk(line);
  if (!line.empty()) return fail(ErrorCode::InvalidArgument, "a chunk longer than announced");
  state_ = State::ChunkSize;
  return {};
}

Result<void> BodyDecoder::beginChunk(std::string_view line) {
  const auto size = parseHex(trim(line.substr(0, line.find(';'))));
  if (!size || *size > kMaxChunk) {
    return fail(ErrorCode::InvalidArgument, "expected the size of a chunk");
  }
  left_ = *size;
  state_ = left_ == 0 ? State::Trailer : State::ChunkData;
  return {};
}

}  // namespace cluster_lab::http
