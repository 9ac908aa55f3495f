#pragma once

#include <glob.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

/// The names that match a pattern of the shell, like "*.jpg", in the order of the alphabet.
inline std::vector<std::string> files_matching(const char* pattern) {
  glob_t found{};
  glob(pattern, 0, nullptr, &found);
  std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return names;
}

/// Throws what the standard library throws when the file cannot be read.
inline std::vector<std::byte> read_file(const std::string& filename) {
  std::vector<std::byte> bytes(std::filesystem::file_size(filename));
  std::ifstream file(filename, std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Throws what the standard library throws when the file cannot be written.
inline void write_file(const std::string& filename, std::span<const std::byte> bytes) {
  std::ofstream file;
  file.exceptions(std::ios::badbit | std::ios::failbit);
  file.open(filename, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}
