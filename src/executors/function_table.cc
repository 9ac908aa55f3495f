#include "executors/function_table.h"

namespace bulkhead::executors {

namespace {
// A program has few functions, but a lambda may capture ever new numbers.
constexpr std::size_t kMaxKeptFunctions = 256;
constexpr std::size_t kMaxKeptClosureBytes = 32;
}  // namespace

std::shared_ptr<const detail::Function> FunctionTable::define(detail::PackedCallable callable) {
  const std::lock_guard lock(mutex_);
  std::erase_if(bound_, [](const auto& kept) { return kept.second->callable.owner.expired(); });
  if (callable.bound) {
    return define_bound(std::move(callable));
  }
  if (callable.closure.size() > kMaxKeptClosureBytes) {
    return make(std::move(callable));
  }
  Key key(callable.name, callable.closure);
  if (const auto known = kept_.find(key); known != kept_.end()) {
    return known->second;
  }
  auto function = make(std::move(callable));
  if (kept_.size() < kMaxKeptFunctions) {
    kept_.emplace(std::move(key), function);
  }
  return function;
}

std::shared_ptr<const detail::Function> FunctionTable::define_bound(
    detail::PackedCallable callable) {
  const BoundKey key(callable.name, callable.bound.get());
  auto& kept = bound_[key];
  if (!kept) {
    kept = make(std::move(callable));
  }
  return kept;
}

std::shared_ptr<const detail::Function> FunctionTable::make(detail::PackedCallable callable) {
  auto function =
      std::make_unique<const detail::Function>(detail::Function{next_id_++, std::move(callable)});
  return {function.release(), [forgotten = forgotten_](const detail::Function* unused) {
            forgotten->add(unused->id);
            delete unused;
          }};
}

std::shared_ptr<const std::uint64_t> FunctionTable::make_cohort() {
  const std::lock_guard lock(mutex_);
  auto number = std::make_unique<const std::uint64_t>(next_id_++);
  return {number.release(), [forgotten = forgotten_](const std::uint64_t* unused) {
            forgotten->add(*unused);
            delete unused;
          }};
}

std::vector<std::uint64_t> FunctionTable::take_forgotten() {
  const std::lock_guard lock(forgotten_->mutex);
  return std::exchange(forgotten_->ids, {});
}

}  // namespace bulkhead::executors
