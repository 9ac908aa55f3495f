#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "jobs/colour_options.h"
#include "jobs/command_line.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using imaging::Filter;
using imaging::Fit;
using imaging::Gravity;
using imaging::OutputFormat;

constexpr const char* kDetails =
    "In a folder a photo is a file called *.jpg (jpeg, jpe, jfif, mpo), *.png, *.gif, *.webp, "
    "*.tif\n"
    "(tiff), *.bmp, *.heic (heif, hif), *.avif, or a camera's *.cr2, cr3, dng, nef, nrw, arw, "
    "pef,\n"
    "orf, rw2 or raf (of which the preview is used), in any case; hidden ones, and those that "
    "carry\n"
    "the name of an output, are left out. A file named by itself is always tried. What is in a "
    "file\n"
    "is told by its content, whatever it is called.\n"
    "\n"
    "SIZE is N, WxH, Wx or xH in pixels, P% of the photo's own size, or A@ pixels of area; behind "
    "it\n"
    "perhaps > (only shrink, as without it), < (only enlarge), ! (exactly this, whatever the\n"
    "proportions) or ^ (the smallest that covers the box). In a shell these stand in quotes.\n"
    "\n"
    "TEMPLATE has the fields {dir} {reldir} {stem} {ext} {name} {w} {h} {size} {md5} {format};\n"
    "{{ is a brace. %s is {stem}, %d is {dir}, %% is a percent sign.\n"
    "- as the only PATH is a picture on the standard input; its thumbnail, and that of one photo\n"
    "with -o -, goes to the standard output.\n"
    "Control characters in names are shown as \\n or \\x1b. In JSON a path that is not UTF-8 has\n"
    "U+FFFD for each bad byte, and a second member path_hex (output_hex) with its exact bytes.\n"
    "\n"
    "Exit status: 0 all done; 1 some photos failed; 2 wrong usage, or nothing could start;\n"
    "130 interrupted.\n";

const std::map<std::string, Fit> kFits = {{"inside", Fit::Inside},
                                          {"cover", Fit::Cover},
                                          {"contain", Fit::Contain},
                                          {"fill", Fit::Fill},
                                          {"outside", Fit::Outside}};

const std::map<std::string, Gravity> kGravities = {
    {"centre", {0.5, 0.5}}, {"center", {0.5, 0.5}}, {"north", {0.5, 0}},   {"south", {0.5, 1}},
    {"west", {0, 0.5}},     {"east", {1, 0.5}},     {"northwest", {0, 0}}, {"northeast", {1, 0}},
    {"southwest", {0, 1}},  {"southeast", {1, 1}},  {"low", {0, 0}},       {"high", {1, 1}}};

const std::map<std::string, Filter> kFilters = {
    {"lanczos3", Filter::Lanczos3}, {"bicubic", Filter::Bicubic}, {"area", Filter::Area}};

// jpg, png, ... are what format_named_by() knows.
const std::map<std::string, FormatRule> kFormats = {
    {"jpg", FormatRule::Fixed},  {"jpeg", FormatRule::Fixed}, {"png", FormatRule::Fixed},
    {"webp", FormatRule::Fixed}, {"avif", FormatRule::Fixed}, {"same", FormatRule::Same},
    {"auto", FormatRule::Auto}};

const std::map<std::string, Console::ShowProgress> kProgress = {
    {"auto", Console::ShowProgress::Auto},
    {"always", Console::ShowProgress::Always},
    {"never", Console::ShowProgress::Never}};

const std::map<std::string, Fsync> kFsync = {
    {"none", Fsync::None}, {"batch", Fsync::Batch}, {"each", Fsync::Each}};

// The options as they are written.
struct CommandLine : ThumbnailsOptions {
  std::vector<std::string> size_texts = {"128"};
  std::string fit;  // empty: inside, or cover where something is to be cut off
  std::string gravity = "centre";
  std::string filter = "lanczos3";
  std::string format;  // empty: that of the output's extension
  std::string chroma = "420";
  bool progressive = false;
  bool no_optimize = false;
  bool no_rotate = false;
  bool preview = false;
  bool json = false;
  bool verbose = false;
  bool update = false;
  bool skip_existing = false;
  bool fail_fast = false;
  std::string progress_text = "auto";
  std::optional<std::uint64_t> max_pixels;
  std::string fsync_text;  // empty: as the journal wants it

  ThumbnailsOptions read() {
    read_sizes();
    read_thumbnails();
    skip = update ? SkipRule::UpToDate : skip_existing ? SkipRule::Existing : SkipRule::None;
    form = json ? ReportForm::Json : verbose ? ReportForm::LongLines : ReportForm::Lines;
    if (xdg) {
      thumbnails.encoding.format = OutputFormat::Png;
    }
    if (output.empty() && output_dir.empty() && !xdg) {
      output_dir = gallery;
    }
    contact_sheet_format = format_named_by(contact_sheet).value_or(OutputFormat::Jpeg);
    progress = kProgress.at(progress_text);
    if (!fsync_text.empty()) {
      journal.fsync = kFsync.at(fsync_text);
    }
    after_failure = fail_fast ? AfterFailure::Stop : AfterFailure::GoOn;
    return *this;
  }

 private:
  void read_sizes() {
    for (const std::string& text : size_texts) {
      SizeSpec size = *parse_size(text);
      size.rule.fit = size.fit.value_or(usual_fit());
      const auto place = kGravities.find(gravity);
      size.rule.gravity = place == kGravities.end() ? Gravity{} : place->second;
      size.rule.interest = gravity == "attention" ? imaging::Interest::Attention
                           : gravity == "entropy" ? imaging::Interest::Entropy
                                                  : imaging::Interest::Gravity;
      sizes.push_back(size);
    }
  }

  Fit usual_fit() const {
    if (!fit.empty()) {
      return kFits.at(fit);
    }
    return gravity == "attention" || gravity == "entropy" ? Fit::Cover : Fit::Inside;
  }

  void read_thumbnails() {
    thumbnails.encoding.format = output_format();
    format_rule = format.empty() ? FormatRule::Fixed : kFormats.at(format);
    thumbnails.encoding.chroma = chroma == "444" ? imaging::Chroma::Full : imaging::Chroma::Halved;
    thumbnails.encoding.scans =
        progressive ? imaging::JpegScans::Progressive : imaging::JpegScans::Baseline;
    thumbnails.encoding.tables =
        no_optimize ? imaging::HuffmanTables::Standard : imaging::HuffmanTables::Optimized;
    thumbnails.turning = no_rotate ? imaging::Turning::AsStored : imaging::Turning::Upright;
    // Whoever allows more allows as much in memory at once.
    thumbnails.max_pixels = max_pixels.value_or(thumbnails.max_pixels);
    thumbnails.max_decoded_pixels = std::max(thumbnails.max_decoded_pixels, max_pixels.value_or(0));
    thumbnails.filter = kFilters.at(filter);
    thumbnails.from = preview ? imaging::PictureSource::Preview : imaging::PictureSource::Photo;
  }

  // That of the option, else of the output's name.
  OutputFormat output_format() const {
    return format_named_by(format.empty() ? output : "." + format).value_or(OutputFormat::Jpeg);
  }
};

std::string problem_of_size(const std::string& text) {
  const auto size = parse_size(text);
  return size ? "" : size.error();
}

std::string problem_of_sheet(const std::string& name) {
  return format_named_by(name) ? "" : "'" + name + "' does not end in .jpg, .png, .webp or .avif";
}

std::string problem_of_gravity(const std::string& text) {
  return kGravities.contains(text) || text == "attention" || text == "entropy"
             ? ""
             : "'" + text + "' is not a side, a corner, centre, low, high, attention or entropy";
}

void add_sizes(CLI::App& command, CommandLine& options) {
  add_repeated(command, "-s,--size", options.size_texts,
               "How large; given again: one more thumbnail of each photo")
      ->check(problem_of_size)
      ->option_text("SIZE [128]");
  command.add_option("--fit", options.fit, "How photo and box come together")
      ->check(CLI::IsMember({"inside", "cover", "contain", "fill", "outside"}))
      ->option_text(
          "inside|cover|contain|fill|outside [inside; with --smartcrop attention or entropy "
          "cover]");
  command
      .add_option("-m,--smartcrop,--gravity", options.gravity,
                  "What stays of what is cut off, or where it stands in a larger box")
      ->check(problem_of_gravity)
      ->option_text("centre|north|southeast|low|high|attention|entropy|... [centre]");
  command.add_option("--filter", options.filter, "How pixels are weighed that become one")
      ->check(CLI::IsMember(kFilters))
      ->option_text("lanczos3|bicubic|area [lanczos3]");
}

void add_looks(CLI::App& command, CommandLine& options) {
  auto& encoding = options.thumbnails.encoding;
  command
      .add_option("-f,--format", options.format,
                  "What is written; same: what the photo is called; auto: PNG where that may be "
                  "transparent, else JPEG")
      ->check(CLI::IsMember(kFormats))
      ->option_text("jpg|png|webp|avif|same|auto [as the TEMPLATE ends, else jpg]");
  command.add_option("-q,--quality", encoding.quality, "Of JPEG, WebP and AVIF, 1 to 100")
      ->check(CLI::Range(1, 100))
      ->option_text("N [75]");
  add_byte_count(command, "--max-bytes", encoding.max_bytes,
                 "Lower the quality until a thumbnail has no more, as 20K")
      ->option_text("BYTES [no limit]");
  command.add_flag("--progressive", options.progressive, "Write progressive JPEGs");
  command.add_flag("--no-optimize", options.no_optimize, "Use the standard Huffman tables");
  command.add_option("--chroma", options.chroma, "Colour resolution of JPEGs: half or full")
      ->check(CLI::IsMember({"420", "444"}))
      ->option_text("420|444 [420]");
  add_colour_options(command, options.thumbnails);
  constexpr int kMaxSharpening = 1000;
  command
      .add_option("--sharpen", options.thumbnails.sharpen_percent,
                  "Add so many percent of what tells a pixel from those around it")
      ->check(CLI::Range(0, kMaxSharpening))
      ->option_text("PERCENT [0]");
  command.add_flag("--no-rotate", options.no_rotate,
                   "Leave photos as they are stored; not HEIC and AVIF, whose decoder turns them");
  command.add_flag("--preview", options.preview,
                   "Take the small pictures that photos hold for the photos, where they suffice");
}

void add_outputs(CLI::App& command, CommandLine& options) {
  CLI::Option* const output =
      command.add_option("-o,--output", options.output, "The name of each output")
          ->option_text("TEMPLATE [{dir}/{stem}_thumbnail.jpg]");
  CLI::Option* const format = command.get_option("--format");
  CLI::Option* const output_dir =
      command
          .add_option("-d,--output-dir", options.output_dir, "Write below DIR, in the same tree")
          ->option_text("DIR");
  command
      .add_flag("--xdg", options.xdg,
                "Make the PNGs that desktops share, in $XDG_CACHE_HOME/thumbnails")
      ->excludes(output)
      ->excludes(output_dir)
      ->excludes(format);
  command
      .add_option(
          "--gallery", options.gallery,
          "Write a page that shows all, DIR/index.html, and below DIR what -d and -o do not "
          "place elsewhere")
      ->option_text("DIR");
  command
      .add_option("--contact-sheet", options.contact_sheet,
                  "Show all on one picture, or on several: FILE, FILE-2, ...")
      ->check(problem_of_sheet)
      ->option_text("FILE");
  command.add_flag("-u,--update", options.update,
                   "Leave thumbnails that are newer than their photo and made with these options");
  command.add_flag("--skip-existing", options.skip_existing, "Leave thumbnails that exist");
  command.add_flag("-n,--dry-run", options.dry_run, "Only say what would be made");
}

void add_photos(CLI::App& command, CommandLine& options) {
  command.add_flag("-r,--recursive", options.inputs.scan.recursive, "Enter the folders below");
  add_repeated(command, "-e,--extension", options.inputs.scan.extensions,
               "Take files of this extension in folders, and not the known ones")
      ->transform([](std::string extension) {
        extension = CLI::detail::to_lower(extension);
        return extension.starts_with('.') ? extension.substr(1) : extension;
      })
      ->option_text("EXT");
  add_inputs(command, options.inputs);
}

void add_how_it_runs(CLI::App& command, CommandLine& options) {
  add_run_options(command, options.run, "one photo");
  add_worker_memory(command, options.run);
  constexpr std::uint64_t kMostPixels = 1'000'000'000'000;
  command.add_option("--max-pixels", options.max_pixels, "Larger photos are refused")
      ->check(CLI::Range(std::uint64_t{1}, kMostPixels))
      ->option_text("N [1000000000]");
  command.add_flag("--strict", options.strict, "A damaged photo is a failure, without an output");
  command.add_flag("--fail-fast", options.fail_fast, "Begin nothing more after a failure");
}

void add_journal(CLI::App& command, CommandLine& options) {
  CLI::Option* const journal =
      command
          .add_option(
              "--journal", options.journal.path,
              "Note in FILE what became of each photo; a new file, unless --resume is given")
          ->excludes(command.get_option("--dry-run"))
          ->option_text("FILE");
  CLI::Option* const resume =
      command
          .add_flag("--resume", options.journal.resume,
                    "Go on with the run of that journal: leave what is done, or has failed")
          ->needs(journal);
  command
      .add_flag("--retry-failed", options.journal.retry_failed,
                "Then try those again that have failed")
      ->needs(resume);
  command.add_option("--fsync", options.fsync_text, "Wait until thumbnails are on the disk")
      ->check(CLI::IsMember(kFsync))
      ->excludes(command.get_option("--xdg"))
      ->option_text("none|batch|each [none; with --journal batch]");
}

void add_what_is_said(CLI::App& command, CommandLine& options) {
  command.add_flag_callback(
      "--quiet", [&options] { options.verbosity = Console::Verbosity::Quiet; },
      "Say nothing but errors, and the records of --json");
  command.add_option("--progress", options.progress_text, "Draw how far the run is")
      ->check(CLI::IsMember(kProgress))
      ->option_text("auto|always|never [auto, on a terminal]");
  command.add_flag("-v,--verbose", options.verbose,
                   "Say sizes, decoder and time of each thumbnail, and name those that are left");
  command.add_flag("--json", options.json, "One JSON record per thumbnail instead of its line");
  command
      .add_option("--report", options.report,
                  "Write these records to FILE, besides the lines; CSV where it is called .csv")
      ->option_text("FILE");
}

}  // namespace

JobAction configure_thumbnails(CLI::App& command) {
  auto options = std::make_shared<CommandLine>();
  options->run.timeout = kPhotoTimeout;
  options->run.memory = photo_memory();
  command.formatter(std::make_shared<Usage>("files and folders; none: the current folder"));
  command.footer(kDetails);
  add_sizes(command, *options);
  add_looks(command, *options);
  add_outputs(command, *options);
  add_photos(command, *options);
  add_how_it_runs(command, *options);
  add_journal(command, *options);
  add_what_is_said(command, *options);
  take_paths(command, options->inputs.paths);
  return [options] { return run_thumbnails(options->read()); };
}

}  // namespace bulkhead::jobs
