#include "files/name_pattern.h"

#include <algorithm>
#include <cstddef>

#include "files/photo_name.h"

namespace bulkhead::files {

NamePattern::NamePattern(std::string_view marked) {
  while (!marked.empty()) {
    // Both halves of the mark for folders, or the one that is left when a ".." took the other.
    if (marked.starts_with("/\x01/\x02")) {
      tokens_.push_back({Kind::AnyFolder, {}});
      marked.remove_prefix(4);
    } else if (marked.starts_with("/\x01")) {
      tokens_.push_back({Kind::AnyFolder, {}});
      marked.remove_prefix(2);
    } else if (marked.starts_with(kAnyName)) {
      tokens_.push_back({Kind::AnyName, {}});
      marked.remove_prefix(1);
    } else if (marked.starts_with(kAnyExtension)) {
      tokens_.push_back({Kind::AnyExtension, {}});
      marked.remove_prefix(1);
    } else {
      tokens_.push_back({Kind::Literal, std::string(marked.substr(0, 1))});
      marked.remove_prefix(1);
    }
  }
  for (auto token = tokens_.rbegin(); token != tokens_.rend() && token->kind == Kind::Literal;
       ++token) {
    end_.insert(0, token->literal);
  }
}

bool NamePattern::matches(std::string_view path) const {
  if (!path.ends_with(end_)) {
    return false;  // Almost always, and at once.
  }
  Reached reached(path.size() + 1, false);
  reached[0] = true;
  for (const Token& token : tokens_) {
    reached = advance(token, path, reached);
  }
  return reached.back();
}

NamePattern::Reached NamePattern::advance(const Token& token, std::string_view path,
                                          const Reached& reached) {
  Reached next(reached.size(), false);
  for (std::size_t from = 0; from < reached.size(); ++from) {
    if (!reached[from]) {
      continue;
    }
    const std::size_t end = reach(token, path, from);
    for (std::size_t at = token.kind == Kind::AnyFolder ? from : from + 1; at <= end; ++at) {
      next[at] = next[at] || at == from || may_stop(token, path, from, at);
    }
  }
  return next;
}

// How far a token can stretch from `from`; `from` itself when it fits nothing there.
std::size_t NamePattern::reach(const Token& token, std::string_view path, std::size_t from) {
  switch (token.kind) {
    case Kind::Literal:
      return path.substr(from).starts_with(token.literal) ? from + token.literal.size() : from;
    case Kind::AnyFolder:
      return path.substr(from).starts_with('/') ? path.size() : from;
    case Kind::AnyName:
      return std::min(path.find('/', from), path.size());
    case Kind::AnyExtension:
      return std::min(from + kMaxPhotoExtension, path.size());
  }
  return from;
}

bool NamePattern::may_stop(const Token& token, std::string_view path, std::size_t from,
                           std::size_t at) {
  switch (token.kind) {
    case Kind::Literal:
    case Kind::AnyName:
      return true;
    case Kind::AnyFolder:
      return at == path.size() || path[at] == '/';
    case Kind::AnyExtension:
      return is_photo_extension(path.substr(from, at - from));
  }
  return false;
}

}  // namespace bulkhead::files
