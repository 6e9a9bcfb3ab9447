#include "dns/frames.hpp"

namespace cluster_lab::dns {
namespace {

constexpr std::size_t kPrefix = 2;

}  // namespace

void Frames::add(wire::ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<std::size_t> Frames::sizeOfNext() const {
  if (bytes_.size() < kPrefix) return std::nullopt;
  return wire::Reader(bytes_).u16();
}

bool Frames::isTooLong() const {
  const auto size = sizeOfNext();
  return size && *size > longest_;
}

std::optional<wire::Bytes> Frames::next() {
  const auto size = sizeOfNext();
  if (!size || isTooLong() || bytes_.size() < kPrefix + *size) return std::nullopt;
  const auto begin = bytes_.begin() + kPrefix;
  const auto end = begin + static_cast<std::ptrdiff_t>(*size);
  wire::Bytes message(begin, end);
  bytes_.erase(bytes_.begin(), end);
  return message;
}

wire::Bytes framed(wire::ByteView message) {
  wire::Writer writer;
  writer.number(message.size(), kPrefix);
  writer.raw(message);
  return std::move(writer).finish();
}

}  // namespace cluster_lab::dns
