#include "executors/function_table.h"

namespace bulkhead::executors {

namespace {
// A program has few functions, but a lambda may capture ever new numbers.
constexpr std::size_t kMaxKeptFunctions = 256;
constexpr std::size_t kMaxKeptClosureBytes = 32;
}  // namespace

std::shared_ptr<const detail::Function> FunctionTable::define(detail::PackedCallable callable) {
  const std::lock_guard lock(mutex_);
  const bool small = callable.closure.size() <= kMaxKeptClosureBytes;
  Key key(callable.name, small ? callable.closure : Bytes());
  if (small) {
    if (const auto known = kept_.find(key); known != kept_.end()) {
      return known->second;
    }
  }
  auto function =
      std::make_unique<const detail::Function>(detail::Function{next_id_++, std::move(callable)});
  if (small && kept_.size() < kMaxKeptFunctions) {
    return kept_.emplace(std::move(key), std::move(function)).first->second;
  }
  return {function.release(), [forgotten = forgotten_](const detail::Function* unused) {
            const std::lock_guard forgotten_lock(forgotten->mutex);
            forgotten->ids.push_back(unused->id);
            delete unused;
          }};
}

std::vector<std::uint64_t> FunctionTable::take_forgotten() {
  const std::lock_guard lock(forgotten_->mutex);
  return std::exchange(forgotten_->ids, {});
}

}  // namespace bulkhead::executors
