#include "futures/exception_capture.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <system_error>

namespace bulkhead::detail {

namespace {

constexpr std::size_t kMaxMessageBytes = 64 * 1024;
constexpr std::size_t kMaxNesting = 16;

/// The type's name when it is no std::exception: an int, a string, a class of the user's own.
std::string current_type() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  return type != nullptr ? demangled(*type) : "unknown exception";
}

RemoteWhat describe(const std::exception& error) {
  // A nested exception is thrown as a class that derives from both; its own name says little.
  const bool nested = dynamic_cast<const std::nested_exception*>(&error) != nullptr;
  std::string type = demangled(typeid(error));
  constexpr std::string_view kWrapper = "std::_Nested_exception<";
  if (nested && type.starts_with(kWrapper)) {
    type = type.substr(kWrapper.size(), type.size() - kWrapper.size() - 1);
  }
  RemoteWhat what{.type = std::move(type),
                  .message = std::string(error.what()).substr(0, kMaxMessageBytes)};
  if (const auto* system = dynamic_cast<const std::system_error*>(&error)) {
    what.code = system->code().value();
    what.category = system->code().category().name();
  }
  return what;
}

void append_nested(std::vector<RemoteWhat>& chain, const std::exception& error) {
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    chain.push_back(describe(inner));
    if (chain.size() < kMaxNesting) {
      append_nested(chain, inner);
    }
  } catch (...) {
    chain.push_back({.type = current_type(), .message = "not a std::exception"});
  }
}

}  // namespace

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return name ? std::string(name.get()) : std::string(type.name());
}

std::vector<RemoteWhat> describe_current_exception() {
  std::vector<RemoteWhat> chain;
  try {
    throw;
  } catch (const std::exception& error) {
    chain.push_back(describe(error));
    append_nested(chain, error);
  } catch (...) {
    chain.push_back({.type = current_type(), .message = "not a std::exception"});
  }
  return chain;
}

}  // namespace bulkhead::detail
