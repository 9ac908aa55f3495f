#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset/channel_sums.h"
#include "imaging/thumbnail.h"

namespace bulkhead::dataset {

/// What the samples of a data set have in each pixel.
enum class Channels : std::uint8_t { Rgb, Grey };

/// What is done with pictures that break off.
enum class BrokenPictures : std::uint8_t { Reject, Keep };

/// How each picture becomes a sample; the same for all.
struct SampleRules {
  imaging::ThumbnailOptions picture = {};  ///< one size; its encoding is not looked at
  Channels channels = Channels::Rgb;
  BrokenPictures broken = BrokenPictures::Reject;
  imaging::Encoding encoding = {.quality = 90};  ///< of the files
  bool keeps_original = false;                   ///< files are the pictures' own instead
  bool wants_files = true;
  bool wants_values = false;
};

/// What a worker makes of a picture.
struct Sample {
  std::string error = {};   ///< empty: all that was wanted is there
  std::string damage = {};  ///< empty: the picture was whole
  imaging::Extent size = {};
  std::vector<std::byte> file = {};    ///< where files are wanted
  std::vector<std::byte> values = {};  ///< 8 bits, interleaved, row by row, where they are wanted
  ChannelSums sums = {};
};

/// Whether a sample without an error is what these rules can give: workers may reply anything.
bool is_sample_of(const SampleRules& rules, const Sample& sample);

/// Reads a picture and makes the sample. Runs in a worker. Errors are in the reply.
Sample make_sample(const SampleRules& rules, const std::string& path);

}  // namespace bulkhead::dataset
