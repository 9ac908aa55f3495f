#pragma once

#include <memory>

#include "records/byte_source.h"
#include "records/compression.h"

namespace bulkhead::records {

/// What is packed in `packed`, all members one after the other; `compression` is not None. Errors
/// of the result: those of `packed`, "is damaged: " with the library's words, "is cut off".
std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, Compression compression);

}  // namespace bulkhead::records
