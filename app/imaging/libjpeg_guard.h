#pragma once

// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <array>
#include <csetjmp>
#include <string>
#include <type_traits>

#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// A message of libjpeg: its number in jerror.h, its first parameter and its text.
struct LibjpegMessage {
  int code = 0;
  int parameter = 0;
  std::array<char, JMSG_LENGTH_MAX> text{};
};

/// Where the messages of one libjpeg object go: the fatal one, and the first warning that speaks of
/// damage. Must stay where it is while that object lives.
struct LibjpegMessages {
  jpeg_error_mgr manager{};  // The first member: libjpeg hands a pointer to it back.
  std::jmp_buf landing{};
  LibjpegMessage fatal;
  LibjpegMessage warning;
};

/// Sets the messages up and returns what belongs into the `err` of the libjpeg object.
jpeg_error_mgr* prepare_messages(LibjpegMessages& messages);

/// Calls step(context); false when libjpeg gave up in it (`fatal` then says why). The step is left
/// by longjmp, so it must own nothing: no object with a destructor may live in it.
bool call_guarded(LibjpegMessages& messages, void (*step)(void*), void* context);

/// The same for a lambda; what it captures by reference lives outside of the step.
template <class Step>
bool guarded(LibjpegMessages& messages, Step&& step) {
  return call_guarded(
      messages, [](void* context) { (*static_cast<std::remove_reference_t<Step>*>(context))(); },
      &step);
}

/// The fatal message as an error, in plain words.
ImageError error_of(const LibjpegMessages& messages);

/// A message in plain words; empty when there is none.
std::string plain_words(const LibjpegMessage& message);

}  // namespace bulkhead::imaging
