#pragma once

#include <cstdint>

#include "dataset/selection.h"

namespace bulkhead::dataset {

/// What becomes of pictures of which there are several, to the byte.
enum class Duplicates : std::uint8_t { KeepTogether, Remove };

/// What becomes of equal pictures that have several labels.
enum class LabelConflict : std::uint8_t { Reject, TakeFirst };

/// Settles what equal pictures are called, and which of them stay where their folders name splits:
/// the copy for testing, else that for validation, as a model must not have learned what it is
/// tested with.
void settle_equal_pictures(Selection& selection, Duplicates duplicates, LabelConflict conflict);

}  // namespace bulkhead::dataset
