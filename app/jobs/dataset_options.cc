#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>

#include "jobs/colour_name.h"
#include "jobs/command_line.h"
#include "jobs/dataset.h"

namespace bulkhead::jobs {
namespace {

using dataset::PlanRules;
using imaging::Extent;
using imaging::Filter;
using imaging::Fit;
using imaging::OutputFormat;

constexpr const char* kDetails =
    "Folders are searched with all that is below them. OUT must not be there yet, or be empty; it\n"
    "appears when the data set is complete: the samples, manifest.csv, classes.json, stats.json,\n"
    "dataset.json and rejects.jsonl.\n"
    "\n"
    "A label is the first folder below PATH (dir), what the first group of a regular expression\n"
    "matches in a file's name (file:REGEX), or the column label of a table whose column file "
    "names\n"
    "the photos (csv:FILE). Equal photos are never in two splits, nor are those of one group.\n"
    "\n"
    "Exit status: 0 all photos are in the data set, or left out as asked for; 1 some were "
    "rejected,\n"
    "or nothing could be written; 2 wrong usage, or nothing could start; 130 interrupted.\n";

const std::map<std::string, Filter> kFilters = {{"bicubic", Filter::Bicubic},
                                                {"bilinear", Filter::Bilinear},
                                                {"lanczos", Filter::Lanczos3},
                                                {"area", Filter::Area}};

const std::map<std::string, Fit> kFits = {
    {"crop", Fit::Cover}, {"pad", Fit::Contain}, {"inside", Fit::Inside}, {"stretch", Fit::Fill}};

const std::map<std::string, DatasetForm> kForms = {{"folder", DatasetForm::Folder},
                                                   {"webdataset", DatasetForm::Webdataset},
                                                   {"npy", DatasetForm::Npy}};

// How the files of samples are written.
struct FileEncoding {
  imaging::Encoding encoding = {.quality = 90};
  std::string extension = "jpg";  // empty: the photos' own files
};

// As a whole; nothing: it is none, or out of range.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

std::optional<FileEncoding> parse_encoding(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  FileEncoding parsed;
  if (colon != std::string_view::npos) {
    const auto quality = parse_number<int>(text.substr(colon + 1));
    if (!quality || *quality < 1 || *quality > 100 || (name != "jpeg" && name != "webp")) {
      return std::nullopt;
    }
    parsed.encoding.quality = *quality;
  } else if (name == "webp") {
    parsed.encoding.quality = 80;
  }
  if (name == "png" || name == "webp") {
    parsed.encoding.format = name == "png" ? OutputFormat::Png : OutputFormat::Webp;
    parsed.extension = name;
  } else if (name == "original") {
    parsed.extension = "";
  } else if (name != "jpeg") {
    return std::nullopt;
  }
  return parsed;
}

// A side in pixels, or two with an "x" between.
std::optional<Extent> parse_box(std::string_view text) {
  constexpr int kMaxSide = 16384;
  const std::size_t cross = text.find('x');
  const auto side_of = [](std::string_view digits) {
    const int side = parse_number<int>(digits).value_or(0);
    return side <= kMaxSide ? std::max(side, 0) : 0;
  };
  const int width = side_of(text.substr(0, cross));
  const int height = cross == std::string_view::npos ? width : side_of(text.substr(cross + 1));
  return width != 0 && height != 0 ? std::optional(Extent{width, height}) : std::nullopt;
}

// Whether a path leads to a folder or into it, whatever links are on the way.
bool leads_into(const std::string& path, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path below =
      fs::weakly_canonical(fs::absolute(path, ignored), ignored)
          .lexically_relative(fs::weakly_canonical(fs::absolute(folder, ignored), ignored));
  return !below.empty() && *below.begin() != "..";
}

// The options as they are written.
struct CommandLine : DatasetOptions {
  std::string size = "224";
  std::string fit = "crop";
  int shorter_side = 0;  // 0: that of the size, and a seventh of it
  std::string filter = "bicubic";
  std::string color = "rgb";
  std::string background = "white";
  std::string encode = "jpeg:90";
  std::vector<std::string> forms_texts = {"folder"};
  std::string labels = "auto";
  std::string label_conflict = "reject";
  std::string split;
  std::string group;
  std::string dedup = "none";
  std::string truncated = "reject";
  std::string shard_text = "256M";
  bool stratify = false;  // nothing but to be said
  bool no_stratify = false;
  bool keep_orientation = false;
  bool exact = false;

  DatasetOptions read() {
    read_plan();
    read_samples();
    forms.clear();
    for (const std::string& form : forms_texts) {
      if (std::ranges::find(forms, kForms.at(form)) == forms.end()) {
        forms.push_back(kForms.at(form));
      }
    }
    shard = *dataset::parse_shard_limit(shard_text);
    const auto has = [this](DatasetForm form) {
      return std::ranges::find(forms, form) != forms.end();
    };
    samples.wants_values = has(DatasetForm::Npy);
    samples.wants_files = has(DatasetForm::Folder) || has(DatasetForm::Webdataset);
    return *this;
  }

  // What no option says by itself; empty: nothing.
  std::string problem() const {
    if (output.empty()) {
      return "-o OUT is missing";
    }
    if (!rejects.empty() && leads_into(rejects, output)) {
      return rejects + ": --rejects is for a file outside " + output +
             "; without it there is rejects.jsonl in there";
    }
    const Extent box = *parse_box(size);
    if (shorter_side != 0 && fit != "crop") {
      return "--short is for --fit crop only: with --fit " + fit + " nothing is cut out";
    }
    if (shorter_side != 0 && (shorter_side < box.width || shorter_side < box.height)) {
      return "--short is less than --size";
    }
    if (fit == "inside" && std::ranges::find(forms_texts, "npy") != forms_texts.end()) {
      return "--fit inside gives samples of several sizes, which --to npy cannot hold";
    }
    return "";
  }

 private:
  void read_plan() {
    plan.labels = *dataset::parse_labels(labels);
    plan.conflict = label_conflict == "first" ? dataset::LabelConflict::TakeFirst
                                              : dataset::LabelConflict::Reject;
    if (!split.empty()) {
      plan.split = *dataset::parse_split(split);
    }
    if (!group.empty()) {
      plan.groups = *dataset::parse_groups(group);
    }
    plan.strata = no_stratify ? dataset::Strata::None : dataset::Strata::Classes;
    plan.duplicates =
        dedup == "exact" ? dataset::Duplicates::Remove : dataset::Duplicates::KeepTogether;
  }

  void read_samples() {
    const FileEncoding file = *parse_encoding(encode);
    samples.encoding = file.encoding;
    samples.keeps_original = file.extension.empty();
    extension = file.extension;
    samples.channels = color == "gray" ? dataset::Channels::Grey : dataset::Channels::Rgb;
    samples.broken =
        truncated == "keep" ? dataset::BrokenPictures::Keep : dataset::BrokenPictures::Reject;
    imaging::ThumbnailOptions& picture = samples.picture;
    picture.sizes = {size_rule()};
    picture.background = *parse_colour(background);
    picture.filter = kFilters.at(filter);
    picture.turning = keep_orientation ? imaging::Turning::AsStored : imaging::Turning::Upright;
    picture.colours = imaging::ResizedIn::Rgb;
    picture.decoding = exact ? imaging::Decoding::Full : imaging::Decoding::Scaled;
  }

  imaging::SizeRule size_rule() const {
    const Extent box = *parse_box(size);
    imaging::SizeRule rule{.box = box, .fit = kFits.at(fit)};
    rule.scaling = fit == "inside" ? imaging::Scaling::OnlyDown : imaging::Scaling::Both;
    // 256 for 224, which is what most networks were made with.
    constexpr int kNumerator = 8;
    constexpr int kDenominator = 7;
    rule.margin_box = shorter_side != 0
                          ? Extent{shorter_side, shorter_side}
                          : Extent{(box.width * kNumerator + kDenominator / 2) / kDenominator,
                                   (box.height * kNumerator + kDenominator / 2) / kDenominator};
    return rule;
  }
};

// What is wrong with a text, for CLI11; empty: nothing.
template <class Parse>
auto check_with(Parse parse) {
  return [parse](const std::string& text) -> std::string {
    const auto parsed = parse(text);
    return parsed ? "" : parsed.error();
  };
}

std::string problem_of_box(const std::string& text) {
  const auto box = parse_box(text);
  if (!box) {
    return "'" + text + "' is not N or WxH with 1 to 16384 pixels a side";
  }
  return imaging::area(*box) > imaging::ThumbnailOptions().max_output_pixels
             ? "'" + text + "' is more than 100 megapixels"
             : "";
}

// CLI11 takes -1 for the largest number, and not-a-number for one in any range.
std::string problem_of_seed(const std::string& text) {
  return parse_number<std::uint64_t>(text) ? "" : "'" + text + "' is not a whole number from 0";
}

std::string problem_of_aspect(const std::string& text) {
  const auto ratio = parse_number<double>(text);
  return ratio && *ratio >= 1 && *ratio <= 1e6 ? "" : "'" + text + "' is not from 1 to 1000000";
}

std::string problem_of_encoding(const std::string& text) {
  return parse_encoding(text)
             ? ""
             : "'" + text +
                   "' is not jpeg, png, webp or original, nor jpeg:Q or webp:Q with a "
                   "quality from 1 to 100";
}

void add_samples(CLI::App& command, CommandLine& options) {
  command.add_option("-s,--size", options.size, "Of each sample, in pixels")
      ->check(problem_of_box)
      ->option_text("N|WxH [224]");
  command.add_option("--fit", options.fit, "How photo and sample come together")
      ->check(CLI::IsMember(kFits))
      ->option_text("crop|pad|inside|stretch [crop]");
  command
      .add_option("--short", options.shorter_side,
                  "The shorter side that a photo gets before the sample is cut out of its middle")
      ->check(CLI::Range(1, 32768))
      ->option_text("N [size * 256 / 224]");
  command.add_option("--filter", options.filter, "How pixels are weighed that become one")
      ->check(CLI::IsMember(kFilters))
      ->option_text("bicubic|bilinear|lanczos|area [bicubic]");
  command.add_option("--color", options.color, "What each pixel has")
      ->check(CLI::IsMember({"rgb", "gray"}))
      ->option_text("rgb|gray [rgb]");
  command.add_option("--background", options.background, "Behind what is transparent and around")
      ->check(check_with(parse_colour))
      ->option_text("white|black|grey|#rrggbb [white]");
  command.add_flag("--keep-orientation", options.keep_orientation,
                   "Leave photos as they are stored");
  command.add_flag("--exact", options.exact, "Decode all pixels, also of large photos");
  command.add_option("--truncated", options.truncated, "What becomes of photos that break off")
      ->check(CLI::IsMember({"reject", "keep"}))
      ->option_text("reject|keep [reject]");
}

void add_plan(CLI::App& command, CommandLine& options) {
  command.add_option("--labels", options.labels, "Where labels come from")
      ->check(check_with(dataset::parse_labels))
      ->option_text("auto|dir|file:REGEX|csv:FILE|none [auto]");
  command
      .add_option("--label-conflict", options.label_conflict,
                  "What becomes of equal photos with several labels")
      ->check(CLI::IsMember({"reject", "first"}))
      ->option_text("reject|first [reject]");
  command
      .add_option("--split", options.split,
                  "Shares of samples, or keep: as the folders train, val and test below PATH say")
      ->check(check_with(dataset::parse_split))
      ->option_text("keep|NAME=SHARE,... [keep where there is such a folder]");
  CLI::Option* const stratify =
      command.add_flag("--stratify", options.stratify,
                       "Each class has these shares by itself, as it has without this option");
  command
      .add_flag("--no-stratify", options.no_stratify, "Only all classes together have these shares")
      ->excludes(stratify);
  command.add_option("--seed", options.plan.seed, "Of the splits and the order")
      ->check(problem_of_seed)
      ->option_text("N [0]");
  command.add_option("--group", options.group, "Photos with this in common stay in one split")
      ->check(check_with(dataset::parse_groups))
      ->option_text("dir|csv:COLUMN|REGEX");
  command.add_option("--dedup", options.dedup, "exact: of equal photos take the first")
      ->check(CLI::IsMember({"none", "exact"}))
      ->option_text("none|exact [none]");
  dataset::PictureFilter& filter = options.plan.filter;
  command.add_option("--min-side", filter.min_side, "Leave out photos with a shorter side")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command.add_option("--max-pixels", filter.max_pixels, "Leave out larger photos")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command
      .add_option("--max-aspect", filter.max_aspect,
                  "Leave out photos with sides further apart than R to 1")
      ->check(problem_of_aspect)
      ->option_text("R");
}

void add_what_is_written(CLI::App& command, CommandLine& options) {
  command.add_option("-o,--output", options.output, "The folder of the data set")
      ->option_text("OUT");
  add_repeated(command, "--to", options.forms_texts, "A form of the data set; may be given again")
      ->check(CLI::IsMember(kForms))
      ->option_text("folder|webdataset|npy [folder]");
  command.add_option("--encode", options.encode, "The files of samples; original: as they were")
      ->check(problem_of_encoding)
      ->option_text("jpeg:Q|png|webp:Q|original [jpeg:90]");
  command.add_option("--shard", options.shard_text, "How large an archive becomes, or of how many")
      ->check(check_with(dataset::parse_shard_limit))
      ->option_text("BYTES|SAMPLES [256M]");
  command.add_flag("--verify", options.verifies, "Read back and decode all that was written");
  command.add_option("--rejects", options.rejects, "Write what is left out to FILE instead")
      ->option_text("FILE");
  command.add_flag("--quiet", options.quiet, "Say nothing but errors");
}

}  // namespace

JobAction configure_dataset(CLI::App& command) {
  auto options = std::make_shared<CommandLine>();
  options->run.timeout = kPhotoTimeout;
  options->run.memory = photo_memory();
  command.formatter(std::make_shared<Usage>("folders of photos, or photos"));
  command.footer(kDetails);
  add_what_is_written(command, *options);
  add_samples(command, *options);
  add_plan(command, *options);
  add_inputs(command, options->inputs);
  add_run_options(command, options->run, "one photo");
  add_worker_memory(command, options->run);
  take_paths(command, options->inputs.paths);
  return [options] {
    if (const std::string problem = options->problem(); !problem.empty()) {
      std::fprintf(stderr, "bulkhead dataset: %s\n", problem.c_str());
      return static_cast<int>(ExitStatus::CannotStart);
    }
    return run_dataset(options->read());
  };
}

}  // namespace bulkhead::jobs
