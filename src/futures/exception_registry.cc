#include "futures/exception_registry.h"

#include <map>
#include <mutex>

#include "futures/exception_capture.h"

namespace bulkhead::detail {

namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, ExceptionCode> types;  ///< by name; none is ever removed
};

/// Made by its first user, because it is used before main. Never destroyed, because static objects
/// may fetch results when the program ends.
Registry& registry() {
  static Registry& only = *new Registry;
  return only;
}

}  // namespace

void register_exception(const ExceptionCode& code) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.types.insert_or_assign(demangled(*code.type), code);
}

const ExceptionCode* find_exception_code(const std::string& type) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  const auto found = all.types.find(type);
  return found != all.types.end() ? &found->second : nullptr;
}

}  // namespace bulkhead::detail
