#include "jobs/overviews.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "display/escape.h"
#include "files/mark.h"
#include "files/publish.h"
#include "files/read_file.h"
#include "imaging/contact_sheet.h"
#include "run_job.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using display::printable;
using Paths = std::vector<std::string>;

struct SheetReply {
  std::string error = {};  // empty: there is a sheet
  std::vector<std::byte> bytes = {};
  Paths missing = {};  // thumbnails that could not be shown
};

// A sheet is as high and wide as paper is at 300 dots an inch, and needs 60 MB while it is made.
constexpr int kMaxSheetSide = 3000;
constexpr imaging::Extent kUsualCell = {128, 128};

// Half as wide again as high, as screens are.
constexpr double kProportions = 1.5;

imaging::SheetOptions sheet_options(const ThumbnailsOptions& options, std::size_t photos) {
  imaging::SheetOptions sheet{.background = options.thumbnails.background,
                              .encoding = options.thumbnails.encoding};
  const imaging::Extent box = options.sizes.front().rule.box;
  sheet.cell = {std::min(box.width > 0 ? box.width : kUsualCell.width, kMaxSheetSide),
                std::min(box.height > 0 ? box.height : kUsualCell.height, kMaxSheetSide)};
  const double shape = kProportions * sheet.cell.height / sheet.cell.width;
  const auto wanted = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(photos) * shape)));
  const int most = (kMaxSheetSide - sheet.gap) / (sheet.cell.width + sheet.gap);
  sheet.columns = std::max(1, std::min(wanted, most));
  sheet.encoding.format = options.contact_sheet_format;
  sheet.encoding.max_bytes = 0;  // That is the thumbnails' limit.
  return sheet;
}

std::vector<Paths> divided(std::span<const ShownPhoto> photos, const imaging::SheetOptions& sheet) {
  const int rows = std::max(1, (kMaxSheetSide - sheet.gap) / (sheet.cell.height + sheet.gap));
  const auto on_each = static_cast<std::size_t>(rows * sheet.columns);
  std::vector<Paths> sheets;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (i % on_each == 0) {
      sheets.emplace_back();
    }
    sheets.back().push_back(photos[i].thumbnails.front());
  }
  return sheets;
}

// Runs in a worker: thumbnails that were there before come from anybody.
SheetReply make_sheet(const imaging::SheetOptions& options, const Paths& thumbnails) {
  SheetReply reply;
  imaging::ContactSheet sheet(thumbnails.size(), options);
  for (std::size_t i = 0; i < thumbnails.size(); ++i) {
    const auto file = files::read_file(thumbnails[i]);
    if (!file || !sheet.show(i, *file)) {
      reply.missing.push_back(thumbnails[i]);
    }
  }
  auto bytes = sheet.encoded();
  if (!bytes) {
    reply.error = std::move(bytes.error().message);
    return reply;
  }
  reply.bytes = std::move(*bytes);
  return reply;
}

// What is before and behind the number in the names of further sheets: "sheet.jpg", "sheet-2.jpg".
struct SheetName {
  std::string start;
  std::string extension;
};

SheetName parts_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return {path.substr(0, dot), path.substr(dot)};
}

std::string name_of_sheet(const std::string& path, std::size_t number) {
  const SheetName name = parts_of(path);
  return number == 1 ? path : name.start + "-" + std::to_string(number) + name.extension;
}

files::Mark mark_of_sheets() {
  return files::mark_of("contact sheet");
}

// A line for people, which does not stand among records.
void tell(const std::string& line, ReportForm form, Console& console) {
  if (form == ReportForm::Json) {
    console.closing(line + "\n");
  } else {
    console.result(line);
  }
}

// A file, and what it is, for people.
struct Overview {
  std::string path;
  std::string what;
  files::Mark mark = {};
};

// Publishes an overview and says so; false when that is not possible.
bool save(const Overview& overview, std::span<const std::byte> bytes, ReportForm form,
          Console& console) {
  const auto& [path, what, mark] = overview;
  const auto published = files::publish(path, bytes, {.mark = mark});
  if (!published) {
    console.error("cannot save " + printable(path) + ": " + published.error().reason);
    return false;
  }
  tell(what + " was saved as " + printable(path), form, console);
  return true;
}

std::string counted(std::size_t photos) {
  return std::to_string(photos) + (photos == 1 ? " photo" : " photos");
}

bool save_sheet(const Overview& sheet, const Outcome<SheetReply>& outcome, ReportForm form,
                Console& console) {
  const std::string& path = sheet.path;
  if (!outcome || !outcome->error.empty()) {
    console.error("cannot make " + printable(path) + ": " +
                  printable(outcome ? outcome->error : outcome.error().message()));
    return false;
  }
  for (const std::string& missing : outcome->missing) {
    console.error(printable(missing) + ": warning: cannot be shown on " + printable(path));
  }
  if (!may_become_sheet(path)) {
    console.error("cannot save " + printable(path) +
                  ": there is a file that is no contact sheet made here");
    return false;
  }
  return save(sheet, outcome->bytes, form, console);
}

int status_of(bool are_made) {
  return static_cast<int>(are_made ? ExitStatus::Done : ExitStatus::SomeFailed);
}

// The limit of a task is that of one picture, and a sheet has many.
RunOptions with_time_for(std::size_t pictures, RunOptions run) {
  const auto times = static_cast<std::int64_t>(pictures);
  run.timeout = std::min(run.timeout, std::chrono::nanoseconds::max() / times) * times;
  return run;
}

int make_sheets(const ThumbnailsOptions& options, std::span<const ShownPhoto> photos,
                Console& console) {
  const imaging::SheetOptions sheet = sheet_options(options, photos.size());
  const std::vector<Paths> sheets = divided(photos, sheet);
  std::size_t number = 0;
  bool are_made = true;
  const RunReport cost =
      run_job(with_time_for(sheets.front().size(), options.run), partial(make_sheet, sheet), sheets,
              [&](const Outcome<SheetReply>& outcome) {
                const std::size_t count = sheets[number++].size();
                const Overview made = {name_of_sheet(options.contact_sheet, number),
                                       "A contact sheet of " + counted(count), mark_of_sheets()};
                are_made = save_sheet(made, outcome, options.form, console) && are_made;
                return AfterOutcome::GoOn;
              });
  return cost.interrupted_by != 0 ? status_of_signal(cost.interrupted_by) : status_of(are_made);
}

bool make_gallery(const ThumbnailsOptions& options, std::span<const ShownPhoto> photos,
                  Console& console) {
  std::error_code removed;
  const std::string page =
      gallery_page(photos, options.gallery, std::filesystem::current_path(removed).string());
  return save({page_of_gallery(options.gallery), "A gallery of " + counted(photos.size())},
              std::as_bytes(std::span(page)), options.form, console);
}

}  // namespace

bool may_become_sheet(const std::string& path) {
  return !files::exists(path) || files::has_mark(path, mark_of_sheets());
}

std::string page_of_gallery(const std::string& folder) {
  return folder + "/index.html";
}

bool is_contact_sheet(const std::string& path, const std::string& contact_sheet) {
  if (contact_sheet.empty() || path == contact_sheet) {
    return !contact_sheet.empty();
  }
  const SheetName name = parts_of(contact_sheet);
  if (!path.starts_with(name.start + "-") || !path.ends_with(name.extension)) {
    return false;
  }
  const std::size_t begin = name.start.size() + 1;
  const std::string number = path.substr(begin, path.size() - begin - name.extension.size());
  return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
}

int make_overviews(const ThumbnailsOptions& options, std::span<const ShownPhoto> photos,
                   Console& console) {
  const int status = status_of(options.gallery.empty() || make_gallery(options, photos, console));
  const bool has_sheets = !options.contact_sheet.empty() && !photos.empty();
  return has_sheets ? std::max(status, make_sheets(options, photos, console)) : status;
}

}  // namespace bulkhead::jobs
