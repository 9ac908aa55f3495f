// bulkhead extract, as its users meet it.

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "files/temporary_folder.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

class ExtractProgramTest : public testing::Test {
 protected:
  Ended run(const Strings& arguments) const {
    Strings argv = {BULKHEAD_PROGRAM, "extract"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  // "$@" is the job.
  Ended run_in_shell(const std::string& script, const Strings& arguments) const {
    Strings argv = {"/bin/sh", "-c", script, "sh", BULKHEAD_PROGRAM, "extract"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  // Of a folder of the shared data, one object a row; none: it is not there.
  std::vector<json> rows_of_shared(const std::string& name, Strings arguments) const {
    const std::string path = std::string(BULKHEAD_DATA) + "/" + name;
    std::vector<json> rows;
    if (std::filesystem::exists(path)) {
      arguments.insert(arguments.end(), {"--to", "jsonl", path});
      std::istringstream lines(run(arguments).out);
      for (std::string line; std::getline(lines, line);) {
        rows.push_back(json::parse(line));
      }
    }
    return rows;
  }

  // Each with its names, of the table `rows`.
  Strings rows_of_database(const std::string& name) const {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((folder / name).c_str(), &database), SQLITE_OK);
    Strings rows;
    const auto add = [](void* all, int count, char** values, char** names) {
      std::string row;
      for (int i = 0; i < count; ++i) {
        row += std::string(names[i]) + "=" + (values[i] == nullptr ? "NULL" : values[i]) + " ";
      }
      static_cast<Strings*>(all)->push_back(row);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database, "select * from rows", add, &rows, nullptr), SQLITE_OK);
    sqlite3_close(database);
    return rows;
  }

  files::TemporaryFolder folder;
};

double sum_of(const std::vector<json>& rows, const std::string& column) {
  double sum = 0;
  for (const json& row : rows) {
    const std::string text = row.value(column, "");
    sum += text.empty() ? 0 : std::stod(text);
  }
  return sum;
}

TEST_F(ExtractProgramTest, FiguresOfRealCsv) {
  const auto rows = rows_of_shared("csv", {});
  if (rows.empty()) {
    GTEST_SKIP() << BULKHEAD_DATA "/csv is not there";
  }
  EXPECT_EQ(rows.size(), 6237U);
  EXPECT_EQ(sum_of(rows, "nuovi_positivi"), 4'324'928);
}

TEST_F(ExtractProgramTest, FiguresOfRealJson) {
  const auto rows = rows_of_shared("json", {"--rows", ".objects[]", "--col", "type"});
  if (rows.empty()) {
    GTEST_SKIP() << BULKHEAD_DATA "/json is not there";
  }
  EXPECT_EQ(rows.size(), 2064U);
  EXPECT_EQ(std::ranges::count(rows, json({{"type", "relationship"}})), 1670);
}

TEST_F(ExtractProgramTest, FiguresOfRealXml) {
  const auto rows = rows_of_shared("xml", {"--rows", "//planet", "--col", "mass"});
  if (rows.empty()) {
    GTEST_SKIP() << BULKHEAD_DATA "/xml is not there";
  }
  EXPECT_EQ(rows.size(), 1110U);
  EXPECT_EQ(
      std::ranges::count_if(rows, [](const json& row) { return !row.value("mass", "").empty(); }),
      557);
  EXPECT_NEAR(sum_of(rows, "mass"), 989.591966, 1e-6);
}

TEST_F(ExtractProgramTest, OneTableOfFilesOfAllFormats) {
  folder.write("a.csv", "id,name\n1,\"x,y\"\n");
  folder.write("b.json", "[{\"name\":\"b\",\"more\":2.5}]");
  folder.write("c.xml", "<all><row id=\"3\"><name>c</name></row></all>");
  const Ended ended = run({"a.csv", "b.json", "c.xml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "id,name,more,@id\n1,\"x,y\",,\n,b,2.5,\n,c,,3\n");
  EXPECT_EQ(run({"--to", "tsv", "--col", "n=name", "a.csv"}).out, "n\nx,y\n");
}

TEST_F(ExtractProgramTest, AnyNumberOfWorkersGivesTheSameBytes) {
  // Quotes and line ends everywhere, in a file of several portions.
  std::string text = "a,b,c\n";
  for (int i = 0; i < 60'000; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",\"line " + number + "\nand \"\"more\"\", yes\",5\" disk" +
            (i % 1000 == 0 ? ",too many\n" : "\n");
  }
  folder.write("a.csv", text);
  const Ended one = run({"-j", "1", "--executor", "inline", "--rejects", "one", "a.csv"});
  EXPECT_EQ(one.status, 1);
  EXPECT_NE(one.err.find("60000 records in: 59940 out, 0 filtered, 60 rejected"), std::string::npos)
      << one.err;
  for (const char* jobs : {"2", "5"}) {
    EXPECT_TRUE(run({"-j", jobs, "--rejects", "other", "a.csv"}).out == one.out);
    EXPECT_EQ(folder.read("other"), folder.read("one"));
  }
}

TEST_F(ExtractProgramTest, PackedFileMayHaveMoreThanItsWorkerHasRoomFor) {
  const std::string cell(500, 'x');
  std::string text = "a,b\n";
  for (int i = 0; i < 30'000; ++i) {
    text += std::to_string(i) + "," + cell + (i % 2 == 0 ? "\n" : ",too many\n");
  }
  folder.write("a.csv", text);
  for (const Strings& form : {Strings{"--to", "csv"}, Strings{"--to", "sqlite", "-o", "out"}}) {
    Strings arguments = {"-", "--memory", "12M"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    const Ended plain = run_in_shell(R"("$@" --rejects plain < a.csv)", arguments);
    const Strings rows = form.size() == 2 ? Strings() : rows_of_database("out");
    const Ended packed = run_in_shell(R"(gzip -1 -c a.csv | "$@" --rejects packed)", arguments);
    EXPECT_EQ(packed.status, 1) << packed.err;
    EXPECT_NE(packed.err.find("30000 records in: 15000 out, 0 filtered, 15000 rejected"),
              std::string::npos)
        << packed.err;
    EXPECT_TRUE(packed.out == plain.out);
    EXPECT_TRUE(folder.read("packed") == folder.read("plain"));
    EXPECT_TRUE(form.size() == 2 || rows_of_database("out") == rows);
  }
}

TEST_F(ExtractProgramTest, LargeDocumentsMayHaveMoreRowsThanTheirWorkerHasRoomFor) {
  const std::string name(4000, 'n');
  std::string text = "<all><name>" + name + "</name>";
  for (int i = 0; i < 10'000; ++i) {
    text += "<row><id>" + std::string(150, 'i') + "</id></row>";
  }
  folder.write("a.xml", text + "</all>");
  const Ended ended =
      run({"--rows", "//row", "--col", "name=../name", "--col", "id", "--memory", "32M", "a.xml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out.size(), std::string("name,id\n").size() + 10'000U * 4152);
}

TEST_F(ExtractProgramTest, OfPackedFilesThatAreDamagedTheRowsBeforeAreMade) {
  const auto rows_of = [this](const std::string& text, const std::string& name) {
    folder.write(name, text);
    const Ended packed = run_in_shell("gzip -c " + name +
                                          " > whole.gz; s=$(stat -c %s whole.gz); "
                                          "head -c $((s / 2)) whole.gz > " +
                                          name +
                                          ".gz; "
                                          "\"$@\" --rejects rejects " +
                                          name + ".gz",
                                      {});
    EXPECT_EQ(packed.status, 1);
    EXPECT_NE(packed.err.find(name + ".gz: error: is cut off\n"), std::string::npos) << packed.err;
    EXPECT_EQ(folder.read("rejects"), "{\"file\":\"" + name + ".gz\",\"reason\":\"is cut off\"}\n");
    const Ended whole = run({name});
    EXPECT_GT(packed.out.size(), 100U);
    EXPECT_LT(packed.out.size(), whole.out.size());
    EXPECT_TRUE(packed.out.ends_with('\n'));
    EXPECT_TRUE(whole.out.starts_with(packed.out));
  };
  std::string csv = "a,b\n";
  std::string lines;
  for (int i = 0; i < 100'000; ++i) {
    csv += std::to_string(i * 7919 % 1'000'003) + "," + std::to_string(i) + "\n";
    lines += R"({"a":)" + std::to_string(i * 7919 % 1'000'003) + "}\n";
  }
  rows_of(csv, "a.csv");
  rows_of(lines, "a.jsonl");
}

TEST_F(ExtractProgramTest, BadRecordsAndFilesAreNamedAndTheRestIsMade) {
  folder.write("a.csv", "a,b\n1,2\n1,2,3\n");
  folder.write("b.json", "{\"a\":");
  const Ended ended = run({"--rejects", "rejects", "a.csv", "b.json", "missing"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "a,b\n1,2\n");
  EXPECT_NE(ended.err.find("b.json: error: is no JSON: "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("missing: error: no such file or directory\n"), std::string::npos);
  EXPECT_NE(folder.read("rejects").find("{\"file\":\"a.csv\",\"record\":2,\"offset\":8,"
                                        "\"reason\":\"has 3 fields, and the header 2\","
                                        "\"raw\":\"1,2,3\"}\n"),
            std::string::npos)
      << folder.read("rejects");
}

TEST_F(ExtractProgramTest, WrongUsageIsRefused) {
  folder.write("a.csv", "a\n1\n");
  for (const Strings& wrong :
       {Strings{"--to", "sqlite", "a.csv"}, Strings{"--rows", "a[", "a.csv"},
        Strings{"--col", "x=", "a.csv"}, Strings{"-o", "a.csv/out", "a.csv"}}) {
    EXPECT_EQ(run(wrong).status, 2) << wrong[0];
  }
}

TEST_F(ExtractProgramTest, DescriptionAndDatabase) {
  folder.write("a.csv", "id,Id,name\n1,2,x\n2,,\n");
  EXPECT_EQ(run({"--describe", "a.csv"}).out,
            "2 rows\n  filled  kind     column\n"
            "   100 %  integer  --col 'id'  e.g. 1\n"
            "    50 %  integer  --col 'Id'  e.g. 2\n"
            "    50 %  text     --col 'name'  e.g. x\n");
  EXPECT_EQ(run({"--to", "sqlite", "-o", "out", "a.csv"}).status, 0);
  EXPECT_EQ(rows_of_database("out"), Strings({"id=1 Id_2=2 name=x ", "id=2 Id_2= name= "}));
}

TEST_F(ExtractProgramTest, NamesOfADatabaseAreOwnOnesOrRefused) {
  folder.write("a.csv", std::string("a,A,A_2,b\0c\n1,2,3,4\n", 20));
  EXPECT_EQ(run({"--to", "sqlite", "-o", "out", "a.csv"}).status, 0);
  EXPECT_EQ(rows_of_database("out"), Strings({"a=1 A_3=2 A_2=3 b\uFFFDc=4 "}));
  folder.write("wide.csv", std::string(2000, ',') + "\n");
  folder.write("none.csv", "");
  for (const Strings& wrong :
       {Strings{"wide.csv"}, Strings{"none.csv"}, Strings{"--table", "sqlite_x", "a.csv"}}) {
    Strings arguments = {"--to", "sqlite", "-o", "refused"};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << wrong[0];
    EXPECT_NE(ended.err.find("refused: cannot write: "), std::string::npos) << ended.err;
  }
}

TEST_F(ExtractProgramTest, DescriptionHasColumnsAsTheyAreAskedFor) {
  folder.write("a.csv", "Price [EUR],it's\n1,2\n");
  const std::string text = run({"--describe", "a.csv"}).out;
  EXPECT_NE(text.find(R"(--col '["Price [EUR]"]'  e.g. 1)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"(--col 'it'\''s'  e.g. 2)"), std::string::npos) << text;
  const Ended ended = run({"--col", "[\"Price [EUR]\"]", "--col", "none", "a.csv"});
  EXPECT_EQ(ended.out, "Price [EUR],none\n1,\n");
  EXPECT_NE(ended.err.find("warning: no row has --col 'none'\n"), std::string::npos) << ended.err;
}

TEST_F(ExtractProgramTest, FormatAndDelimiterMayBeGiven) {
  folder.write("a", "x,y\tz\n");
  EXPECT_EQ(run({"--input", "tsv", "--to", "tsv", "a"}).out, "x,y\tz\n");
  EXPECT_EQ(run({"--delimiter", ",", "a"}).out, "x,y\tz\n");
  EXPECT_EQ(run({"--delimiter", "\n", "a"}).status, 2);
  EXPECT_EQ(run({"--input", "jsonl", "a"}).status, 1);
}

TEST_F(ExtractProgramTest, FilesOfTheKernelAreReadToTheirEnd) {
  // It says that it has no bytes.
  EXPECT_NE(run({"/proc/filesystems"}).out.find("\nnodev,proc\n"), std::string::npos);
}

TEST_F(ExtractProgramTest, RecordThatNoWorkerHasRoomForIsRejectedAloneAndNumbered) {
  folder.write("a.csv",
               "a,b\n1,x\nbig," + std::string(std::size_t{3} << 20U, 'y') + "\n2,x\n1,2,3\n");
  const Ended ended = run({"--memory", "6M", "--rejects", "rejects", "a.csv"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "a,b\n1,x\n2,x\n");
  EXPECT_NE(folder.read("rejects").find("\"record\":2,\"offset\":8,"), std::string::npos);
  EXPECT_NE(folder.read("rejects").find("\"record\":4,"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::tests
