#include "executors/worker_life.h"

#include <algorithm>
#include <system_error>

#include <bulkhead/this_worker.h>

#include "futures/exception_capture.h"
#include "os/own_process.h"

namespace bulkhead {

namespace executors {

namespace {

WorkerLife* life_of_this_process = nullptr;  // NOLINT: a fact about the process

WorkerLife& life() {
  if (life_of_this_process == nullptr) {
    throw WrongProcess("this_worker: this process is no worker");
  }
  return *life_of_this_process;
}

void require(const os::Result<void>& done) {
  if (!done) {
    throw std::system_error(done.error().code, std::generic_category(), done.error().attempt);
  }
}

/// What the function threw; nullopt: nothing.
template <class F>
WorkerLife::Thrown thrown_by(F function) {
  try {
    return function();
  } catch (...) {
    return detail::describe_current_exception();
  }
}

}  // namespace

WorkerLife::WorkerLife() {
  life_of_this_process = this;
}

WorkerLife::~WorkerLife() {
  life_of_this_process = nullptr;
}

WorkerLife* WorkerLife::current() noexcept {
  return life_of_this_process;
}

WorkerLife::Thrown WorkerLife::begin(std::span<const std::byte> setup) noexcept {
  return thrown_by([&]() -> Thrown {
    setup_ = decode_setup(setup);
    apply_settings();
    if (auto thrown = setup_.initializer.run()) {
      return thrown;
    }
    memory_.start(setup_.settings.soft_memory, setup_.settings.hard_memory);
    if (setup_.settings.lockdown.sandbox != Sandbox::None) {
      memory_.seal();
      lock_down(setup_.settings.lockdown);
    }
    return std::nullopt;
  });
}

void WorkerLife::apply_settings() const {
  const WorkerSettings& settings = setup_.settings;
  os::name_process(settings.name);
  os::set_environment(settings.env);
  if (!settings.working_directory.empty()) {
    require(os::change_folder(settings.working_directory));
  }
  if (settings.nice != 0) {
    require(os::be_nicer(settings.nice));
  }
  if (settings.pin) {
    require(os::pin_to_cpu(settings.index));
  }
  for (const ResourceLimit& limit : settings.limits) {
    require(os::limit_resource(limit.resource, limit.value));
  }
}

WorkerLife::Thrown WorkerLife::end() noexcept {
  return thrown_by([&]() -> Thrown {
    auto thrown = setup_.finalizer.run();
    while (!states_.empty()) {
      states_.pop_back();
    }
    return thrown;
  });
}

void WorkerLife::explain(std::vector<RemoteWhat>& thrown) const {
  if (!memory_.was_limit_hit()) {
    return;
  }
  for (RemoteWhat& what : thrown) {
    if (what.type == "std::bad_alloc") {
      what.message +=
          ": more than the hard_memory of " + std::to_string(settings().hard_memory) + " bytes";
    }
  }
}

void* WorkerLife::find_state(std::type_index type) const {
  const auto found = std::ranges::find(states_, type, [](const auto& s) { return s.first; });
  return found == states_.end() ? nullptr : found->second.get();
}

void WorkerLife::keep_state(std::type_index type, std::shared_ptr<void> state) {
  std::erase_if(states_, [&](const auto& kept) { return kept.first == type; });
  states_.emplace_back(type, std::move(state));
}

bool is_locked_down() noexcept {
  return life_of_this_process != nullptr &&
         life_of_this_process->settings().lockdown.sandbox != Sandbox::None;
}

unsigned nesting_depth() noexcept {
  return life_of_this_process == nullptr ? 0 : life_of_this_process->settings().depth;
}

}  // namespace executors

namespace detail {

void* find_worker_state(const std::type_info& type) {
  return executors::life().find_state(type);
}
void keep_worker_state(const std::type_info& type, std::shared_ptr<void> state) {
  executors::life().keep_state(type, std::move(state));
}

}  // namespace detail

namespace this_worker {

bool exists() noexcept {
  return executors::WorkerLife::current() != nullptr;
}
unsigned index() {
  return executors::life().settings().index;
}
int pid() {
  (void)executors::life();
  return os::own_process();
}
unsigned depth() {
  return executors::life().settings().depth;
}

}  // namespace this_worker
}  // namespace bulkhead
