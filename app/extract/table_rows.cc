#include "extract/table_rows.h"

#include <algorithm>
#include <span>
#include <utility>

#include "extract/csv_reader.h"
#include "extract/csv_rows.h"
#include "extract/json_rows.h"
#include "extract/row_writer.h"
#include "extract/utf8.h"
#include "extract/xml_rows.h"
#include "records/byte_source.h"
#include "records/reply_parts.h"

namespace bulkhead::extract {
namespace {

using records::Portion;

Expected<std::vector<std::string>, std::string> names_of(const Portion& file,
                                                         const Detected& detected,
                                                         const Path& rows) {
  switch (detected.format) {
    case FileFormat::Csv: {
      auto header = csv_header(file.path, detected.separator);
      if (!header) {
        return Unexpected(std::move(header.error()));
      }
      return std::move(header->names);
    }
    case FileFormat::Json:
      return json_names(file.path, rows);
    case FileFormat::JsonLines:
      return json_lines_names(file, rows);
    case FileFormat::Xml:
      return xml_names(file.path, rows);
  }
  return std::vector<std::string>();
}

Survey survey_of(const Portion& file, const SurveyTask& task) {
  Survey survey;
  const auto detected = detect_file(file.path, task.given);
  if (!detected) {
    survey.problem = detected.error();
    return survey;
  }
  survey.detected = *detected;
  if (!*detected || !task.needs_columns) {
    return survey;
  }
  auto names = names_of(file, **detected, task.rows);
  if (!names) {
    survey.problem = std::move(names.error());
  } else if (task.needs_utf8 && !std::ranges::all_of(*names, is_utf8)) {
    survey.problem = "has a column whose name is no UTF-8";
  } else {
    survey.columns = *std::move(names);
  }
  return survey;
}

// The state where the portion begins, by what is before it.
Expected<QuoteState, std::string> state_of(const ExtractPortion& from) {
  if (from.portion.begin == from.state_at) {
    return from.state;
  }
  Portion before = from.portion;
  before.begin = from.state_at;
  before.end = from.portion.begin;
  const ScanReply scanned = scan({.portion = before, .separator = from.detected->separator});
  if (!scanned.problem.empty()) {
    return Unexpected(scanned.problem);
  }
  return scanned.map[static_cast<std::size_t>(from.state)];
}

Expected<void, std::string> read_rows(const ExtractPortion& from, const ExtractQuery& query,
                                      RowReceiver& receiver) {
  const Portion& portion = from.portion;
  switch (from.detected->format) {
    case FileFormat::Csv: {
      const auto state = state_of(from);
      if (!state) {
        return Unexpected(state.error());
      }
      return read_csv({portion, from.detected->separator, *state}, query.columns,
                      needs_utf8(query.form) ? CellBytes::Utf8 : CellBytes::Any, receiver);
    }
    case FileFormat::Json:
      return read_json(portion.path, query.rows, query.columns, receiver);
    case FileFormat::JsonLines:
      return read_json_lines(portion, query.rows, query.columns, receiver);
    case FileFormat::Xml:
      return read_xml(portion.path, query.rows, query.columns, receiver);
  }
  return {};
}

}  // namespace

SurveyReply survey(const SurveyTask& task) {
  SurveyReply reply;
  for (const Portion& file : task.batch) {
    reply.files.push_back(survey_of(file, task));
  }
  return reply;
}

ScanReply scan(const ScanTask& task) {
  ScanReply reply{.map = kUnchanged};
  const Portion& portion = task.portion;
  auto source = records::open_bytes(portion.path, portion.begin);
  if (!source) {
    reply.problem = source.error();
    return reply;
  }
  constexpr std::uint64_t kBlockBytes = std::uint64_t{256} << 10U;
  std::vector<char> block(kBlockBytes);
  for (std::uint64_t left = portion.end - portion.begin; left > 0;) {
    const auto got = (*source)->read(std::span(block).first(std::min(left, kBlockBytes)));
    if (!got || *got == 0) {
      reply.problem = got ? "" : got.error();
      return reply;
    }
    std::string_view bytes(block.data(), *got);
    if (portion.begin == 0 && left == portion.end && bytes.starts_with(kByteOrderMark)) {
      bytes.remove_prefix(kByteOrderMark.size());
    }
    reply.map = followed_by(reply.map, bytes, task.separator);
    left -= *got;
  }
  return reply;
}

ExtractReply extract(const ExtractTask& task) {
  ExtractReply reply;
  reply.portions.resize(task.portions.size());
  records::PartWriter parts(task.parts_path);
  RowWriter writer(task.query, reply, parts);
  for (std::size_t i = 0; i < task.portions.size(); ++i) {
    if (!task.portions[i].detected) {
      continue;  // It is empty.
    }
    writer.begin(task.portions[i].portion, reply.portions[i]);
    const auto read = read_rows(task.portions[i], task.query, writer);
    if (!read) {
      reply.portions[i].problem = read.error();
    }
  }
  return reply;
}

}  // namespace bulkhead::extract
