#include <nlohmann/json.hpp>

#include "logs/report.h"

namespace bulkhead::logs {
namespace {

using Json = nlohmann::ordered_json;

struct FactJson {
  Json operator()(std::monostate) const { return {}; }
  template <class Value>
  Json operator()(const Value& value) const {
    return value;
  }
};

Json as_json(const FactGroup& group) {
  Json object = Json::object();
  for (const Fact& fact : group.facts) {
    object[std::string(fact.name)] = std::visit(FactJson(), fact.value);
  }
  return object;
}

Json hits_by_key(const Section& section) {
  Json object = Json::object();
  for (const Section::Row& row : section.rows) {
    object[row.keys.front()] = row.weight.hits;
  }
  return object;
}

Json rows_in_order(const Section& section) {
  Json array = Json::array();
  for (const Section::Row& row : section.rows) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.keys.size(); ++i) {
      object[section.key_names[i]] = row.keys[i];
    }
    object["hits"] = row.weight.hits;
    object["bytes"] = row.weight.bytes;
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace

std::string as_json(const Report& report) {
  Json all = Json::object();
  for (const FactGroup& group : report.groups) {
    all[std::string(group.name)] = as_json(group);
  }
  for (const Section& section : report.sections) {
    all[std::string(section.name)] =
        section.kind == Section::Kind::Lookup ? hits_by_key(section) : rows_in_order(section);
  }
  // What is no UTF-8 becomes U+FFFD: JSON is Unicode.
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::logs
