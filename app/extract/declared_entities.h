#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace bulkhead::extract {

/// The entities that an XML file declares itself. Expat passes over others in attributes without a
/// word where the file names a DTD outside, which could declare them.
class DeclaredEntities {
 public:
  /// One whose own value refers to what is not declared is not complete, and not declared either.
  void declare(const std::string& name, std::string_view value);

  /// The first entity that these bytes of the file refer to and that it does not declare.
  std::optional<std::string> missing_in(std::string_view bytes) const;

 private:
  std::set<std::string> names_ = {"amp", "apos", "gt", "lt", "quot"};
};

}  // namespace bulkhead::extract
