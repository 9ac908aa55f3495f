#include "records/decompressors.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace bulkhead::records {
namespace {

using Read = Expected<std::size_t, std::string>;

// What one call of a library did.
struct Step {
  std::size_t taken = 0;    // of the packed bytes
  std::size_t written = 0;  // of the room
  bool is_between = false;  // a member has ended, and no other has begun
  std::string problem = {};
};

// The libraries differ in names only: bytes in, bytes out, members that end. Codec has
//   Step step(std::span<const char> packed, std::span<char> room, bool is_last);
// and is ready for the next member after the end of one.
template <class Codec>
class Unpacked final : public ByteSource {
 public:
  explicit Unpacked(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)) {}

  Read read(std::span<char> room) override {
    std::size_t filled = 0;
    while (filled < room.size() && problem_.empty()) {
      if (rest_.empty() && !is_last_) {
        refill();
      }
      if (rest_.empty() && is_last_ && is_between_) {
        break;
      }
      filled += unpack_into(room.subspan(filled));
    }
    // What came before the damage is given first.
    if (filled == 0 && !problem_.empty()) {
      return Unexpected(problem_);
    }
    return filled;
  }

 private:
  void refill() {
    auto got = packed_->read(buffer_);
    if (!got) {
      problem_ = std::move(got.error());
      return;
    }
    is_last_ = *got < buffer_.size();
    rest_ = std::span<const char>(buffer_).first(*got);
  }

  std::size_t unpack_into(std::span<char> room) {
    if (!problem_.empty()) {
      return 0;
    }
    const Step step = codec_.step(rest_, room, is_last_);
    if (!step.problem.empty()) {
      problem_ = "is damaged: " + step.problem;
    } else if (step.taken == 0 && step.written == 0 && !step.is_between && is_last_) {
      problem_ = "is cut off";
    }
    rest_ = rest_.subspan(step.taken);
    is_between_ = step.is_between;
    return step.written;
  }

  static constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;

  std::unique_ptr<ByteSource> packed_;
  std::vector<char> buffer_ = std::vector<char>(kBufferBytes);
  std::span<const char> rest_;
  Codec codec_;
  bool is_last_ = false;
  bool is_between_ = true;
  std::string problem_;
};

// Of zlib and bzip2, whose counts are of 32 bits.
unsigned narrow(std::size_t bytes) {
  return static_cast<unsigned>(std::min<std::size_t>(bytes, 1U << 30U));
}

class Gzip {
 public:
  Gzip() {
    constexpr int kGzipOnly = 16;  // Added to the size of the window (zlib.h, inflateInit2).
    ::inflateInit2(&stream_, MAX_WBITS + kGzipOnly);
  }
  ~Gzip() { ::inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  Step step(std::span<const char> packed, std::span<char> room, bool) {
    // What tapes fill their last block with, and gzip passes over, too.
    if (has_ended_ && !packed.empty() && packed.front() == '\0') {
      const auto end = std::ranges::find_if(packed, [](char byte) { return byte != '\0'; });
      return {.taken = static_cast<std::size_t>(end - packed.begin()), .is_between = true};
    }
    has_ended_ = false;
    // zlib's interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = narrow(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = narrow(room.size());
    const unsigned in_before = stream_.avail_in;
    const unsigned out_before = stream_.avail_out;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    Step step{.taken = in_before - stream_.avail_in, .written = out_before - stream_.avail_out};
    if (result == Z_STREAM_END) {
      ::inflateReset(&stream_);
      has_ended_ = step.is_between = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      step.problem = stream_.msg != nullptr ? stream_.msg : ::zError(result);
    }
    return step;
  }

 private:
  z_stream stream_{};
  bool has_ended_ = false;  // a member, and no other has begun
};

class Bzip2 {
 public:
  Bzip2() { ::BZ2_bzDecompressInit(&stream_, 0, 0); }
  ~Bzip2() { ::BZ2_bzDecompressEnd(&stream_); }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;

  Step step(std::span<const char> packed, std::span<char> room, bool) {
    stream_.next_in = const_cast<char*>(packed.data());  // As with zlib.
    stream_.avail_in = narrow(packed.size());
    stream_.next_out = room.data();
    stream_.avail_out = narrow(room.size());
    const unsigned in_before = stream_.avail_in;
    const unsigned out_before = stream_.avail_out;
    const int result = ::BZ2_bzDecompress(&stream_);
    Step step{.taken = in_before - stream_.avail_in, .written = out_before - stream_.avail_out};
    if (result == BZ_STREAM_END) {
      ::BZ2_bzDecompressEnd(&stream_);
      stream_ = {};
      ::BZ2_bzDecompressInit(&stream_, 0, 0);
      step.is_between = true;
    } else if (result != BZ_OK) {
      step.problem = "bzip2 error " + std::to_string(result);
    }
    return step;
  }

 private:
  bz_stream stream_{};
};

class Xz {
 public:
  Xz() {
    // The most that files made by xz -9 need is 65 MiB (xz(1)).
    constexpr std::uint64_t kMemoryBytes = std::uint64_t{1} << 30U;
    state_ = ::lzma_stream_decoder(&stream_, kMemoryBytes, LZMA_CONCATENATED);
  }
  ~Xz() { ::lzma_end(&stream_); }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;

  Step step(std::span<const char> packed, std::span<char> room, bool is_last) {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream_.avail_in = packed.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream_.avail_out = room.size();
    const lzma_ret result =
        state_ == LZMA_OK ? ::lzma_code(&stream_, is_last ? LZMA_FINISH : LZMA_RUN) : state_;
    Step step{.taken = packed.size() - stream_.avail_in,
              .written = room.size() - stream_.avail_out,
              .is_between = result == LZMA_STREAM_END};
    if (result != LZMA_OK && result != LZMA_STREAM_END && result != LZMA_BUF_ERROR) {
      step.problem = "xz error " + std::to_string(static_cast<int>(result));
    }
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret state_ = LZMA_OK;  // of its beginning
};

class Zstandard {
 public:
  Step step(std::span<const char> packed, std::span<char> room, bool) {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t result = ::ZSTD_decompressStream(stream_.get(), &out, &in);
    Step step{.taken = in.pos, .written = out.pos, .is_between = result == 0};
    if (::ZSTD_isError(result) != 0) {
      step.problem = ::ZSTD_getErrorName(result);
    }
    return step;
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_{::ZSTD_createDStream()};
};

}  // namespace

std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, Compression compression) {
  switch (compression) {
    case Compression::None:
      break;
    case Compression::Gzip:
      return std::make_unique<Unpacked<Gzip>>(std::move(packed));
    case Compression::Zstandard:
      return std::make_unique<Unpacked<Zstandard>>(std::move(packed));
    case Compression::Xz:
      return std::make_unique<Unpacked<Xz>>(std::move(packed));
    case Compression::Bzip2:
      return std::make_unique<Unpacked<Bzip2>>(std::move(packed));
  }
  return packed;
}

}  // namespace bulkhead::records
