#include "imaging/libjpeg_guard.h"

#include <jerror.h>

#include <cctype>

namespace bulkhead::imaging {

namespace {

constexpr int kLosslessFrame = 0xC3;  // The marker SOF3 of ITU-T T.81.

LibjpegMessages& messages_of(j_common_ptr codec) {
  return *reinterpret_cast<LibjpegMessages*>(codec->err);
}

void keep(j_common_ptr codec, LibjpegMessage& message) {
  message.code = codec->err->msg_code;
  message.parameter = codec->err->msg_parm.i[0];
  codec->err->format_message(codec, message.text.data());
}

[[noreturn]] void on_fatal(j_common_ptr codec) {
  LibjpegMessages& messages = messages_of(codec);
  keep(codec, messages.fatal);
  std::longjmp(messages.landing, 1);
}

/// True before the first scan: there is no picture data yet that could be damaged.
bool is_in_header(j_common_ptr codec) {
  return codec->is_decompressor != FALSE &&
         reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number == 0;
}

/// Warnings after which every pixel is still what the photographer saw.
bool is_harmless(j_common_ptr codec) {
  switch (codec->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_BOGUS_ICC:
      return true;
    case JWRN_EXTRANEOUS_DATA:
      return is_in_header(codec);
    default:
      return false;
  }
}

void on_message(j_common_ptr codec, int level) {
  constexpr int kWarning = -1;
  if (level != kWarning) {
    return;
  }
  ++codec->err->num_warnings;
  LibjpegMessages& messages = messages_of(codec);
  if (messages.warning.code == 0 && !is_harmless(codec)) {
    keep(codec, messages.warning);
  }
}

void print_nothing(j_common_ptr /*codec*/) {}

ImageFault fault_of(int code) {
  switch (code) {
    case JERR_NO_SOI:
    case JERR_INPUT_EMPTY:
      return ImageFault::NotAnImage;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_COMPONENT_COUNT:
      return ImageFault::Unsupported;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return ImageFault::TooLarge;
    case JERR_OUT_OF_MEMORY:
      return ImageFault::OutOfMemory;
    default:
      return ImageFault::Damaged;
  }
}

/// libjpeg's own text as our messages are: lower case, no full stop.
std::string restyled(std::string text) {
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  while (!text.empty() && text.back() == '.') {
    text.pop_back();
  }
  return text;
}

}  // namespace

jpeg_error_mgr* prepare_messages(LibjpegMessages& messages) {
  jpeg_std_error(&messages.manager);
  messages.manager.error_exit = on_fatal;
  messages.manager.emit_message = on_message;
  messages.manager.output_message = print_nothing;
  return &messages.manager;
}

bool call_guarded(LibjpegMessages& messages, void (*step)(void*), void* context) {
  if (setjmp(messages.landing) != 0) {
    return false;
  }
  step(context);
  return true;
}

std::string plain_words(const LibjpegMessage& message) {
  switch (message.code) {
    case 0:
      return {};
    case JERR_NO_SOI:
      return "not a JPEG image";
    case JERR_INPUT_EMPTY:
      return "empty file";
    case JERR_NO_IMAGE:
      return "no picture in the file";
    case JERR_EMPTY_IMAGE:
      return "the picture has no width or no height";
    case JERR_BAD_PRECISION:
      return std::to_string(message.parameter) + "-bit JPEG is not supported";
    case JERR_SOF_UNSUPPORTED:
      return message.parameter == kLosslessFrame ? "lossless JPEG is not supported"
                                                 : "this kind of JPEG is not supported";
    case JERR_ARITH_NOTIMPL:
      return "arithmetic coding is not supported";
    case JERR_OUT_OF_MEMORY:
      return "out of memory";
    case JWRN_JPEG_EOF:
      return "premature end of file";
    case JWRN_HIT_MARKER:
      return "corrupt data: a segment ends early";
    case JWRN_HUFF_BAD_CODE:
      return "corrupt data: impossible Huffman code";
    default:
      return restyled(message.text.data());
  }
}

ImageError error_of(const LibjpegMessages& messages) {
  return {fault_of(messages.fatal.code), plain_words(messages.fatal)};
}

}  // namespace bulkhead::imaging
