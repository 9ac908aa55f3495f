#include "jobs/thumbnail_report.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "display/escape.h"
#include "display/numbers.h"

namespace bulkhead::jobs {
namespace {

using display::JsonRecord;
using display::printable;
using files::PlannedOutput;

constexpr double kNanosecondsPerMillisecond = 1e6;

std::string line_of(const PlannedOutput& photo, const std::string& output,
                    std::string_view what_happened) {
  return "A thumbnail for " + printable(photo.input.path) + " " + std::string(what_happened) +
         " saved as " + printable(output);
}

// "128x96 of 640x480, thumbjpeg 1/8, 3.1 ms"
std::string details_of(const ThumbnailReply& reply, std::size_t index) {
  const auto size_text = [](imaging::Extent size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
  };
  const double milliseconds = static_cast<double>(reply.nanoseconds) / kNanosecondsPerMillisecond;
  return size_text(reply.made[index].size) + " of " + size_text(reply.source) + ", " +
         printable(reply.decoder) + ", " + display::format_fixed(milliseconds, 1) + " ms";
}

JsonRecord record_of(const PlannedOutput& photo, const std::string& output,
                     std::string_view status) {
  JsonRecord record;
  record.add_path("path", photo.input.path);
  if (!output.empty()) {
    record.add_path("output", output);
  }
  record.add("status", status);
  return record;
}

const char* name_of(imaging::ProfileFate fate) {
  switch (fate) {
    case imaging::ProfileFate::Absent:
      return "none";
    case imaging::ProfileFate::Same:
      return "same";
    case imaging::ProfileFate::Converted:
      return "converted";
    case imaging::ProfileFate::Kept:
      return "kept";
    case imaging::ProfileFate::Ignored:
      return "ignored";
    case imaging::ProfileFate::Broken:
      return "broken";
  }
  return "";
}

// What is to be said of a photo though it is whole; empty: nothing.
std::string warning_of(const ThumbnailReply& reply) {
  return reply.profile == imaging::ProfileFate::Broken
             ? "its colour profile is broken and was left out"
             : "";
}

JsonRecord record_of(const PlannedOutput& photo, const ThumbnailReply& reply, std::size_t index) {
  const imaging::Thumbnail& thumbnail = reply.made[index];
  JsonRecord record =
      record_of(photo, photo.outputs[index], reply.damage.empty() ? "ok" : "damaged");
  if (!reply.damage.empty()) {
    record.add("reason", reply.damage);
  }
  if (const std::string warning = warning_of(reply); !warning.empty()) {
    record.add("warning", warning);
  }
  record.add("in_width", std::int64_t{reply.source.width});
  record.add("in_height", std::int64_t{reply.source.height});
  record.add("out_width", std::int64_t{thumbnail.size.width});
  record.add("out_height", std::int64_t{thumbnail.size.height});
  record.add("bytes_in", static_cast<std::int64_t>(reply.source_bytes));
  record.add("bytes_out", static_cast<std::int64_t>(thumbnail.bytes.size()));
  record.add("decoder", reply.decoder);
  record.add("orientation", std::int64_t{reply.orientation});
  record.add("icc", name_of(reply.profile));
  record.add("ms", static_cast<double>(reply.nanoseconds) / kNanosecondsPerMillisecond);
  record.add("worker", std::int64_t{reply.worker});
  record.add("attempt", std::int64_t{reply.attempt});
  if (reply.sections > 1) {
    record.add("sections", std::int64_t{reply.sections});
  }
  return record;
}

const char* status_of(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::TimedOut:
      return "timeout";
    case FailureKind::Crashed:
    case FailureKind::Exited:
      return "crashed";
    case FailureKind::Exception:
    case FailureKind::Cancelled:
    case FailureKind::Serialization:
    case FailureKind::Broken:
      return "failed";
  }
  return "failed";
}

}  // namespace

std::span<const std::string_view> record_columns() {
  static constexpr std::array<std::string_view, 17> kColumns = {
      "path",        "output",    "status",     "reason",   "warning",   "in_width",
      "in_height",   "out_width", "out_height", "bytes_in", "bytes_out", "decoder",
      "orientation", "icc",       "ms",         "worker",   "attempt"};
  return kColumns;
}

ThumbnailReport::ThumbnailReport(display::Console& console, ReportForm form, std::size_t total,
                                 RecordFile* file)
    : console_(console), form_(form), total_(total), file_(file) {
  tell_progress();
}

void ThumbnailReport::made(const PlannedOutput& photo, const ThumbnailReply& reply,
                           std::span<const std::size_t> left) {
  ++counts_.made;
  if (!reply.damage.empty()) {
    ++counts_.damaged;
    console_.error(printable(photo.input.path) + ": warning: damaged: " + printable(reply.damage));
  }
  if (const std::string warning = warning_of(reply); !warning.empty()) {
    console_.error(printable(photo.input.path) + ": warning: " + warning);
  }
  for (std::size_t i = 0; i < photo.outputs.size(); ++i) {
    if (std::ranges::find(left, i) != left.end()) {
      tell_skipped(photo, photo.outputs[i]);
    } else {
      tell_made(photo, reply, i);
    }
  }
  tell_progress();
}

void ThumbnailReport::tell_made(const PlannedOutput& photo, const ThumbnailReply& reply,
                                std::size_t index) {
  if (has_records()) {
    tell(record_of(photo, reply, index));
  }
  if (form_ != ReportForm::Json) {
    const std::string line = line_of(photo, photo.outputs[index], "was");
    console_.result(form_ == ReportForm::Lines ? line : line + ": " + details_of(reply, index));
  }
}

void ThumbnailReport::tell_skipped(const PlannedOutput& photo, const std::string& output) {
  tell(record_of(photo, output, "skipped"));
  if (form_ == ReportForm::LongLines) {
    console_.result("The thumbnail " + printable(output) + " of " + printable(photo.input.path) +
                    " is left as it is");
  }
}

void ThumbnailReport::planned(const PlannedOutput& photo) {
  ++counts_.made;
  for (const std::string& output : photo.outputs) {
    tell(record_of(photo, output, "planned"));
    if (form_ != ReportForm::Json) {
      console_.result(line_of(photo, output, "would be"));
    }
  }
}

void ThumbnailReport::skipped(const PlannedOutput& photo) {
  ++counts_.skipped;
  if (form_ == ReportForm::Lines && file_ == nullptr) {
    return;  // Quick: with --update most photos end here.
  }
  for (const std::string& output : photo.outputs) {
    tell_skipped(photo, output);
  }
}

void ThumbnailReport::failed(const PlannedOutput& photo, const ThumbnailReply& reply) {
  tell_failure(photo, reply.is_out_of_memory ? "oom" : "failed", reply.error, nullptr);
}

void ThumbnailReport::failed(const PlannedOutput& photo, const std::string& reason) {
  tell_failure(photo, "failed", reason, nullptr);
}

void ThumbnailReport::failed(const PlannedOutput& photo, const Failure& failure) {
  tell_failure(photo, status_of(failure), failure.message(), &failure);
}

void ThumbnailReport::tell_failure(const PlannedOutput& photo, const char* status,
                                   const std::string& reason, const Failure* failure) {
  ++counts_.failed;
  console_.error(printable(photo.input.path) + ": error: " + printable(reason));
  if (has_records()) {
    JsonRecord record = record_of(photo, {}, status);
    record.add("reason", reason);
    if (failure != nullptr && failure->pid != 0) {
      record.add("worker", std::int64_t{failure->pid});
      record.add("attempt", std::int64_t{failure->attempts});
    }
    tell(record);
  }
  tell_progress();
}

void ThumbnailReport::tell(const JsonRecord& record) {
  if (form_ == ReportForm::Json) {
    console_.record(record.line());
  }
  if (file_ != nullptr) {
    file_->write(record);
  }
}

void ThumbnailReport::tell_progress() {
  console_.progress({.done = counts_.made + counts_.skipped + counts_.failed,
                     .total = total_,
                     .failed = counts_.failed,
                     .elapsed = std::chrono::steady_clock::now() - start_});
}

}  // namespace bulkhead::jobs
