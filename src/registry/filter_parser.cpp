#include "registry/filter_parser.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cluster_lab::registry {
namespace {

using NodePointer = std::unique_ptr<Filter::Node>;
using Parsed = Result<NodePointer>;

constexpr unsigned kDeepest = 64;
constexpr std::string_view kBlanks = " \t\r\n";

bool isWordLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '/';
}

/// A selector or a value, which look alike until the operator tells.
struct Operand {
  std::vector<std::string> path;  ///< of a selector; empty: it can only be a value
  std::string text;
};

/// Recursive descent over go-bexpr's grammar.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Parsed parse() {
    auto whole = parseOr();
    if (!whole) return whole;
    skipBlanks();
    if (at_ != text_.size()) return expected("and, or, or the end");
    return whole;
  }

 private:
  std::unexpected<Error> expected(const std::string& what) const {
    return fail(ErrorCode::InvalidArgument, "Failed to create boolean expression evaluator: 1:" +
                                                std::to_string(at_ + 1) + ": expected " + what);
  }

  void skipBlanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  /// Takes a word that stands alone.
  bool takeWord(std::string_view word) {
    skipBlanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    const auto end = at_ + word.size();
    if (end < text_.size() && isWordLetter(text_[end])) return false;
    at_ = end;
    return true;
  }

  bool takeSign(std::string_view sign) {
    skipBlanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  Parsed parseOr() { return parseChain("or", FilterGroup::Kind::Or, &Parser::parseAnd); }
  Parsed parseAnd() { return parseChain("and", FilterGroup::Kind::And, &Parser::parseNot); }

  Parsed parseChain(std::string_view word, FilterGroup::Kind kind, Parsed (Parser::*next)()) {
    auto first = (this->*next)();
    if (!first || !takeWord(word)) return first;
    FilterGroup group{.kind = kind, .parts = {}};
    group.parts.push_back(*std::move(first));
    do {
      auto part = (this->*next)();
      if (!part) return part;
      group.parts.push_back(*std::move(part));
    } while (takeWord(word));
    return std::make_unique<Filter::Node>(std::move(group));
  }

  Parsed parseNot() {
    if (++depth_ > kDeepest) return expected("an expression of at most 64 levels");
    auto parsed = parseNotInside();
    --depth_;
    return parsed;
  }

  Parsed parseNotInside() {
    if (takeWord("not")) {
      auto inner = parseNot();
      if (!inner) return inner;
      FilterGroup group{.kind = FilterGroup::Kind::Not, .parts = {}};
      group.parts.push_back(*std::move(inner));
      return std::make_unique<Filter::Node>(std::move(group));
    }
    if (!takeSign("(")) return parseComparison();
    auto inner = parseOr();
    if (inner && !takeSign(")")) return expected("')'");
    return inner;
  }

  Parsed parseComparison() {
    const auto left = takeOperand();
    if (!left) return fail(left.error());
    if (takeSign("==")) return withValue(*left, FilterOperator::Equal, false);
    if (takeSign("!=")) return withValue(*left, FilterOperator::Equal, true);
    if (takeWord("is")) return parseEmpty(*left);
    const bool negated = takeWord("not");
    if (takeWord("contains")) return withValue(*left, FilterOperator::Contains, negated);
    if (takeWord("in")) return withSelector(left->text, negated);
    if (takeWord("matches")) {
      return fail(ErrorCode::InvalidArgument,
                  "Failed to create boolean expression evaluator: matches is not supported here: "
                  "use ==, in or contains");
    }
    return expected("==, !=, in, not in, contains, not contains, is empty or is not empty");
  }

  Parsed parseEmpty(const Operand& left) {
    const bool negated = takeWord("not");
    if (!takeWord("empty")) return expected("empty");
    return comparison(left, FilterOperator::Empty, {}, negated);
  }

  Parsed withValue(const Operand& left, FilterOperator operation, bool negated) {
    const auto value = takeOperand();
    if (!value) return fail(value.error());
    return comparison(left, operation, value->text, negated);
  }

  Parsed withSelector(const std::string& value, bool negated) {
    const auto container = takeOperand();
    if (!container) return fail(container.error());
    return comparison(*container, FilterOperator::Contains, value, negated);
  }

  Parsed comparison(const Operand& selector, FilterOperator operation, std::string value,
                    bool negated) {
    if (selector.path.empty()) return expected("a selector, not a value");
    return std::make_unique<Filter::Node>(FilterComparison{.selector = selector.path,
                                                           .operation = operation,
                                                           .value = std::move(value),
                                                           .negated = negated});
  }

  Result<Operand> takeOperand() {
    skipBlanks();
    if (auto quoted = takeQuoted()) return Operand{.path = {}, .text = *std::move(quoted)};
    const auto begin = at_;
    Operand operand;
    do {
      auto word = takeLetters();
      if (word.empty()) return expected("a selector or a value");
      operand.path.push_back(std::move(word));
      while (takeIndex(operand.path)) {
      }
    } while (takeDot());
    operand.text = text_.substr(begin, at_ - begin);
    return operand;
  }

  bool takeDot() {
    const bool found = at_ < text_.size() && text_[at_] == '.';
    if (found) ++at_;
    return found;
  }

  std::string takeLetters() {
    const auto begin = at_;
    while (at_ < text_.size() && isWordLetter(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// ["key"] behind a selector.
  bool takeIndex(std::vector<std::string>& path) {
    const auto begin = at_;
    if (at_ >= text_.size() || text_[at_] != '[') return false;
    ++at_;
    auto key = takeQuoted();
    if (key && at_ < text_.size() && text_[at_] == ']') {
      ++at_;
      path.push_back(*std::move(key));
      return true;
    }
    at_ = begin;
    return false;
  }

  /// A text in "" with \\ and \", or in `` as it is.
  std::optional<std::string> takeQuoted() {
    if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '`')) return std::nullopt;
    const char quote = text_[at_];
    std::string value;
    for (auto i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        at_ = i + 1;
        return value;
      }
      if (quote == '"' && text_[i] == '\\' && i + 1 < text_.size()) ++i;
      value += text_[i];
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
};

}  // namespace

Result<std::unique_ptr<Filter::Node>> parseFilter(std::string_view expression) {
  return Parser(expression).parse();
}

}  // namespace cluster_lab::registry
