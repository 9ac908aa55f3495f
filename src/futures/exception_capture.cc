#include "futures/exception_capture.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <system_error>

#include <bulkhead/codec.h>
#include <bulkhead/detail/future_state.h>

#include "futures/exception_registry.h"

namespace bulkhead::detail {

namespace {

constexpr std::size_t kMaxMessageBytes = 64 * 1024;

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
  Encoder out(what.value);
  if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    // what() holds the paths as well, from which they could not be taken again.
    out(file->path1(), file->path2(), std::string(file->std::system_error::what()));
  } else if (const auto* ours = dynamic_cast<const SerializationError*>(&error)) {
    what.message = ours->failure.detail;
  }
  return what;
}

/// The bytes of an exception whose type the program registered.
void add_value(RemoteWhat& what) {
  if (const ExceptionCode* code = find_exception_code(what.type)) {
    what.value.clear();
    Encoder out(what.value);
    code->encode(out);
  }
}

/// An exception that cannot be encoded is told all the same, by its type and its text.
void try_to_add_value(RemoteWhat& what) {
  try {
    add_value(what);
  } catch (const std::exception&) {
    what.value.clear();
  }
}

void append_nested(std::vector<RemoteWhat>& chain, const std::exception& error) {
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    chain.push_back(describe(inner));
    try_to_add_value(chain.back());
    if (chain.size() < kMaxChain) {
      append_nested(chain, inner);
    }
  } catch (...) {
    chain.push_back({.type = current_type(), .message = "not a std::exception"});
    try_to_add_value(chain.back());
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
    try_to_add_value(chain.back());
    append_nested(chain, error);
  } catch (...) {
    chain.push_back({.type = current_type(), .message = "not a std::exception"});
    try_to_add_value(chain.back());
  }
  return chain;
}

Failure failure_to_decode(int worker) {
  try {
    throw;
  } catch (const SerializationError& error) {
    Failure failure = error.failure;
    failure.pid = worker;
    return failure;
  } catch (const abi::__forced_unwind&) {
    throw;  // The thread is being cancelled: that is no matter of the value.
  } catch (...) {
    return {.kind = FailureKind::Exception,
            .exceptions = describe_current_exception(),
            .pid = worker,
            .attempts = 1};
  }
}

}  // namespace bulkhead::detail
