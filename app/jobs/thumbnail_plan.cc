#include "jobs/thumbnail_plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "display/escape.h"
#include "files/file_id.h"
#include "files/find_inputs.h"
#include "files/mark.h"
#include "files/photo_name.h"
#include "jobs/overviews.h"
#include "jobs/thumbnail_names.h"

namespace bulkhead::jobs {
namespace {

using files::FileId;
using files::Input;
using files::LastLink;
using files::OutputNames;

// What a file is as an entry of its folder, and what it links to.
void add_ids(const std::string& path, std::set<FileId>& ids) {
  for (const LastLink last : {LastLink::Stay, LastLink::Follow}) {
    if (const auto id = files::id_of(path, last)) {
      ids.insert(*id);
    }
  }
}

std::string without_extension(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos || dot <= name ? path : path.substr(0, dot);
}

// The files among the inputs that are called like thumbnails, of any size and format, of photos
// that are among them too.
class DefaultThumbnails {
 public:
  void note(const std::string& path) {
    if (photo_of_default_name(path)) {
      called_so_.insert(path);
    }
  }

  // Returns how many it took out. One named by itself is meant.
  std::size_t remove_from(std::vector<Input>& inputs, const std::vector<std::string>& arguments) {
    if (called_so_.empty()) {
      return 0;
    }
    std::unordered_set<std::string> photos;
    for (const Input& input : inputs) {
      photos.insert(without_extension(input.path));
    }
    return std::erase_if(inputs, [&](const Input& input) {
      return called_so_.contains(input.path) &&
             photos.contains(*photo_of_default_name(input.path)) &&
             std::ranges::find(arguments, input.path) == arguments.end();
    });
  }

 private:
  std::unordered_set<std::string> called_so_;
};

// The folder that outputs go to, as it is met below folders that are searched.
class OutputFolder {
 public:
  // `path` may be empty: there is none.
  explicit OutputFolder(const std::string& path)
      : id_(path.empty() ? std::nullopt : files::id_of(path, LastLink::Follow)) {}

  // Not what lies in an argument itself, which is meant.
  bool holds(const Input& input) {
    if (!id_ || input.reldir.empty()) {
      return false;
    }
    const std::string folder = input.path.substr(0, input.path.rfind('/'));
    const auto [found, is_new] = held_.try_emplace(folder);
    if (is_new) {
      found->second = is_below(folder, folder.size() - input.reldir.size());
    }
    return found->second;
  }

 private:
  // `argument` is where the path goes on behind the argument.
  bool is_below(const std::string& folder, std::size_t argument) const {
    for (std::size_t end = folder.size(); end != std::string::npos && end > argument;
         end = folder.rfind('/', end - 1)) {
      if (files::id_of(folder.substr(0, end), LastLink::Follow) == id_) {
        return true;
      }
    }
    return false;
  }

  std::optional<FileId> id_;
  std::unordered_map<std::string, bool> held_;  // by folder
};

// The file that an option names, if it does.
struct OtherFile {
  std::string_view option;
  std::string path;
};

std::array<OtherFile, 4> other_files(const ThumbnailsOptions& options) {
  return {{{"--report", options.report},
           {"--journal", options.journal.path},
           {"--contact-sheet", options.contact_sheet},
           {"--gallery", options.gallery.empty() ? "" : page_of_gallery(options.gallery)}}};
}

// In a shell "--report *.jpg" names a photo for the report.
std::string problem_of_name(const OtherFile& file) {
  const bool is_picture = file.option == "--contact-sheet";
  if (!is_picture && files::is_photo_name(file.path)) {
    return "is called like a photo";
  }
  if (is_picture && !may_become_sheet(file.path)) {
    return "is there, and no contact sheet that was made here";
  }
  return "";
}

std::string problem_line(const OtherFile& file, const std::string& problem) {
  return std::string(file.option) + ": " + display::printable(file.path) + " " + problem +
         "; give another name";
}

}  // namespace

files::OutputPlan plan_thumbnails(const ThumbnailsOptions& options,
                                  const std::vector<std::string>& paths,
                                  const std::vector<OutputNames>& names,
                                  const DesktopCache* cache) {
  // An empty list of files is no files, not the current folder.
  if (paths.empty() && !options.inputs.files_from.empty()) {
    return {{}, names};
  }
  files::ScanOptions scan = options.inputs.scan;
  std::size_t left_out = 0;
  DefaultThumbnails of_other_runs;
  OutputFolder output_folder(options.output_dir);
  const bool has_default_names = options.output.empty() && cache == nullptr;
  const std::string sheet =
      options.contact_sheet.empty() ? "" : names.front().identity(options.contact_sheet);
  scan.is_own_output = [&](const Input& input) {
    const bool is_own =
        (cache != nullptr && cache->holds(input.path)) || output_folder.holds(input) ||
        (is_contact_sheet(names.front().identity(input.path), sheet) &&
         may_become_sheet(input.path)) ||
        std::ranges::any_of(
            names, [&](const OutputNames& of_size) { return of_size.is_own_output(input); });
    left_out += is_own ? 1 : 0;
    if (!is_own && has_default_names) {
      of_other_runs.note(input.path);
    }
    return is_own;
  };
  auto inputs = files::find_inputs(paths, scan);
  left_out += of_other_runs.remove_from(inputs, paths);
  return {std::move(inputs), names, left_out};
}

std::string problem_of_other_files(const ThumbnailsOptions& options,
                                   const files::OutputPlan& photos) {
  std::set<FileId> inputs;
  for (const OtherFile& file : other_files(options)) {
    if (file.path.empty()) {
      continue;
    }
    if (const std::string problem = problem_of_name(file); !problem.empty()) {
      return problem_line(file, problem);
    }
    if (!files::exists(file.path)) {
      continue;
    }
    for (std::size_t i = 0; inputs.empty() && i < photos.size(); ++i) {
      add_ids(photos[i].input.path, inputs);
    }
    std::set<FileId> ids;
    add_ids(file.path, ids);
    if (std::ranges::any_of(ids, [&](const FileId& id) { return inputs.contains(id); })) {
      return problem_line(file, "is a photo of this run");
    }
  }
  return "";
}

}  // namespace bulkhead::jobs
