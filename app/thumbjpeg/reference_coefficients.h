#pragma once

// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace thumbjpeg {

/// The coefficients of one component as libjpeg reads them, for tests: blocks_high × blocks_wide ×
/// 64, in natural order.
struct ReferenceComponent {
  int blocks_wide = 0;
  int blocks_high = 0;
  std::vector<std::int16_t> coefficients;
  JQUANT_TBL quantizer{};

  const std::int16_t* block(int x, int y) const {
    return coefficients.data() +
           (static_cast<std::size_t>(y) * static_cast<std::size_t>(blocks_wide) +
            static_cast<std::size_t>(x)) *
               DCTSIZE2;
  }
};

struct ReferenceCoefficients {
  bool is_readable = false;
  int damages = 0;  ///< Warnings that speak of them.
  std::vector<ReferenceComponent> components;
};

/// libjpeg-turbo's jpeg_read_coefficients(), with its warnings counted. Not to be copied or moved.
class ReferenceReader {
 public:
  static ReferenceCoefficients read(std::span<const std::uint8_t> file) {
    ReferenceReader reader;
    reader.codec_.err = jpeg_std_error(&reader.errors_.manager);
    reader.errors_.manager.error_exit = [](j_common_ptr codec) {
      std::longjmp(reinterpret_cast<Errors*>(codec->err)->landing, 1);
    };
    reader.errors_.manager.emit_message = [](j_common_ptr codec, int level) {
      const int code = codec->err->msg_code;
      const bool is_harmless = code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
      codec->err->num_warnings += level < 0 && !is_harmless ? 1 : 0;
    };
    reader.errors_.manager.output_message = [](j_common_ptr) {};
    reader.read_file(file);
    jpeg_destroy_decompress(&reader.codec_);
    reader.result_.damages = static_cast<int>(reader.errors_.manager.num_warnings);
    return std::move(reader.result_);
  }

 private:
  struct Errors {
    jpeg_error_mgr manager{};
    std::jmp_buf landing{};
  };

  void read_file(std::span<const std::uint8_t> file) {
    if (setjmp(errors_.landing) != 0) {
      return;
    }
    jpeg_create_decompress(&codec_);
    jpeg_mem_src(&codec_, file.data(), file.size());
    jpeg_read_header(&codec_, TRUE);
    arrays_ = jpeg_read_coefficients(&codec_);
    copy_components();
    jpeg_finish_decompress(&codec_);
    result_.is_readable = true;
  }

  void copy_components() {
    result_.components.resize(static_cast<std::size_t>(codec_.num_components));
    for (std::size_t c = 0; c < result_.components.size(); ++c) {
      const jpeg_component_info& info = codec_.comp_info[c];
      ReferenceComponent& component = result_.components[c];
      component.blocks_wide = static_cast<int>(info.width_in_blocks);
      component.blocks_high = static_cast<int>(info.height_in_blocks);
      component.quantizer = *info.quant_table;
      component.coefficients.resize(std::size_t{info.width_in_blocks} * info.height_in_blocks *
                                    DCTSIZE2);
      std::int16_t* out = component.coefficients.data();
      for (JDIMENSION y = 0; y < info.height_in_blocks; ++y) {
        JBLOCKARRAY row = codec_.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&codec_),
                                                         arrays_[c], y, 1, FALSE);
        const std::size_t entries = std::size_t{info.width_in_blocks} * DCTSIZE2;
        std::copy_n(&row[0][0][0], entries, out);
        out += entries;
      }
    }
  }

  Errors errors_;
  jpeg_decompress_struct codec_{};
  jvirt_barray_ptr* arrays_ = nullptr;
  ReferenceCoefficients result_;
};

}  // namespace thumbjpeg
