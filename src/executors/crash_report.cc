#include "executors/crash_report.h"

#include <algorithm>
#include <csignal>
#include <string_view>

#include "executors/thrown.h"
#include "os/crash_handler.h"

namespace bulkhead::executors {

namespace {

TaskPhase phase_of(std::uint8_t word) {
  return word <= static_cast<std::uint8_t>(TaskPhase::Destroy) ? static_cast<TaskPhase>(word)
                                                               : TaskPhase::None;
}

/// Why std::terminate was called, or which system call was trapped, in one line of text whatever
/// the bytes; empty: neither was.
std::string recorded_reason(const os::CrashRecord& record) {
  if (record.reason_bytes == 0) {
    return {};
  }
  std::string words(record.reason.data(), record.reason_bytes);
  std::ranges::replace_if(
      words, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return (record.signal == SIGSYS ? "the sandbox forbids " : "std::terminate: ") + words;
}

std::string reason_of(const os::CrashRecord& record, const WorkerSeat& seat,
                      const Evidence& evidence) {
  if (!seat.killed_for.empty()) {
    return seat.killed_for;
  }
  return evidence.out_of_memory
             ? "memory was short, and the kernel killed a process of its control group"
             : recorded_reason(record);
}

/// What the record says of the signal; it counts only if it is of the one that killed the worker.
void add_scene(const os::CrashRecord& record, Evidence& evidence) {
  if (record.has_address != 0) {
    evidence.address = record.address;
  }
  for (const os::CodeAddress place : std::span(record.stack).first(record.places)) {
    evidence.places.push_back({place.module, place.offset});
  }
}

}  // namespace

WorkerEnding ending_of(const os::WorkerReport& report, const WorkerSeat& seat, OomWatch& oom) {
  const bool killed = report.kind == os::WorkerReport::Kind::Killed;
  const os::CrashRecord record = seat.channel().black_box();
  Evidence evidence;
  evidence.core_dumped = report.core_dumped;
  evidence.cpu_time = report.cpu_time;
  evidence.max_rss_bytes = report.max_rss_bytes;
  evidence.out_of_memory = killed && report.status == SIGKILL && seat.killed_for.empty() &&
                           oom.explains_death(seat.oom_kills_before);
  if (killed && report.status == record.signal) {
    add_scene(record, evidence);
  }
  return {.report = report,
          .index = seat.has_lied ? std::nullopt : index_of_item(seat.channel().item()),
          .phase = seat.has_lied ? TaskPhase::None : phase_of(seat.channel().phase()),
          .evidence = std::make_shared<const Evidence>(evidence),
          .reason = reason_of(record, seat, evidence)};
}

void describe(const WorkerEnding& ending, Failure& failure) {
  failure.pid = ending.report.pid;
  failure.index = ending.index;
  failure.phase = ending.phase;
  failure.evidence = ending.evidence;
  if (failure.kind != FailureKind::Crashed) {
    return;
  }
  const bool exited = ending.report.kind == os::WorkerReport::Kind::Exited;
  failure.kind = exited ? FailureKind::Exited : FailureKind::Crashed;
  failure.exit_status = exited ? ending.report.status : 0;
  failure.signal = exited ? 0 : ending.report.status;
  failure.detail = ending.reason;
}

}  // namespace bulkhead::executors
