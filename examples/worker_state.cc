// Workers that load a model once, keep it between tasks, and are replaced now and then.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <ranges>
#include <string>

#include <bulkhead/bulkhead.h>

struct Model {
  std::string name;
  int uses = 0;
};

void load(const std::string& name) {
  bulkhead::this_worker::emplace_state<Model>(name);  // Here a real one would read its file.
}

std::string classify(int photo) {
  auto& model = bulkhead::this_worker::state<Model>();
  ++model.uses;
  return std::getenv("LANG_OF_LABELS") + std::string(": ") + model.name + " says that photo " +
         std::to_string(photo) + " is a cat, its use " + std::to_string(model.uses);
}

int main() {
  bulkhead::ProcessPoolExecutor executor({
      .max_workers = 1,
      .max_tasks_per_child = 2,                  // then a fresh process takes its place
      .idle_timeout = std::chrono::seconds(30),  // and without work it leaves
      .initializer = {load, "cats.model"},
      .soft_memory = 1'000'000'000,  // a leak is cured by a fresh process, too
      .name = "cats",                // in ps: cats-w0
      .env = {"LANG_OF_LABELS=en"},
  });
  for (const auto& label : executor.map(classify, std::views::iota(1, 4))) {
    std::cout << label << '\n';
  }
  std::cout << "workers replaced: " << executor.stats().used_up << '\n';
}
