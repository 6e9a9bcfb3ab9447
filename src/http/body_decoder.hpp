#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/framing.hpp"

namespace cluster_lab::http {

/// Takes a body out of the bytes of a connection, piece by piece.
class BodyDecoder {
 public:
  explicit BodyDecoder(const Framing& framing);

  /// Takes what belongs to the body off the front of `input` and appends it to `body`. Gives how
  /// many bytes that were; what is left belongs to the next message. InvalidArgument: malformed
  /// chunks (RFC 9112 section 7.1); the connection is of no more use.
  [[nodiscard]] Result<std::size_t> take(std::string_view input, std::string& body);
  [[nodiscard]] bool complete() const { return state_ == State::Complete; }
  /// The connection has ended. Was that the body's end?
  [[nodiscard]] bool completeAtEnd() const { return complete() || state_ == State::UntilEnd; }

 private:
  enum class State { Data, UntilEnd, ChunkSize, ChunkData, ChunkEnd, Trailer, Complete };

  [[nodiscard]] std::size_t takeData(std::string_view input, std::string& body);
  [[nodiscard]] Result<std::size_t> takeLine(std::string_view input);
  [[nodiscard]] Result<void> endLine();
  [[nodiscard]] Result<void> beginChunk(std::string_view line);

  State state_;
  std::uint64_t left_ = 0;  ///< bytes of the body or of the chunk
  std::string line_;        ///< begun, of the chunked coding
};

}  // namespace cluster_lab::http
