#include "executors/thrown.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <typeinfo>
#include <utility>

#include <bulkhead/detail/phase.h>

#include "futures/exception_capture.h"
#include "os/stack_trace.h"

namespace bulkhead::executors {

namespace {

/// Where the exception that this thread throws at the moment comes from.
struct ThrowPoint {
  std::array<os::CodeAddress, 48> places;
  std::size_t count = 0;
};
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the runtime passes no
// argument
constinit thread_local ThrowPoint throw_point{};

TaskPhase current_phase() {
  return detail::phase_mark != nullptr
             ? static_cast<TaskPhase>(detail::phase_mark->load(std::memory_order_relaxed))
             : TaskPhase::None;
}

std::uint64_t current_item() {
  return detail::item_mark != nullptr ? detail::item_mark->load(std::memory_order_relaxed) : 0;
}

}  // namespace

/// The type of ThrowObserver. The C++ runtime asks each handler's type whether it takes an
/// exception (Itanium C++ ABI: Exception Handling, and __do_catch of libstdc++).
class ObserverType final : public std::type_info {
 public:
  ObserverType() : std::type_info("bulkhead::executors::ThrowObserver") {}
  bool __do_catch(const std::type_info*, void**, unsigned) const override {
    throw_point.count = os::capture_stack(throw_point.places, os::StackPart::All);
    return false;
  }
};

/// The name is what the compiler calls the type_info of ThrowObserver.
extern const ObserverType observer_type __asm__("_ZTIN8bulkhead9executors13ThrowObserverE");
const ObserverType observer_type;

Thrown describe_current_throw() {
  Thrown thrown{.phase = current_phase(), .item = current_item()};
  const std::size_t count = std::exchange(throw_point.count, 0);
  for (const auto place : std::span(throw_point.places).first(count)) {
    thrown.stack.push_back({place.module, place.offset});
  }
  thrown.exceptions = detail::describe_current_exception();
  return thrown;
}

std::optional<std::uint64_t> index_of_item(std::uint64_t word) {
  return word == 0 ? std::nullopt : std::optional(word - 1);
}

Failure failure_of(Thrown thrown) {
  thrown.exceptions.resize(std::min(thrown.exceptions.size(), detail::kMaxChain));
  Failure failure{.kind = FailureKind::Exception,
                  .phase = std::min(thrown.phase, TaskPhase::Destroy),
                  .attempts = 1,
                  .index = index_of_item(thrown.item)};
  if (!thrown.stack.empty()) {
    failure.evidence = std::make_shared<const Evidence>(Evidence{.places = thrown.stack});
  }
  const bool is_ours = !thrown.exceptions.empty() &&
                       thrown.exceptions.front().type == "bulkhead::SerializationError";
  // The same exception out of the function itself is the user's.
  if (is_ours && thrown.phase != TaskPhase::Run) {
    failure.kind = FailureKind::Serialization;
    failure.detail = std::move(thrown.exceptions.front().message);
    return failure;
  }
  failure.exceptions = std::move(thrown.exceptions);
  return failure;
}

}  // namespace bulkhead::executors
