#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "files/find_inputs.h"
#include "files/name_pattern.h"
#include "files/output_template.h"

namespace bulkhead::files {

/// What is the same for every output of a run.
struct OutputOptions {
  std::string output_dir =
      {};  ///< outputs go below it, in the tree of the inputs; empty: beside them
  std::string current_folder = {};  ///< absolute; what relative paths are relative to
  std::string width = {};           ///< for {w}, digits or empty
  std::string height = {};          ///< for {h}, digits or empty
  std::string size = {};            ///< for {size}: digits and "x"
  /// For {format}: the extension of the output for an input of that name.
  std::function<std::string(std::string_view)> format_of = {};
};

/// The names of the outputs of a run.
/// For photos/sub/a.JPG found in the folder photos: {dir} photos/sub, {reldir} sub, {stem} a,
/// {ext} JPG, {name} a.JPG, {md5} the MD5 of its URI, {format} that of the
/// output. With an output folder {dir} is that folder
/// continued by {reldir}, and a template that does not say {dir} is put below it all the same.
class OutputNames {
 public:
  /// Errors, in one sentence: those of OutputTemplate, an absolute template with an output folder.
  static Expected<OutputNames, std::string> parse(std::string_view text, OutputOptions options);

  /// The path of the output for one input: a function of the two and nothing else.
  std::string output_for(const Input& input) const;

  /// Whether `input` carries a name that these names give to a photo, so that an earlier run for
  /// this size probably made it.
  /// Where a file's own name is all that tells (a template that gives "a.jpg" for "a.jpg"), false.
  bool is_own_output(const Input& input) const;

  /// Whether the format of an output is in its name.
  bool tells_formats() const;

  /// Whether outputs for different sizes of one input have different names.
  bool tells_sizes_apart() const;

  /// Absolute, and without "." and "..": equal for two paths of one file, links aside.
  std::string identity(const std::string& path) const;

 private:
  OutputNames(OutputTemplate output_template, OutputOptions options);
  std::string render(const Input& input, std::string_view output_dir) const;
  NamePattern pattern(const std::string& dir) const;
  bool gives_own_name(const Input& input, std::string_view output_dir) const;

  OutputTemplate template_;
  OutputOptions options_;
  NamePattern beside_inputs_;
  std::optional<NamePattern> below_output_dir_;
};

}  // namespace bulkhead::files
