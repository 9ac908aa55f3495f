#include "dataset/class_list.h"

#include <algorithm>
#include <utility>

#include "dataset/safe_names.h"
#include "display/escape.h"

namespace bulkhead::dataset {
namespace {

struct Class {
  std::string label = {};
  std::string name = {};
  std::string folder = {};
};

// One that no other label is written as.
std::string name_of(const std::string& label, const std::set<std::string>& labels) {
  if (display::is_utf8(label)) {
    return label;
  }
  std::string name = display::printable(label);
  while (labels.contains(name)) {
    name += '_';
  }
  return name;
}

}  // namespace

ClassList::ClassList(const std::set<std::string>& labels) {
  std::vector<Class> classes;
  UniqueNames folders;
  for (const std::string& label : labels) {
    const std::string safe = safe_name(label);
    classes.push_back({label, name_of(label, labels), folders.take(safe)});
    const auto& [of_label, name, folder] = classes.back();
    if (name != label) {
      warnings_.push_back("a class that is no UTF-8 is called '" + name + "'");
    }
    if (folder != safe) {
      warnings_.push_back("the class '" + name + "' would have the folder of another: it is " +
                          folder);
    }
  }
  std::ranges::sort(classes, {}, &Class::folder);
  for (Class& made : classes) {
    numbers_.emplace(std::move(made.label), names_.size());
    names_.push_back(std::move(made.name));
    folders_.push_back(std::move(made.folder));
  }
}

}  // namespace bulkhead::dataset
