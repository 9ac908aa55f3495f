#pragma once

#include <concepts>
#include <cstdint>

#include <bulkhead/codec.h>
#include <bulkhead/detail/shared_memory.h>

namespace bulkhead {

/// A file that the program has opened and a task reads, though its worker may open none
/// (Sandbox::Strict), or not this one: a handle, whose copies are cheap and mean the same file. As
/// an argument it costs eight bytes; the descriptor travels with the task that has it.
///
///   executor.submit(count_lines, bulkhead::OpenFile(open("a.csv", O_RDONLY | O_CLOEXEC)));
///
/// The position in the file is shared by all who have it, so it is read by pread(2). Opened for
/// reading only it cannot be written. It is closed when the last handle and the last task that has
/// one are gone, in the workers of a pool when that is next used: who makes many, as for the items
/// of a map, limits how many are open by MapOptions::buffersize. Of one that comes back as a result
/// the program still needs its own handle. Any number of threads may use one handle.
class OpenFile {
 public:
  /// No file.
  OpenFile() = default;
  /// Takes over the descriptor, which is closed with the last handle; -1: no file.
  explicit OpenFile(int descriptor)
      : file_(descriptor < 0 ? nullptr : detail::share_file(descriptor)) {}

  explicit operator bool() const noexcept { return file_ != nullptr; }

  /// The descriptor, in this process; valid while a handle is left. -1: no file.
  int descriptor() const { return file_ ? detail::descriptor_of(*file_) : -1; }

  template <class Archive>
  void serialize(Archive& archive) {
    if constexpr (std::same_as<Archive, Encoder>) {
      archive(file_ ? detail::refer_to(file_) : std::uint64_t{0});
    } else {
      std::uint64_t id = 0;
      archive(id);
      file_ = id == 0 ? nullptr : detail::find_shared_memory(id);
      (void)descriptor();  // The number comes from another process, and may be that of memory.
    }
  }

 private:
  detail::SharedReference file_;
};

}  // namespace bulkhead
