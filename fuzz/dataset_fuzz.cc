// Any bytes as an option of `bulkhead dataset`, as a name, as a table of labels, and as an archive
// and an array that are read back: everything returns, and keeps what it promises.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "dataset/labels.h"
#include "dataset/read_back.h"
#include "dataset/safe_names.h"
#include "dataset/splits.h"
#include "dataset/webdataset_output.h"
#include "display/escape.h"
#include "seed_inputs.h"

namespace {

using namespace bulkhead;
using namespace bulkhead::dataset;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

void check_options(const std::string& text) {
  static_cast<void>(parse_labels(text));
  static_cast<void>(parse_groups(text));
  if (const auto limit = parse_shard_limit(text)) {
    require((limit->bytes == 0) != (limit->samples == 0));
  }
  const auto rule = parse_split(text);
  if (!rule || rule->kind != SplitRule::Kind::Shares) {
    return;
  }
  const std::vector<SplitGroup> groups = {{"a", {0, 1}}, {"b", {1}}, {"c", {0}}, {"d", {2, 2, 2}}};
  for (const std::size_t part : assign_splits(groups, rule->parts, 1, Strata::Classes)) {
    require(part < rule->parts.size());
  }
}

void check_names(const std::string& text) {
  const std::string name = safe_name(text);
  require(!name.empty() && name.front() != '.' && name.find('/') == std::string::npos);
  require(display::is_utf8(name) && display::printable(name) == name);
  const std::string key = safe_key(text);
  require(!key.empty() && key.size() <= 80 && key.find('.') == std::string::npos);
  UniqueNames names;
  require(names.take(key) != names.take(key));
}

void check_table(const std::string& text) {
  const auto table =
      LabelTable::make({"file", "label"}, {{text.substr(0, text.size() / 2), text}, {text}});
  require(table.has_value());
  static_cast<void>(table->cell({.path = text, .folder = text}, 1));
}

void check_files(std::string_view text) {
  static const std::string path = "/dev/shm/bulkhead-dataset-fuzz-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << text;
  for (const FileKind kind : {FileKind::Archive, FileKind::Array}) {
    static_cast<void>(read_back(BrokenPictures::Keep, {path, kind}));
  }
  ::unlink(path.c_str());
}

}  // namespace

namespace bulkhead::fuzz {

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  using namespace std::string_view_literals;
  const std::vector<std::string> seeds = {
      "train=.8,val=.1,test=.1",
      "file:^(n\\d{8})_(.+)\\.JPEG$",
      "csv:labels.csv",
      "256M",
      "../t-shirt: H\xC3\xBCte.2.jpg",
      std::string("\x93NUMPY\x01\x00\x76\x00"sv) +
          "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 1, 3), }" +
          std::string(52, ' ') + "\nabcdef"};
  std::vector<std::vector<std::uint8_t>> inputs;
  for (const std::string& seed : seeds) {
    inputs.emplace_back(seed.begin(), seed.end());
  }
  return inputs;
}

}  // namespace bulkhead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_options(text);
  check_names(text);
  check_table(text);
  check_files(text);
  return 0;
}
