#pragma once

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

namespace bulkhead {

namespace detail {

/// Whether an exception that is thrown has another one as its cause.
enum class Cause : std::uint8_t { None, BeingHandled };

/// Throws Remote<E>; with a cause, so that std::rethrow_if_nested throws that.
template <class E>
[[noreturn]] void throw_remote(E thrown, const Failure& failure, Cause cause) {
  if (cause == Cause::BeingHandled) {
    std::throw_with_nested(Remote<E>(std::move(thrown), failure));
  }
  throw Remote<E>(std::move(thrown), failure);
}

/// How exceptions of one type cross.
struct ExceptionCode {
  const std::type_info* type;
  /// Encodes the exception that is being handled, which is of this type or derived from it.
  void (*encode)(Encoder& out);
  /// Throws it again as Remote<E>; returns if the bytes are no such exception.
  void (*raise)(const RemoteWhat& what, const Failure& failure, Cause cause);
};

/// The same type may be registered again.
void register_exception(const ExceptionCode& code);

/// It says nothing but what its type says.
template <class E>
concept StatelessException = std::default_initializable<E> && sizeof(E) == sizeof(std::exception);

template <class E>
std::optional<E> rebuilt(const RemoteWhat& what) {
  try {
    if constexpr (Transferable<E>) {
      Decoder in(what.value);
      return decode<E>(in);
    } else if constexpr (std::constructible_from<E, const std::string&>) {
      return E(what.message);
    } else {
      return E();
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

template <class E>
constexpr ExceptionCode exception_code() {
  static_assert(
      Transferable<E> || std::constructible_from<E, const std::string&> || StatelessException<E>,
      "bulkhead: exceptions of this type cannot be rebuilt: give it a default constructor "
      "and a member serialize(), or a constructor that takes the text of what()");
  return {&typeid(E),
          [](Encoder& out) {
            try {
              throw;
            } catch (const E& error) {
              if constexpr (Transferable<E>) {
                encode(out, error);
              }
            }
          },
          [](const RemoteWhat& what, const Failure& failure, Cause cause) {
            if (auto error = rebuilt<E>(what)) {
              throw_remote<E>(std::move(*error), failure, cause);
            }
          }};
}

}  // namespace detail

/// Makes exceptions of these types arrive as what they are: thrown in a worker, they are thrown by
/// Future::get() as Remote<E>, so that `catch (const E&)` works. One line at namespace scope, so
/// that every process of the program has it:
///
///     const bulkhead::ExceptionTypes<OutOfStock, PriceChanged> kExceptions;
///
/// Such a type is of those that may cross (codec.h), which for a class with a base means a default
/// constructor and a member serialize(); or it is built from the text of its what(); or it has no
/// state. An exception of a derived class that is not named here arrives as RemoteException.
/// The standard exception types need no registration. Thread-safe.
template <class... E>
class ExceptionTypes {
 public:
  ExceptionTypes() { (detail::register_exception(detail::exception_code<E>()), ...); }
};

}  // namespace bulkhead
