#include <nlohmann/json.hpp>

#include "logs/report.h"

namespace bulkhead::logs {
namespace {

using Json = nlohmann::ordered_json;

Json overview(const Report& report) {
  return {{"lines", report.lines.in},
          {"requests", report.lines.out},
          {"filtered", report.lines.filtered},
          {"rejected", report.lines.rejected},
          {"repaired", report.lines.repaired},
          {"not_http", report.not_http},
          {"bytes", report.bytes},
          {"clients", report.clients},
          {"visitors", report.visitors},
          {"first", report.first.empty() ? Json() : Json(report.first)},
          {"last", report.last.empty() ? Json() : Json(report.last)}};
}

Json hits_by_key(const Section& section) {
  Json object = Json::object();
  for (const Section::Row& row : section.rows) {
    object[row.key] = row.weight.hits;
  }
  return object;
}

Json rows_in_order(const Section& section) {
  Json array = Json::array();
  for (const Section::Row& row : section.rows) {
    array.push_back({{std::string(section.key_name), row.key},
                     {"hits", row.weight.hits},
                     {"bytes", row.weight.bytes}});
  }
  return array;
}

}  // namespace

std::string as_json(const Report& report) {
  Json all = {{"overview", overview(report)}};
  for (const Section& section : report.sections) {
    all[std::string(section.name)] =
        section.kind == Section::Kind::Lookup ? hits_by_key(section) : rows_in_order(section);
  }
  // What is no UTF-8 becomes U+FFFD: JSON is Unicode.
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::logs
