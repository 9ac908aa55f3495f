#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <utility>

#include <bulkhead/error.h>

#include "futures/exception_registry.h"

namespace bulkhead {

namespace {

using detail::Cause;
using detail::throw_remote;

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

/// "30 s", "2.5 s", "200 ms"
std::string in_words(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  std::array<char, 32> text{};
  const bool short_time = seconds < 1;
  std::snprintf(text.data(), text.size(), short_time ? "%g ms" : "%g s",
                short_time ? seconds * 1000 : seconds);
  return text.data();
}

std::string worker_of(const Failure& failure) {
  return failure.pid != 0 ? " (worker " + std::to_string(failure.pid) + ")" : "";
}

const char* phase_in_words(TaskPhase phase) {
  switch (phase) {
    case TaskPhase::None:
    case TaskPhase::Run:
      return "";
    case TaskPhase::Initialise:
      return " while the worker was made ready";
    case TaskPhase::Decode:
      return " while its arguments were decoded";
    case TaskPhase::Encode:
      return " while its result was encoded";
    case TaskPhase::Destroy:
      return " while its values were destroyed";
  }
  return "";
}

std::string end_of_worker(const Failure& failure) {
  return phase_in_words(failure.phase) + worker_of(failure) +
         (failure.detail.empty() ? "" : ": " + failure.detail);
}

std::string thrown(const Failure& failure) {
  std::string text;
  for (const RemoteWhat& exception : failure.exceptions) {
    text += text.empty() ? "" : "; because ";
    text += exception.type + ": " + exception.message;
  }
  return text;
}

/// Throws the exception as a Remote<E>; returns if that would not be the same exception.
using Rebuild = void (*)(const RemoteWhat& what, const Failure& failure, Cause cause);

template <class E>
void rebuild(const RemoteWhat& what, const Failure& failure, Cause cause) {
  if constexpr (std::is_constructible_v<E, const std::string&>) {
    throw_remote(E(what.message), failure, cause);
  } else {
    throw_remote(E(), failure, cause);
  }
}

/// nullptr: a category of the program's own or of a library, whose codes mean nothing to others.
const std::error_category* category_named(const std::string& name) {
  for (const auto* category : {&std::generic_category(), &std::system_category()}) {
    if (name == category->name()) {
      return category;
    }
  }
  return nullptr;
}

/// The message of a system_error ends with that of its code; its constructor appends it again.
std::optional<std::string> own_message(const std::string& message, const std::error_code& code) {
  const std::string suffix = ": " + code.message();
  if (!message.ends_with(suffix)) {
    return std::nullopt;
  }
  return message.substr(0, message.size() - suffix.size());
}

void rebuild_system_error(const RemoteWhat& what, const Failure& failure, Cause cause) {
  const std::error_category* category = category_named(what.category);
  if (category == nullptr) {
    return;
  }
  const std::error_code code(what.code, *category);
  const auto message = own_message(what.message, code);
  throw_remote(message ? std::system_error(code, *message) : std::system_error(code), failure,
               cause);
}

using FileError = std::filesystem::filesystem_error;

std::optional<FileError> file_error(const RemoteWhat& what, const std::error_category& category) {
  try {
    Decoder in(what.value);
    std::filesystem::path first;
    std::filesystem::path second;
    std::string message;
    in(first, second, message);
    const std::error_code code(what.code, category);
    return FileError(own_message(message, code).value_or(message), first, second, code);
  } catch (const SerializationError&) {
    return std::nullopt;
  }
}

void rebuild_filesystem_error(const RemoteWhat& what, const Failure& failure, Cause cause) {
  const std::error_category* category = category_named(what.category);
  if (category == nullptr) {
    return;
  }
  if (auto error = file_error(what, *category)) {
    throw_remote(std::move(*error), failure, cause);
  }
}

struct Rebuilder {
  const char* type;
  Rebuild rebuild;
};

constexpr Rebuilder kRebuilders[] = {
    {"std::logic_error", rebuild<std::logic_error>},
    {"std::invalid_argument", rebuild<std::invalid_argument>},
    {"std::domain_error", rebuild<std::domain_error>},
    {"std::length_error", rebuild<std::length_error>},
    {"std::out_of_range", rebuild<std::out_of_range>},
    {"std::runtime_error", rebuild<std::runtime_error>},
    {"std::range_error", rebuild<std::range_error>},
    {"std::overflow_error", rebuild<std::overflow_error>},
    {"std::underflow_error", rebuild<std::underflow_error>},
    {"std::bad_alloc", rebuild<std::bad_alloc>},
    {"std::bad_array_new_length", rebuild<std::bad_array_new_length>},
    {"std::bad_cast", rebuild<std::bad_cast>},
    {"std::bad_function_call", rebuild<std::bad_function_call>},
    {"std::bad_optional_access", rebuild<std::bad_optional_access>},
    {"std::system_error", rebuild_system_error},
    {"std::filesystem::__cxx11::filesystem_error", rebuild_filesystem_error},
    {"std::filesystem::filesystem_error", rebuild_filesystem_error},
};

[[noreturn]] void raise_one(const RemoteWhat& what, const Failure& failure, Cause cause) {
  for (const Rebuilder& known : kRebuilders) {
    if (what.type == known.type) {
      known.rebuild(what, failure, cause);
    }
  }
  if (const detail::ExceptionCode* code = detail::find_exception_code(what.type)) {
    code->raise(what, failure, cause);
  }
  if (cause == Cause::BeingHandled) {
    std::throw_with_nested(RemoteException(failure));
  }
  throw RemoteException(failure);
}

/// The first exception of the chain, with the rest of the chain nested in it.
[[noreturn]] void raise_exception(const Failure& failure) {
  if (failure.exceptions.empty()) {
    throw RemoteException(failure);
  }
  if (failure.exceptions.size() == 1) {
    raise_one(failure.exceptions.front(), failure, Cause::None);
  }
  Failure inner = failure;
  inner.exceptions.erase(inner.exceptions.begin());
  try {
    raise_exception(inner);
  } catch (...) {
    raise_one(failure.exceptions.front(), failure, Cause::BeingHandled);
  }
}

std::string what_happened(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::Exception:
      return thrown(failure);
    case FailureKind::Crashed:
      return "killed by " + signal_name(failure.signal) + end_of_worker(failure);
    case FailureKind::Exited:
      return "exited with status " + std::to_string(failure.exit_status) + end_of_worker(failure);
    case FailureKind::TimedOut:
      return "timed out after " + in_words(failure.limit) +
             (failure.detail.empty() ? "" : ": " + failure.detail);
    case FailureKind::Cancelled:
      return failure.attempts == 0 ? "cancelled" : "killed on request" + worker_of(failure);
    case FailureKind::Serialization:
      return "cannot be carried between processes: " + failure.detail;
    case FailureKind::Broken:
      return "no worker process can be kept alive: " + failure.detail;
  }
  return "failed";
}

}  // namespace

std::string Failure::message() const {
  return (name.empty() ? "" : name + ": ") + what_happened(*this);
}

void Failure::raise() const {
  switch (kind) {
    case FailureKind::Exception:
      raise_exception(*this);
    case FailureKind::Crashed:
      throw WorkerCrashed(*this);
    case FailureKind::Exited:
      throw WorkerExited(*this);
    case FailureKind::TimedOut:
      throw TimeoutError(*this);
    case FailureKind::Cancelled:
      throw CancelledError(*this);
    case FailureKind::Serialization:
      throw SerializationError(*this);
    case FailureKind::Broken:
      throw BrokenProcessPool(*this);
  }
  throw TaskError(*this);
}

}  // namespace bulkhead
