#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"
#include "files/journal_line.h"
#include "files/md5.h"

namespace bulkhead::files {

/// What became of each input of a job, in a file that is only ever appended to, so that a run that
/// was ended by anything can be gone on with. An input is known by its path, size and time of
/// modification (journal_line.h): one that has changed is not known.
/// Of a file that ends in the middle of a line, or is damaged, what stands before that counts.
class Journal {
 public:
  enum class Opening : std::uint8_t {
    New,     ///< the file must not have been there, or be empty
    Resume,  ///< what it says is taken up; it is made where it is missing
  };

  /// `job` is one line of text that differs between jobs whose results differ.
  /// Errors: those of the system; a file that is no journal, that of another job, in use by another
  /// run, or there although it must not be.
  static Expected<Journal, FileError> open(const std::string& path, const std::string& job,
                                           Opening opening);

  /// What became of an input of this identity, as it was told last.
  std::optional<InputFate> fate_of(const std::string& identity) const;

  /// Takes a line up, to be written by write().
  void note(const JournalLine& line);

  /// Writes what was noted; after that it survives the end of this program.
  Expected<void, FileError> write();

  /// Waits until what was written is on the disk; after that it survives a power failure.
  Expected<void, FileError> sync();

 private:
  Journal(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  // Errors: for people.
  Expected<void, std::string> lock() const;
  Expected<void, std::string> begin(const std::string& job, Opening opening);
  Expected<void, std::string> take_up(const std::string& job);
  FileError error(std::string reason) const { return {path_, std::move(reason)}; }

  struct HashOfMd5 {
    std::size_t operator()(const Md5& md5) const noexcept;
  };

  std::string path_;
  Descriptor file_;
  std::string unwritten_;
  // By the MD5 of the identity: there may be millions of long ones.
  std::unordered_map<Md5, InputFate, HashOfMd5> fates_;
};

}  // namespace bulkhead::files
