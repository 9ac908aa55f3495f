#include "files/output_plan.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "files/file_id.h"

namespace bulkhead::files {
namespace {

// A path that an input has or asks for, by its hash: equal ones are few, and compared in full then.
struct HashedPath {
  std::size_t hash;
  std::size_t input;
};

HashedPath hashed(const std::string& path, std::size_t input) {
  return {std::hash<std::string_view>()(path), input};
}

// The inputs, in their order, of which a path has the hash of another input's path.
std::vector<std::size_t> inputs_that_may_share(std::vector<HashedPath> paths) {
  std::ranges::sort(paths, {}, &HashedPath::hash);
  std::vector<std::size_t> sharing;
  for (auto first = paths.begin(); first != paths.end();) {
    const auto end = std::find_if(
        first, paths.end(), [first](const HashedPath& other) { return other.hash != first->hash; });
    if (end - first > 1) {
      std::transform(first, end, std::back_inserter(sharing),
                     [](const HashedPath& path) { return path.input; });
    }
    first = end;
  }
  std::ranges::sort(sharing);
  const auto repeated = std::ranges::unique(sharing);
  sharing.erase(repeated.begin(), repeated.end());
  return sharing;
}

// What makes the outputs of two inputs differ; the paths are absolute.
std::string remedy_for(const std::filesystem::path& one, const std::filesystem::path& other) {
  if (one.parent_path() != other.parent_path()) {
    return "to keep both name a folder above them, with --recursive and --output-dir";
  }
  return std::string("with ") + (one.stem() == other.stem() ? "{stem}_{ext}" : "{stem}") +
         " in --output they differ";
}

// Where paths really lead, all but their last part, which a new file replaces. Links may lead two
// folders to one, which may not be there yet.
class Places {
 public:
  explicit Places(const OutputNames& names) : names_(names) {}

  std::string operator()(const std::string& path) {
    const std::string absolute = names_.identity(path);
    const std::size_t name = absolute.rfind('/') + 1;
    return real_folder(absolute.substr(0, name)) + absolute.substr(name);
  }

 private:
  const std::string& real_folder(const std::string& folder) {
    const auto [found, is_new] = real_.try_emplace(folder);
    if (is_new) {
      std::error_code unknown;
      const auto real = std::filesystem::weakly_canonical(folder, unknown);
      found->second = unknown ? folder : (real / "").string();
    }
    return found->second;
  }

  const OutputNames& names_;
  std::unordered_map<std::string, std::string> real_;
};

// Gives out the outputs, each to the first that asks for it.
class Claims {
 public:
  // Why the input does not get the output at that place; empty when it does.
  std::string claim(const Input& input, const std::string& output, const std::string& place,
                    const OutputNames& names) {
    const auto [claim, is_first] = owners_.try_emplace(place, input.path);
    if (is_first) {
      return {};
    }
    return "its output " + output + " is that of " + claim->second + "; " +
           remedy_for(names.identity(input.path), names.identity(claim->second));
  }

 private:
  std::unordered_map<std::string, std::string> owners_;  // place -> the input that has it
};

// An output that is there already, and the input that it is for.
struct ExistingOutput {
  FileId id;
  std::string path;
  std::size_t input;
};

// Says which input is behind a file: as the entry of a folder, or as what that links to.
class InputFiles {
 public:
  explicit InputFiles(const std::vector<Input>& inputs) {
    files_.reserve(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto entry = id_of(inputs[i].path, LastLink::Stay);
      const auto target = id_of(inputs[i].path, LastLink::Follow);
      if (entry) {
        files_.push_back({*entry, i});
      }
      if (target && target != entry) {
        files_.push_back({*target, i});
      }
    }
    std::ranges::sort(files_, {}, &InputFile::id);
  }

  std::optional<std::size_t> input_of(FileId id) const {
    const auto found = std::ranges::lower_bound(files_, id, {}, &InputFile::id);
    return found != files_.end() && found->id == id ? std::optional(found->input) : std::nullopt;
  }

 private:
  struct InputFile {
    FileId id;
    std::size_t input;
  };
  std::vector<InputFile> files_;
};

// What is wrong with an output by itself; empty when nothing is.
std::string problem_of(const Input& input, const std::string& output, const OutputNames& names) {
  const std::size_t length = output.size() - (output.rfind('/') + 1);
  if (length > NAME_MAX) {
    return "the name of its output would have " + std::to_string(length) + " bytes, over the " +
           std::to_string(NAME_MAX) + " of a file system; give a shorter one with --output";
  }
  if (names.identity(output) == names.identity(input.path)) {
    return "its output would replace it; give another name with --output";
  }
  return {};
}

}  // namespace

OutputPlan::OutputPlan(std::vector<Input> inputs, std::vector<OutputNames> names,
                       std::size_t left_out)
    : inputs_(std::move(inputs)), names_(std::move(names)), left_out_(left_out) {
  remove_repetitions();
  find_bad_names();
  find_replaced_inputs();
  find_collisions();
}

PlannedOutput OutputPlan::operator[](std::size_t index) const {
  PlannedOutput planned{inputs_[index], {}, inputs_[index].problem};
  if (planned.problem.empty()) {
    for (const OutputNames& names : names_) {
      planned.outputs.push_back(names.output_for(planned.input));
    }
  }
  return planned;
}

void OutputPlan::remove_repetitions() {
  std::vector<HashedPath> paths;
  paths.reserve(inputs_.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    paths.push_back(hashed(names_.front().identity(inputs_[i].path), i));
  }
  std::unordered_map<std::string, std::size_t> first_of;
  std::vector<bool> is_repeated(inputs_.size());
  for (const std::size_t i : inputs_that_may_share(std::move(paths))) {
    is_repeated[i] = !first_of.try_emplace(names_.front().identity(inputs_[i].path), i).second;
  }
  std::size_t index = 0;
  std::erase_if(inputs_, [&](const Input&) { return is_repeated[index++]; });
}

void OutputPlan::find_bad_names() {
  for (Input& input : inputs_) {
    for (const OutputNames& names : names_) {
      if (input.problem.empty()) {
        input.problem = problem_of(input, names.output_for(input), names);
      }
    }
  }
}

// By what is on the disk: paths can differ and lead to one file all the same.
void OutputPlan::find_replaced_inputs() {
  std::vector<ExistingOutput> existing;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!inputs_[i].problem.empty()) {
      continue;
    }
    for (const OutputNames& names : names_) {
      std::string output = names.output_for(inputs_[i]);
      if (const auto id = id_of(output, LastLink::Stay)) {
        existing.push_back({*id, std::move(output), i});
      }
    }
  }
  if (existing.empty()) {
    return;
  }
  const InputFiles input_files(inputs_);
  for (const ExistingOutput& output : existing) {
    if (const auto replaced = input_files.input_of(output.id)) {
      inputs_[output.input].problem = "its output " + output.path + " would replace the photo " +
                                      inputs_[*replaced].path + "; give another name with --output";
    }
  }
}

void OutputPlan::find_collisions() {
  std::vector<HashedPath> outputs;
  outputs.reserve(inputs_.size() * names_.size());
  Places place_of(names_.front());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!inputs_[i].problem.empty()) {
      continue;
    }
    for (const OutputNames& names : names_) {
      outputs.push_back(hashed(place_of(names.output_for(inputs_[i])), i));
    }
  }
  Claims claims;
  for (const std::size_t i : inputs_that_may_share(std::move(outputs))) {
    for (const OutputNames& names : names_) {
      if (inputs_[i].problem.empty()) {
        const std::string output = names.output_for(inputs_[i]);
        inputs_[i].problem = claims.claim(inputs_[i], output, place_of(output), names);
      }
    }
  }
}

}  // namespace bulkhead::files
