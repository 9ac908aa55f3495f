#include "records/sqlite_file.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "files/temporary_folder.h"

namespace bulkhead::records {
namespace {

// The first column of all rows, a line each.
std::string query(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  std::string lines;
  const auto add = [](void* text, int, char** values, char**) {
    *static_cast<std::string*>(text) +=
        std::string(values[0] == nullptr ? "NULL" : values[0]) + "\n";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), add, &lines, nullptr), SQLITE_OK);
  sqlite3_close(database);
  return lines;
}

TEST(SqliteFileTest, KeepsValuesOfEveryKindUnderAnyName) {
  const files::TemporaryFolder folder;
  const std::string path = folder / "a.sqlite";
  SqliteFile file(path);
  file.create_table("odd \"name", {"a b", "n", "r", "none"}, {"TEXT", "INTEGER", "REAL", ""});
  file.insert({std::string_view("te\nxt"), std::int64_t{-5}, 0.5});
  ASSERT_TRUE(file.close());
  EXPECT_EQ(query(path, "select \"a b\" || n || r from \"odd \"\"name\""), "te\nxt-50.5\n");
  EXPECT_EQ(query(path, "select \"none\" from \"odd \"\"name\""), "NULL\n");
}

TEST(SqliteFileTest, FirstErrorIsKept) {
  const files::TemporaryFolder folder;
  SqliteFile file(folder / "a.sqlite");
  file.create_table("t", {"a", "a"}, {"TEXT", "TEXT"});
  file.insert({std::string_view("x")});
  const auto closed = file.close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error(), "duplicate column name: a");
  SqliteFile nowhere(folder / "missing/a.sqlite");
  EXPECT_EQ(nowhere.close().error(), "unable to open database file");
}

}  // namespace
}  // namespace bulkhead::records
