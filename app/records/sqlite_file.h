#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <bulkhead/expected.h>

struct sqlite3;
struct sqlite3_stmt;

namespace bulkhead::records {

/// What a cell of a table may hold; monostate is NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string_view>;

/// A database that is written from nothing, as one transaction. Errors are kept: the first one
/// comes from close(), and nothing is written after it.
class SqliteFile {
 public:
  /// `path` is a file that is empty or not there.
  explicit SqliteFile(const std::string& path);
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;
  ~SqliteFile();

  /// Columns that a table may have.
  std::size_t max_columns() const;

  /// Why nothing is written any more; empty: nothing went wrong so far.
  const std::string& problem() const { return problem_; }

  /// Makes a table, into which insert() writes from now on. Names may be anything without NUL;
  /// `types` are of SQL ("TEXT"), as many as there are columns.
  void create_table(std::string_view name, const std::vector<std::string>& columns,
                    const std::vector<std::string_view>& types);

  /// One row; columns beyond `values` are NULL.
  void insert(const std::vector<SqlValue>& values);

  /// Ends the transaction; the last call. The error is SQLite's.
  Expected<void, std::string> close();

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const;
  };
  struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const;
  };

  void execute(const std::string& sql);
  void keep_error(int result);
  void bind(int index, const SqlValue& value);

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::unique_ptr<sqlite3_stmt, CloseStatement> insert_;
  std::size_t columns_ = 0;
  std::string problem_;
};

}  // namespace bulkhead::records
