#include "files/output_names.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "files/md5.h"
#include "files/url.h"

namespace bulkhead::files {
namespace {

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// "" for a name in the current folder, "/" for one in the root.
std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1));
}

// Where the dot of the extension is; the length of the name when it has none.
std::size_t dot_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

std::string join(std::string_view folder, std::string_view below) {
  std::string joined(folder);
  if (!below.empty() && !joined.ends_with('/')) {
    joined += '/';
  }
  return joined += below;
}

// Whether lexically_normal() would leave a path as it is; it takes microseconds to find out.
bool is_normal(std::string_view path) {
  const bool has_dots_at_end = path.starts_with("./") || path.starts_with("../") ||
                               path.ends_with("/.") || path.ends_with("/..") || path == "." ||
                               path == "..";
  return !path.empty() && !has_dots_at_end && path.find("//") == std::string_view::npos &&
         path.find("/./") == std::string_view::npos && path.find("/../") == std::string_view::npos;
}

// The template as it is under an output folder: below it, whether it says so or not.
Expected<std::string, std::string> below_folder(std::string_view text, const OutputTemplate& parsed,
                                                std::string_view folder) {
  if (text.starts_with('/')) {
    return Unexpected(std::string("an absolute output template leaves no use for a folder"));
  }
  if (parsed.uses(&TemplateValues::dir)) {
    return std::string(text);
  }
  // {dir} ends in {reldir}: a template that places that itself is put below the bare folder.
  const bool places_reldir = parsed.uses(&TemplateValues::reldir);
  return (places_reldir ? as_literal(folder) : "{dir}") + "/" + std::string(text);
}

}  // namespace

OutputNames::OutputNames(OutputTemplate output_template, OutputOptions options)
    : template_(std::move(output_template)),
      options_(std::move(options)),
      beside_inputs_(pattern(join("/", NamePattern::kAnyFolder))) {
  if (!options_.output_dir.empty()) {
    below_output_dir_ = pattern(join(identity(options_.output_dir), NamePattern::kAnyFolder));
  }
}

Expected<OutputNames, std::string> OutputNames::parse(std::string_view text,
                                                      OutputOptions options) {
  auto parsed = OutputTemplate::parse(text);
  if (!parsed) {
    return Unexpected(std::move(parsed).error());
  }
  if (!options.output_dir.empty()) {
    const auto below = below_folder(text, *parsed, options.output_dir);
    if (!below) {
      return Unexpected(below.error());
    }
    parsed = OutputTemplate::parse(*below);
  }
  return OutputNames(*std::move(parsed), std::move(options));
}

std::string OutputNames::output_for(const Input& input) const {
  return render(input, options_.output_dir);
}

std::string OutputNames::render(const Input& input, std::string_view output_dir) const {
  const std::string_view name = name_of(input.path);
  const std::size_t dot = dot_of(name);
  return template_.render({
      .dir =
          output_dir.empty() ? std::string(folder_of(input.path)) : join(output_dir, input.reldir),
      .reldir = input.reldir,
      .stem = std::string(name.substr(0, dot)),
      .ext = std::string(name.substr(std::min(dot + 1, name.size()))),
      .name = std::string(name),
      .w = options_.width,
      .h = options_.height,
      .size = options_.size,
      .md5 = template_.uses(&TemplateValues::md5) ? md5_hex(file_uri(identity(input.path))) : "",
      .format = options_.format_of ? options_.format_of(name) : "",
  });
}

NamePattern OutputNames::pattern(const std::string& dir) const {
  const std::string any_name(NamePattern::kAnyName);
  const std::string any_extension(NamePattern::kAnyExtension);
  return NamePattern(identity(template_.render({
      .dir = dir,
      .reldir = std::string(NamePattern::kAnyFolder),
      .stem = any_name,
      .ext = any_extension,
      .name = any_name + "." + any_extension,
      .w = options_.width,
      .h = options_.height,
      .size = options_.size,
      .md5 = any_name,
      .format = any_extension,
  })));
}

bool OutputNames::is_own_output(const Input& input) const {
  const std::string path = identity(input.path);
  if (below_output_dir_ && below_output_dir_->matches(path) &&
      !gives_own_name(input, options_.output_dir)) {
    return true;
  }
  return beside_inputs_.matches(path) && !gives_own_name(input, {});
}

bool OutputNames::tells_formats() const {
  return template_.uses(&TemplateValues::format);
}

bool OutputNames::tells_sizes_apart() const {
  const bool has_sides = !options_.width.empty() || !options_.height.empty();
  return template_.uses(&TemplateValues::size) ||
         (has_sides && template_.uses(&TemplateValues::w) && template_.uses(&TemplateValues::h));
}

bool OutputNames::gives_own_name(const Input& input, std::string_view output_dir) const {
  return identity(render(input, output_dir)) == identity(input.path);
}

std::string OutputNames::identity(const std::string& path) const {
  if (is_normal(path)) {
    return path.starts_with('/') ? path : join(options_.current_folder, path);
  }
  return (std::filesystem::path(options_.current_folder) / path).lexically_normal().string();
}

}  // namespace bulkhead::files
