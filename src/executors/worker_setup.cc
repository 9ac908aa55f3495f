#include "executors/worker_setup.h"

namespace bulkhead::executors {

namespace {

void encode_hook(Encoder& out, const WorkerHook& hook) {
  out(hook.is_set());
  if (hook.is_set()) {
    detail::encode_code_address(out, reinterpret_cast<const void*>(hook.callable().name));
    out(hook.callable().closure);
    out(hook.arguments());
  }
}

ReceivedHook decode_hook(Decoder& in) {
  ReceivedHook hook;
  if (detail::decode<bool>(in)) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address of code, made by encode_code_address
    hook.name =
        reinterpret_cast<detail::CallableName>(const_cast<void*>(detail::decode_code_address(in)));
    hook.closure = detail::decode<Bytes>(in);
    hook.arguments = detail::decode<Bytes>(in);
  }
  return hook;
}

}  // namespace

std::optional<std::vector<RemoteWhat>> ReceivedHook::run() const {
  if (name == nullptr) {
    return std::nullopt;
  }
  LoadedCallable callable(name, closure);
  Bytes dropped;
  Encoder result(dropped);
  if (auto thrown = run_call(callable, arguments, result)) {
    return std::move(thrown->exceptions);
  }
  return std::nullopt;
}

Bytes encode_setup(const PoolOptions& options, unsigned index, unsigned depth) {
  Bytes payload;
  Encoder out(payload);
  out(WorkerSettings{.index = index,
                     .depth = depth,
                     .name = options.name + "-w" + std::to_string(index),
                     .env = options.env,
                     .working_directory = options.working_directory,
                     .nice = options.nice,
                     .pin = options.pin,
                     .limits = options.limits,
                     .soft_memory = options.soft_memory,
                     .hard_memory = options.hard_memory,
                     .lockdown = lockdown_of(options)});
  encode_hook(out, options.initializer);
  encode_hook(out, options.finalizer);
  return payload;
}

WorkerSetup decode_setup(std::span<const std::byte> payload) {
  Decoder in(payload);
  WorkerSetup setup;
  setup.settings = detail::decode<WorkerSettings>(in);
  setup.initializer = decode_hook(in);
  setup.finalizer = decode_hook(in);
  return setup;
}

}  // namespace bulkhead::executors
