#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "files/find_inputs.h"
#include "files/output_names.h"

namespace bulkhead::files {

/// One input and the outputs it is to have, or the problem that leaves it without any.
struct PlannedOutput {
  Input input;
  std::vector<std::string> outputs;  ///< one for each of the names; none when there is a problem
  std::string problem;               ///< also that of the input
};

/// The outputs of all inputs of a run, named before the first is made: one output of each of the
/// names for each input. An input named twice appears once. Of two inputs with one output the first
/// has it and the other a problem; so has an input whose output would replace an input, itself or
/// another, under whatever name, and one whose output's name is too long for a file system.
/// Keeps the inputs and not the names of their outputs, since there may be millions.
class OutputPlan {
 public:
  /// `left_out`: files that were taken for outputs of an earlier run, and are no inputs.
  OutputPlan(std::vector<Input> inputs, std::vector<OutputNames> names, std::size_t left_out = 0);

  std::size_t size() const { return inputs_.size(); }
  PlannedOutput operator[](std::size_t index) const;
  std::size_t left_out() const { return left_out_; }

 private:
  void remove_repetitions();
  void find_bad_names();
  void find_replaced_inputs();
  void find_collisions();

  std::vector<Input> inputs_;
  std::vector<OutputNames> names_;
  std::size_t left_out_;
};

}  // namespace bulkhead::files
