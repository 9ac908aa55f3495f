#include "logs/read_logs.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "logs/detect_format.h"
#include "records/line_reader.h"
#include "records/reply_parts.h"

namespace bulkhead::logs {
namespace {

using records::Line;
using records::LineReader;

// By the first lines of the file, so that every portion of it comes to the same.
Expected<std::unique_ptr<LogFormat>, std::string> format_of(const std::string& path) {
  // Each portion looks through it again.
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
  auto reader = LineReader::open({.path = path, .end = kMostBytes});
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  FormatDetector detector;
  Line line;
  while (!detector.is_sure() && reader->next(line)) {
    if (line.is_whole) {
      detector.add(line.text);
    }
  }
  return detector.best();
}

class PortionRun {
 public:
  PortionRun(const LogTask& task, std::size_t place, const std::optional<records::Condition>& where,
             Statistics& statistics, records::PartWriter& parts)
      : task_(task),
        place_(place),
        query_(task.query),
        where_(where),
        statistics_(statistics),
        parts_(parts) {}

  // Without a format every line is rejected.
  PortionReply read(LogFormat* format) {
    format_ = format;
    auto reader = LineReader::open(task_.batch[place_]);
    if (!reader) {
      reply_.problem = std::move(reader.error());
      return std::move(reply_);
    }
    if (format_ != nullptr) {
      reply_.format = format_->name();
    }
    read_lines(*reader);
    reply_.problem = reader->problem();
    return std::move(reply_);
  }

 private:
  void read_lines(LineReader& reader) {
    std::array<Line, Statistics::kMostTogether> lines;
    std::array<Request, Statistics::kMostTogether> wanted;
    const std::size_t most = format_ == nullptr || format_->keeps_requests() ? lines.size() : 1;
    while (const std::size_t count = reader.next(std::span(lines).first(most))) {
      std::size_t wanted_count = 0;
      for (std::size_t i = 0; i < count; ++i) {
        wanted_count += reads(lines[i], wanted[wanted_count]) ? 1 : 0;
        ++reply_.lines.in;
      }
      reply_.lines.out += wanted_count;
      statistics_.add(std::span(wanted).first(wanted_count));
      if (parts_.is_open() && is_large()) {
        put_down();
      }
    }
  }

  bool is_large() const {
    return reply_.rejections.bytes() > records::kPartBytes ||
           statistics_.bytes() > task_.table_bytes;
  }

  // All so far, as a reply; what follows begins anew.
  void put_down() {
    LogReply part;
    part.portions.resize(place_ + 1);
    part.portions[place_] = std::exchange(reply_, PortionReply{.format = reply_.format});
    part.statistics = statistics_.packed(query_.share);
    statistics_ = Statistics(query_.by);
    parts_.add(part);
  }

  // Reads a request; false: it is not for the statistics.
  bool reads(const Line& line, Request& request) {
    if (format_ == nullptr) {
      // The whole file has one reason, told once.
      ++reply_.lines.rejected;
      return false;
    }
    request = Request();
    const LineProblem problem =
        line.is_whole ? format_->parse(line.text, request) : LineProblem::TooLong;
    if (problem != LineProblem::None) {
      reject(line, problem);
      return false;
    }
    reply_.lines.repaired += request.is_repaired ? 1 : 0;
    if (!is_wanted(request)) {
      ++reply_.lines.filtered;
      return false;
    }
    return true;
  }

  bool is_wanted(const Request& request) const {
    const std::int64_t seconds = request.time.local_seconds();
    return (!query_.since || seconds >= *query_.since) &&
           (!query_.until || seconds < *query_.until) && (!where_ || is_where(request));
  }

  bool is_where(const Request& request) const {
    std::string room;
    return where_->is_true(
        [&](std::uint32_t field) { return text_of(static_cast<Field>(field), request, room); });
  }

  void reject(const Line& line, LineProblem problem) {
    ++reply_.lines.rejected;
    if (query_.keeps_rejections) {
      reply_.rejections.add(reply_.lines.in + 1, line.offset, words_of(problem), line.text);
    }
  }

  const LogTask& task_;
  std::size_t place_;
  const LogQuery& query_;
  const std::optional<records::Condition>& where_;
  LogFormat* format_ = nullptr;
  Statistics& statistics_;
  records::PartWriter& parts_;
  PortionReply reply_;
};

}  // namespace

Expected<std::optional<records::Condition>, std::string> parse_where(const std::string& text) {
  if (text.empty()) {
    return std::optional<records::Condition>();
  }
  const auto find = [](std::string_view name) -> std::optional<std::uint32_t> {
    const auto field = field_of(name);
    return field ? std::optional(static_cast<std::uint32_t>(*field)) : std::nullopt;
  };
  auto condition = records::Condition::parse(text, find);
  if (!condition) {
    return Unexpected(std::move(condition.error()));
  }
  return std::optional(*std::move(condition));
}

LogReply read_logs(const LogTask& task) {
  const LogQuery& query = task.query;
  Statistics statistics(query.by);
  LogReply reply;
  records::PartWriter parts(task.parts_path);
  const auto where = parse_where(query.where);
  for (std::size_t place = 0; place < task.batch.size(); ++place) {
    auto format =
        query.format == "auto" ? format_of(task.batch[place].path) : make_format(query.format);
    if (!format || !where) {
      reply.portions.push_back({.problem = format ? where.error() : format.error()});
      continue;
    }
    PortionRun run(task, place, *where, statistics, parts);
    reply.portions.push_back(run.read(format->get()));
  }
  reply.statistics = statistics.packed(query.share);
  return reply;
}

}  // namespace bulkhead::logs
