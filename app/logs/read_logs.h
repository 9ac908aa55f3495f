#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "logs/field.h"
#include "logs/statistics.h"
#include "records/condition.h"
#include "records/portions.h"
#include "records/rejection.h"
#include "records/rejection_list.h"

namespace bulkhead::logs {

/// What is asked of every log.
struct LogQuery {
  std::string format = "auto";             ///< or as make_format() takes it
  std::optional<std::int64_t> since = {};  ///< local seconds, as Moment has them
  std::optional<std::int64_t> until = {};  ///< the first that are too late
  std::string where = {};                  ///< a records::Condition on fields; empty: every request
  std::vector<Field> by = {};              ///< fields to group by
  bool keeps_rejections = false;           ///< else they are only counted
  Share share = {};                        ///< texts and visitors that are asked for
};

/// The condition of a query; nothing when there is none. The error says what is wrong with it.
Expected<std::optional<records::Condition>, std::string> parse_where(const std::string& text);

/// What a worker is told.
struct LogTask {
  records::Batch batch = {};
  LogQuery query = {};
  std::string parts_path = {};     ///< for a records::PartWriter, whose parts are of LogReply
  std::uint64_t table_bytes = {};  ///< a part has no larger tables
};

/// What became of one portion.
struct PortionReply {
  std::string format = {};  ///< that its file was read as; empty: none fits
  records::RecordCounts lines = {};
  records::RejectionList rejections = {};
  std::string problem = {};  ///< why the reading of the file ended before its end
};

/// What a worker gives back: a reply for each portion, and the statistics of all of them.
struct LogReply {
  std::vector<PortionReply> portions = {};
  PackedStatistics statistics = {};
};

/// Reads the portions. Errors are in the reply, which is behind its parts. Throws what PartWriter
/// throws.
LogReply read_logs(const LogTask& task);

}  // namespace bulkhead::logs
