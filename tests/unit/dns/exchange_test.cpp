#include "dns/exchange.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "dns/answer.hpp"
#include "dns/frames.hpp"
#include "example.hpp"

namespace cluster_lab::dns {

using wire::DnsRcode;
using wire::DnsType;

TEST_CASE("recursor: an address with or without a port is read") {
  CHECK(Recursor::parse("10.0.0.1").value() == Recursor{Ipv4(0x0A000001), 53});
  CHECK(Recursor::parse("10.0.0.1:5353").value() == Recursor{Ipv4(0x0A000001), 5353});
  for (const auto* text : {"", "dns.example", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "::1"}) {
    CHECK_FALSE(Recursor::parse(text).has_value());
  }
}

TEST_CASE("exchange: only an answer to that very question under that very id is one") {
  const auto query = test::query("www.example.org", DnsType::A);
  const auto asked = encode(query);
  const auto answer = emptyAnswer(query, DnsRcode::NoError);
  CHECK(isAnswerTo(asked, encode(answer)));
  CHECK_FALSE(isAnswerTo(asked, asked));
  CHECK_FALSE(isAnswerTo(asked, withId(encode(answer), 8)));
  CHECK_FALSE(isAnswerTo(
      asked, encode(emptyAnswer(test::query("www.example.com", DnsType::A), DnsRcode::NoError))));
  CHECK_FALSE(isAnswerTo(asked, encode(emptyAnswer(test::query("www.example.org", DnsType::Aaaa),
                                                   DnsRcode::NoError))));
  CHECK(isAnswerTo(
      asked, encode(emptyAnswer(test::query("WWW.example.org", DnsType::A), DnsRcode::NoError))));
  auto bare = answer;
  bare.questions.clear();
  CHECK_FALSE(isAnswerTo(asked, encode(bare)));
  bare.rcode = DnsRcode::FormErr;
  CHECK(isAnswerTo(asked, encode(bare)));
  CHECK_FALSE(isAnswerTo(asked, {}));
}

TEST_CASE("exchange: an answer, or that there is no such name, settles a question") {
  const auto query = test::query("www.example.org", DnsType::A);
  for (const auto& [rcode, settled] : {std::pair{DnsRcode::NoError, true},
                                       {DnsRcode::NxDomain, true},
                                       {DnsRcode::ServFail, false},
                                       {DnsRcode::Refused, false},
                                       {DnsRcode::FormErr, false}}) {
    CHECK(isSettled(encode(emptyAnswer(query, rcode))) == settled);
  }
}

TEST_CASE("frames: messages come out whole, however the stream is cut") {
  const wire::Bytes stream = {0, 2, 'a', 'b', 0, 0, 0, 3, 'c', 'd', 'e', 0};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    Frames frames(3);
    std::vector<wire::Bytes> messages;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      frames.add(wire::ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
      while (auto message = frames.next()) messages.push_back(*message);
    }
    CHECK(messages == std::vector<wire::Bytes>{{'a', 'b'}, {}, {'c', 'd', 'e'}});
    CHECK(frames.size() == 1);
    CHECK_FALSE(frames.isTooLong());
  }
}

TEST_CASE("frames: a message that is longer than allowed is not waited for") {
  Frames frames(3);
  frames.add(wire::Bytes{0, 4});
  CHECK(frames.isTooLong());
  CHECK_FALSE(frames.next());
}

TEST_CASE("frames: a framed message has its size before it") {
  CHECK(framed(wire::Bytes{1, 2, 3}) == wire::Bytes{0, 3, 1, 2, 3});
}

}  // namespace cluster_lab::dns
