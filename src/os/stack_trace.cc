#include "os/stack_trace.h"

#include <dlfcn.h>
#include <link.h>
#include <unwind.h>

namespace bulkhead::os {

namespace {

struct Capture {
  std::span<CodeAddress> places;
  bool is_past_handler;
  std::size_t count = 0;
  volatile std::uint32_t* stored;
};

/// Like name_code(), without the loader's lock: _dl_find_object is async-signal-safe (glibc 2.35).
CodeAddress name_in_handler(std::uint64_t address) {
  dl_find_object object{};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address from the stack
  if (::_dl_find_object(reinterpret_cast<void*>(address), &object) != 0) {
    return {kNoModule, address};
  }
  return {module_id(object.dlfo_link_map->l_name), address - object.dlfo_link_map->l_addr};
}

_Unwind_Reason_Code store_place(_Unwind_Context* context, void* to) {
  auto& capture = *static_cast<Capture*>(to);
  int is_before_instruction = 0;
  const std::uint64_t at = ::_Unwind_GetIPInfo(context, &is_before_instruction);
  // Only what a signal interrupted is not at a return address.
  capture.is_past_handler = capture.is_past_handler || is_before_instruction != 0;
  if (!capture.is_past_handler) {
    return _URC_NO_REASON;
  }
  if (at == 0 || capture.count == capture.places.size()) {
    return _URC_END_OF_STACK;
  }
  capture.places[capture.count++] = name_in_handler(is_before_instruction != 0 ? at : at - 1);
  if (capture.stored != nullptr) {
    *capture.stored = static_cast<std::uint32_t>(capture.count);
  }
  return _URC_NO_REASON;
}

}  // namespace

std::size_t capture_stack(std::span<CodeAddress> places, StackPart part,
                          volatile std::uint32_t* stored) {
  Capture capture{.places = places, .is_past_handler = part == StackPart::All, .stored = stored};
  ::_Unwind_Backtrace(&store_place, &capture);
  return capture.count;
}

}  // namespace bulkhead::os
