#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "files/temporary_folder.h"
#include "photos/photo.h"
#include "running_program.h"

namespace bulkhead::tests {

using Strings = std::vector<std::string>;

inline std::string photo(const test_photos::PhotoOptions& options) {
  const auto bytes = test_photos::make_photo(options);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A photo that takes a few milliseconds.
inline const std::string& quick_photo() {
  static const std::string bytes = photo({.width = 320, .height = 240});
  return bytes;
}

/// A photo whose decoding takes so long that a worker can be met while it is at it: arithmetic
/// coding is slow, and only libjpeg decodes it.
inline const std::string& slow_photo() {
  static const std::string bytes = photo(
      {.width = 3200, .height = 2400, .progressive = true, .arithmetic = true, .quality = 95});
  return bytes;
}

inline Strings lines_of(const std::string& text) {
  Strings lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// The records of --json, one a line.
inline std::vector<nlohmann::json> records(const std::string& text) {
  std::vector<nlohmann::json> parsed;
  for (const std::string& line : lines_of(text)) {
    parsed.push_back(nlohmann::json::parse(line));
  }
  return parsed;
}

/// The line for people about a photo and the thumbnail beside it.
inline std::string line_for(const std::string& stem, const std::string& extension = ".jpg") {
  return "A thumbnail for " + stem + extension + " was saved as " + stem + "_thumbnail.jpg";
}

inline bool is_whole_jpeg(std::string_view bytes) {
  return bytes.starts_with("\xFF\xD8") && bytes.ends_with("\xFF\xD9");
}

/// `bulkhead thumbnails` in a folder of its own.
class ThumbnailsProgramTest : public testing::Test {
 protected:
  static Strings command(const Strings& arguments) {
    Strings argv = {BULKHEAD_PROGRAM, "thumbnails"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }

  Ended run(const Strings& arguments) const {
    return run_program(command(arguments), folder.path());
  }

  /// All files below the folder, by their paths in it.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) {
        const std::string path = entry.path().string().substr(folder.path().size() + 1);
        contents[path] = folder.read(path);
      }
    }
    return contents;
  }

  Strings names() const {
    Strings paths;
    for (const auto& [path, content] : files()) {
      paths.push_back(path);
    }
    return paths;
  }

  /// Returns when a file that is changed now is later than those that there are: the clocks of file
  /// systems are coarse.
  void wait_for_a_later_time() const {
    const auto time_now = [this] {
      struct stat status {};
      ::stat(folder.write("probe").c_str(), &status);
      return std::pair(status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    };
    const auto before = time_now();
    while (time_now() == before) {
    }
    std::filesystem::remove(folder / "probe");
  }

  files::TemporaryFolder folder;
};

}  // namespace bulkhead::tests
