#include "dataset/npy_output.h"

#include <bit>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "files/publish.h"

namespace bulkhead::dataset {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kHeaderBytes = 128;

std::string cannot_write(const std::string& name, const files::FileError& error) {
  return name + ": cannot write: " + error.reason;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string npy_header(std::string_view kind, const std::vector<std::uint64_t>& shape) {
  using namespace std::string_view_literals;
  std::string dictionary =
      "{'descr': '" + std::string(kind) + "', 'fortran_order': False, 'shape': (";
  // As Python writes a tuple: with a comma behind its only element.
  for (std::size_t i = 0; i < shape.size(); ++i) {
    dictionary += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  dictionary += shape.size() == 1 ? ",), }" : "), }";
  std::string header("\x93NUMPY\x01\x00"sv);
  const std::size_t length = kHeaderBytes - header.size() - 2;
  header += static_cast<char>(length & 0xFFU);
  header += static_cast<char>(length >> 8U);
  header += dictionary;
  header.resize(kHeaderBytes - 1, ' ');
  return header + "\n";
}

NpyOutput::NpyOutput(std::string folder, WriteLog* log) : folder_(std::move(folder)), log_(log) {}

Expected<void, std::string> NpyOutput::add(const SampleName& name, const Sample& sample,
                                           SamplePlace& place) {
  if (!images_ || split_ != name.split) {
    if (auto closed = close(); !closed) {
      return closed;
    }
    if (auto opened = open(name.split, sample); !opened) {
      return opened;
    }
  }
  const std::uint64_t expected =
      std::accumulate(shape_.begin(), shape_.end(), std::uint64_t{1}, std::multiplies<>());
  if (sample.values.size() != expected) {
    return Unexpected(name.key + ": is not of the size of the samples before");
  }
  place.row = files_.back().samples++;
  images_->write(text_of(sample.values));
  if (log_ != nullptr) {
    log_->add(FileKind::Array, files_.back().name, {}, sample.values);
  }
  if (name.label) {
    labels_.push_back(static_cast<std::int64_t>(*name.label));
  }
  return {};
}

Expected<void, std::string> NpyOutput::open(const std::string& split, const Sample& sample) {
  const auto height = static_cast<std::uint64_t>(sample.size.height);
  const auto width = static_cast<std::uint64_t>(sample.size.width);
  shape_ = {height, width, sample.values.size() / (height * width)};
  split_ = split;
  const std::string name = split + "_images.npy";
  auto file = files::PendingFile::create(folder_ + "/" + name);
  if (!file) {
    return Unexpected(cannot_write(name, file.error()));
  }
  images_.emplace(*std::move(file));
  images_->write(
      std::string(kHeaderBytes, '\0'));  // Its place: how many there are is not known yet.
  files_.push_back({name});
  return {};
}

Expected<void, std::string> NpyOutput::close() {
  if (!images_) {
    return {};
  }
  std::vector<std::uint64_t> shape = {files_.back().samples};
  shape.insert(shape.end(), shape_.begin(), shape_.end());
  images_->rewrite_start(npy_header("|u1", shape));
  const auto published = images_->publish();
  images_.reset();
  if (!published) {
    return Unexpected(cannot_write(files_.back().name, published.error()));
  }
  return labels_.empty() ? Expected<void, std::string>() : write_labels();
}

Expected<void, std::string> NpyOutput::write_labels() {
  std::string array = npy_header("<i8", {labels_.size()});
  array += text_of(std::as_bytes(std::span(labels_)));
  const ShardFile file{split_ + "_labels.npy", labels_.size()};
  for (std::size_t i = 0; log_ != nullptr && i < labels_.size(); ++i) {
    log_->add(FileKind::Array, file.name, {}, std::as_bytes(std::span(labels_).subspan(i, 1)));
  }
  labels_.clear();
  const auto published = files::publish(folder_ + "/" + file.name, std::as_bytes(std::span(array)));
  if (!published) {
    return Unexpected(cannot_write(file.name, published.error()));
  }
  files_.push_back(file);
  return {};
}

Expected<std::vector<ShardFile>, std::string> NpyOutput::finish() {
  if (auto closed = close(); !closed) {
    return Unexpected(std::move(closed.error()));
  }
  return std::move(files_);
}

}  // namespace bulkhead::dataset
