#include "dataset/webdataset_output.h"

#include <charconv>
#include <cstdio>
#include <limits>
#include <utility>

namespace bulkhead::dataset {
namespace {

std::string shard_name(const std::string& split, std::size_t number) {
  constexpr std::size_t kDigits = 6;
  std::string digits = std::to_string(number);
  digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
  return split + "-" + digits + ".tar";
}

// 1 for no unit; 0: there is no such unit.
std::uint64_t unit_of(std::string_view text) {
  if (text.size() > 1) {
    return 0;
  }
  switch (text.empty() ? '\0' : text.front()) {
    case '\0':
      return 1;
    case 'k':
    case 'K':
      return std::uint64_t{1} << 10U;
    case 'm':
    case 'M':
      return std::uint64_t{1} << 20U;
    case 'g':
    case 'G':
      return std::uint64_t{1} << 30U;
    default:
      return 0;
  }
}

std::string cannot_write(const std::string& name, const files::FileError& error) {
  return name + ": cannot write: " + error.reason;
}

}  // namespace

Expected<ShardLimit, std::string> parse_shard_limit(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  const std::uint64_t unit = unit_of(text.substr(static_cast<std::size_t>(stopped - text.data())));
  const bool is_number = error == std::errc() && number != 0 && unit != 0 &&
                         number <= std::numeric_limits<std::uint64_t>::max() / unit;
  if (!is_number) {
    return Unexpected("'" + std::string(text) +
                      "' is not a number of samples, or of bytes as 256M or 1G");
  }
  return unit == 1 ? ShardLimit{.bytes = 0, .samples = number}
                   : ShardLimit{.bytes = number * unit, .samples = 0};
}

WebdatasetOutput::WebdatasetOutput(std::string folder, const ShardLimit& limit, WriteLog* log)
    : folder_(std::move(folder)), limit_(limit), log_(log) {}

bool WebdatasetOutput::is_full_for(const Sample& sample) const {
  // Two headers, the class, and the padding of the file.
  constexpr std::uint64_t kMostAround = 2048;
  const bool has_all = limit_.samples != 0 && shards_.back().samples == limit_.samples;
  return has_all ||
         (limit_.bytes != 0 && shard_->bytes() + sample.file.size() + kMostAround > limit_.bytes);
}

Expected<void, std::string> WebdatasetOutput::add(const SampleName& name, const Sample& sample,
                                                  SamplePlace& place) {
  if (!shard_ || split_ != name.split || is_full_for(sample)) {
    if (auto closed = close(); !closed) {
      return closed;
    }
    if (auto opened = open(name.split); !opened) {
      return opened;
    }
  }
  place.shard = shards_.back().name;
  ++shards_.back().samples;
  if (auto written = write(name.key + "." + name.extension, sample.file); !written) {
    return written;
  }
  if (!name.label) {
    return {};
  }
  const std::string digits = std::to_string(*name.label);
  return write(name.key + ".cls", std::as_bytes(std::span(digits)));
}

Expected<void, std::string> WebdatasetOutput::write(const std::string& name,
                                                    std::span<const std::byte> content) {
  if (const auto added = shard_->add(name, content); !added) {
    return Unexpected(name + ": cannot write: " + added.error());
  }
  if (log_ != nullptr) {
    log_->add(FileKind::Archive, shards_.back().name, name, content);
  }
  return {};
}

Expected<void, std::string> WebdatasetOutput::open(const std::string& split) {
  number_ = split == split_ ? number_ : 0;
  split_ = split;
  const std::string name = shard_name(split, number_++);
  auto file = files::PendingFile::create(folder_ + "/" + name);
  if (!file) {
    return Unexpected(cannot_write(name, file.error()));
  }
  shard_.emplace(*std::move(file));
  shards_.push_back({name});
  return {};
}

Expected<void, std::string> WebdatasetOutput::close() {
  if (!shard_) {
    return {};
  }
  const auto published = shard_->publish();
  shard_.reset();
  if (!published) {
    return Unexpected(cannot_write(shards_.back().name, published.error()));
  }
  return {};
}

Expected<std::vector<ShardFile>, std::string> WebdatasetOutput::finish() {
  if (auto closed = close(); !closed) {
    return Unexpected(std::move(closed.error()));
  }
  return std::move(shards_);
}

}  // namespace bulkhead::dataset
