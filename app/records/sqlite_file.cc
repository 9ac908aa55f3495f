#include "records/sqlite_file.h"

#include <algorithm>

#include <sqlite3.h>

namespace bulkhead::records {
namespace {

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char character : name) {
    text += character == '"' ? "\"\"" : std::string(1, character);
  }
  return text + "\"";
}

}  // namespace

void SqliteFile::CloseDatabase::operator()(sqlite3* database) const {
  ::sqlite3_close(database);
}

void SqliteFile::CloseStatement::operator()(sqlite3_stmt* statement) const {
  ::sqlite3_finalize(statement);
}

SqliteFile::SqliteFile(const std::string& path) {
  sqlite3* database = nullptr;
  const int result = ::sqlite3_open(path.c_str(), &database);
  database_.reset(database);
  keep_error(result);
  // A file that is not complete is thrown away: nothing needs to survive a crash on the way.
  execute("PRAGMA journal_mode = OFF");
  execute("PRAGMA synchronous = OFF");
  execute("BEGIN");
}

SqliteFile::~SqliteFile() = default;

std::size_t SqliteFile::max_columns() const {
  // A negative limit asks for the one that there is (sqlite3_limit).
  return database_
             ? static_cast<std::size_t>(::sqlite3_limit(database_.get(), SQLITE_LIMIT_COLUMN, -1))
             : 0;
}

void SqliteFile::create_table(std::string_view name, const std::vector<std::string>& columns,
                              const std::vector<std::string_view>& types) {
  std::string definitions;
  std::string marks;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string separator = i == 0 ? "" : ", ";
    definitions += separator + quoted(columns[i]) + " " + std::string(types[i]);
    marks += separator + "?";
  }
  execute("CREATE TABLE " + quoted(name) + " (" + definitions + ")");
  columns_ = columns.size();
  insert_.reset();
  if (problem_.empty()) {
    const std::string sql = "INSERT INTO " + quoted(name) + " VALUES (" + marks + ")";
    sqlite3_stmt* statement = nullptr;
    keep_error(::sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr));
    insert_.reset(statement);
  }
}

void SqliteFile::insert(const std::vector<SqlValue>& values) {
  if (!problem_.empty() || !insert_) {
    return;
  }
  for (std::size_t i = 0; i < std::min(values.size(), columns_); ++i) {
    bind(static_cast<int>(i) + 1, values[i]);
  }
  const int result = ::sqlite3_step(insert_.get());
  keep_error(result == SQLITE_DONE ? SQLITE_OK : result);
  ::sqlite3_reset(insert_.get());
  ::sqlite3_clear_bindings(insert_.get());
}

void SqliteFile::bind(int index, const SqlValue& value) {
  sqlite3_stmt* const statement = insert_.get();
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    ::sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    ::sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    // Static: the text outlives the step in insert().
    ::sqlite3_bind_text64(statement, index, text->data() == nullptr ? "" : text->data(),
                          text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
}

Expected<void, std::string> SqliteFile::close() {
  execute("COMMIT");
  insert_.reset();
  database_.reset();
  if (!problem_.empty()) {
    return Unexpected(problem_);
  }
  return {};
}

void SqliteFile::execute(const std::string& sql) {
  if (problem_.empty()) {
    keep_error(::sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr));
  }
}

void SqliteFile::keep_error(int result) {
  if (result != SQLITE_OK && problem_.empty()) {
    problem_ = database_ ? ::sqlite3_errmsg(database_.get()) : ::sqlite3_errstr(result);
  }
}

}  // namespace bulkhead::records
