#include "extract/table_rows.h"

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::extract {
namespace {

class TableRowsTest : public testing::Test {
 protected:
  // The rows of a file as JSON lines; columns as they would be given to --col.
  std::string rows(const std::string& text, const std::string& rows_path,
                   const std::vector<std::string>& columns) {
    ExtractTask task;
    const std::string path = folder_.write("file", text);
    task.portions = {{.portion = {.path = path}, .detected = *detect_file(path)}};
    task.query.form = form_;
    task.query.keeps_rejections = true;
    if (!rows_path.empty()) {
      task.query.rows = *parse_path(rows_path);
    }
    for (const std::string& column : columns) {
      task.query.columns.push_back({.name = column, .text = column, .path = *parse_path(column)});
    }
    ExtractReply reply = extract(task);
    portion_ = reply.portions.at(0);
    return reply.text;
  }

  Survey survey_of(const std::string& text, const std::string& rows_path = "") {
    const Path path = rows_path.empty() ? Path() : *parse_path(rows_path);
    return survey({.batch = {{.path = folder_.write("file", text)}}, .rows = path}).files.at(0);
  }

  files::TemporaryFolder folder_;
  RowForm form_ = RowForm::JsonLines;
  PortionRows portion_;
};

TEST_F(TableRowsTest, CsvColumnsAreFoundByTheirNames) {
  EXPECT_EQ(rows("id,name\n1,a\n2,\"b \"\"x\"\"\"\n", "", {"name", "missing", ".id"}),
            "{\"name\":\"a\",\".id\":\"1\"}\n{\"name\":\"b \\\"x\\\"\",\".id\":\"2\"}\n");
}

TEST_F(TableRowsTest, RaggedRowsOfCsvAreRepairedOrRejected) {
  EXPECT_EQ(rows("a,b\n1\n1,2,,\n1,2,3\n\"1", "", {"a", "b"}),
            "{\"a\":\"1\"}\n{\"a\":\"1\",\"b\":\"2\"}\n");
  EXPECT_EQ(portion_.rows.in, 4U);
  EXPECT_EQ(portion_.rows.rejected, 2U);
  EXPECT_EQ(portion_.padded, 1U);
  EXPECT_EQ(portion_.trimmed, 1U);
  ASSERT_EQ(portion_.rejections.size(), 2U);
  EXPECT_EQ(portion_.rejections[0].number, 3U);
  EXPECT_EQ(portion_.rejections[0].offset, 12U);
  EXPECT_EQ(portion_.rejections[0].reason, "has 3 fields, and the header 2");
  EXPECT_EQ(portion_.rejections[0].raw, "1,2,3");
  EXPECT_EQ(portion_.rejections[1].reason, "a quote is not closed");
}

TEST_F(TableRowsTest, HeaderWordsThatComeTwiceAreNumbered) {
  EXPECT_EQ(survey_of("a;b;a\n").columns, std::vector<std::string>({"a", "b", "a_2"}));
}

TEST_F(TableRowsTest, ThousandsOfEqualHeaderWordsAreNumberedInTime) {
  EXPECT_EQ(survey_of("a_2,a,a,a_3,a\n").columns,
            std::vector<std::string>({"a_2", "a", "a_3", "a_3_2", "a_4"}));
  EXPECT_EQ(survey_of(std::string(100'000, ',') + "\n").columns.back(), "_100001");
}

TEST_F(TableRowsTest, QuoteThatTheFirstRecordDoesNotCloseFailsTheFile) {
  EXPECT_EQ(rows("a,\"b\n1,2\n3,4\n", "", {"a"}), "");
  EXPECT_EQ(portion_.problem, "the first record has a quote that is not closed");
  EXPECT_EQ(survey_of("a,\"b\n1,2\n").problem, portion_.problem);
}

TEST_F(TableRowsTest, HeaderBehindEmptyLinesIsNoRowOfAnyPortion) {
  const std::string path = folder_.write("file", std::string(100, '\n') + "a\n1\n2\n");
  ExtractTask task{.portions = {{.portion = {.path = path, .end = 50}, .detected = Detected()},
                                {.portion = {.path = path, .begin = 50}, .detected = Detected()}}};
  task.query.columns = {{.name = "a", .text = "a"}};
  EXPECT_EQ(extract(task).text, "1\n2\n");
}

TEST_F(TableRowsTest, WhatIsNoUtf8IsRejectedWhereTextMustBe) {
  const std::string latin = "a,b\n1,caf\xE9\n2,x\n";
  EXPECT_EQ(rows(latin, "", {"b"}), "{\"b\":\"x\"}\n");
  ASSERT_EQ(portion_.rejections.size(), 1U);
  EXPECT_EQ(portion_.rejections[0].reason, "is no UTF-8");
  EXPECT_EQ(portion_.rejections[0].raw, "1,caf\xE9");
  EXPECT_EQ(rows(latin, "", {"a"}), "{\"a\":\"1\"}\n{\"a\":\"2\"}\n");
  form_ = RowForm::Csv;
  EXPECT_EQ(rows(latin, "", {"b"}), "caf\xE9\nx\n");
}

TEST_F(TableRowsTest, EmptyCellThatIsAloneIsARowForWhoReadsIt) {
  form_ = RowForm::Csv;
  EXPECT_EQ(rows("a,b\n,1\n2,2\n", "", {"a"}), "\"\"\n2\n");
  EXPECT_EQ(rows("[{\"b\":1}]", "", {"a"}), "\"\"\n");
  EXPECT_EQ(rows("a,b\n,\n", "", {"a", "b"}), ",\n");
  EXPECT_EQ(header_line({{.name = ""}}, RowForm::Tsv), "\"\"\n");
}

TEST_F(TableRowsTest, JsonRowsAreWhatThePathFinds) {
  const std::string json =
      "{\"o\": [{\"id\": 1, \"s\": {\"t\": \"x\\ny\"}}, {\"id\": null, \"s\": [1, 2.5]}]}";
  EXPECT_EQ(rows(json, ".o[]", {"id", "s.t", "s"}),
            "{\"id\":\"1\",\"s.t\":\"x\\ny\",\"s\":\"{\\\"t\\\":\\\"x\\\\ny\\\"}\"}\n"
            "{\"s\":\"[1,2.5]\"}\n");
  EXPECT_EQ(rows(json, "", {".o[0].id", ".o[1].s[1]"}),
            "{\".o[0].id\":\"1\",\".o[1].s[1]\":\"2.5\"}\n");
  EXPECT_EQ(rows("[{\"a\":true},{\"a\":\"é\"}]", "", {"a"}), "{\"a\":\"true\"}\n{\"a\":\"é\"}\n");
  EXPECT_EQ(survey_of(json, ".o[]").columns, std::vector<std::string>({"id", "s"}));
}

TEST_F(TableRowsTest, MembersOfJsonMayBeginWithAnAtSign) {
  const std::string json = "[{\"@timestamp\":\"x\",\"meta\":{\"@type\":1}}]";
  EXPECT_EQ(rows(json, "", {"@timestamp", "meta.@type", "[\"@timestamp\"]"}),
            "{\"@timestamp\":\"x\",\"meta.@type\":\"1\",\"[\\\"@timestamp\\\"]\":\"x\"}\n");
}

TEST_F(TableRowsTest, BadJsonHasNoRowsAndAReason) {
  EXPECT_EQ(rows("[{\"a\":1},{\"a\":}]", "", {"a"}), "");
  EXPECT_TRUE(portion_.problem.starts_with("is no JSON: ")) << portion_.problem;
}

TEST_F(TableRowsTest, BadJsonLineIsRejectedAndTheRestGoesOn) {
  EXPECT_EQ(rows("{\"a\":1}\n{\"a\":\n\n{\"a\":2}", "", {"a"}), "{\"a\":\"1\"}\n{\"a\":\"2\"}\n");
  ASSERT_EQ(portion_.rejections.size(), 1U);
  EXPECT_EQ(portion_.rejections[0].offset, 8U);
  EXPECT_EQ(portion_.rejections[0].raw, "{\"a\":");
}

TEST_F(TableRowsTest, IntegersOfAnySizeAreAsTheyAreWritten) {
  EXPECT_EQ(rows("[{\"a\":123456789012345678901234567890,\"b\":[-99999999999999999999,7,\"9\"]}]",
                 "", {"a", "b"}),
            "{\"a\":\"123456789012345678901234567890\","
            "\"b\":\"[\\\"-99999999999999999999\\\",7,\\\"9\\\"]\"}\n");
  EXPECT_EQ(rows("[01]", "", {"a"}), "");
  EXPECT_NE(portion_.problem, "");
}

TEST_F(TableRowsTest, JsonLinesWhoseFirstLineIsLongOrCutGoOn) {
  const std::string text(300'000, 'x');
  EXPECT_EQ(rows("{\"b\":\"" + text + "\",\"a\":1}\n{\"a\":2}\n", "", {"a"}),
            "{\"a\":\"1\"}\n{\"a\":\"2\"}\n");
  EXPECT_EQ(rows("{\"b\":\n{\"a\":2}\n{\"a\":3}\n", "", {"a"}), "{\"a\":\"2\"}\n{\"a\":\"3\"}\n");
  EXPECT_EQ(portion_.rejections.size(), 1U);
}

TEST_F(TableRowsTest, SurveyReadsNoMoreThanIsAskedOf) {
  const std::string path = folder_.write("file", "{\"a\":");
  EXPECT_NE(survey({.batch = {{.path = path}}}).files.at(0).problem, "");
  EXPECT_EQ(survey({.batch = {{.path = path}}, .needs_columns = false}).files.at(0).problem, "");
  const std::string latin = folder_.write("latin", "caf\xE9\n1\n");
  EXPECT_EQ(survey({.batch = {{.path = latin}}}).files.at(0).problem, "");
  EXPECT_EQ(survey({.batch = {{.path = latin}}, .needs_utf8 = true}).files.at(0).problem,
            "has a column whose name is no UTF-8");
}

TEST_F(TableRowsTest, PortionOfCsvMayBeginAnywhereBehindAKnownState) {
  const std::string text = "a,b\n1,\"x\ny\"\n\"2\n\",z\n";
  const std::string all = rows(text, "", {"a", "b"});
  const std::string path = folder_ / "file";
  for (std::uint64_t cut = 1; cut < text.size(); ++cut) {
    ExtractTask task{
        .portions = {{.portion = {.path = path, .end = cut}, .detected = Detected()},
                     {.portion = {.path = path, .begin = cut}, .detected = Detected()}}};
    task.query.form = form_;
    task.query.columns = {column_of("a"), column_of("b")};
    EXPECT_EQ(extract(task).text, all) << cut;
  }
}

TEST_F(TableRowsTest, ColumnsThatNoRowHasAreTold) {
  ExtractTask task{.portions = {{.portion = {.path = folder_.write("file", "a,b\n1\n")},
                                 .detected = Detected()}}};
  task.query.columns = {column_of("b"), column_of("a"), column_of("c")};
  EXPECT_EQ(extract(task).absent, std::vector<std::uint32_t>({0, 2}));
}

constexpr const char* kXml =
    "<?xml version=\"1.0\"?>\n<s:all xmlns:s=\"x\"><name>top</name>"
    "<star id=\"1\"><name> a &amp; b </name><p><m u=\"kg\">1</m><m>2</m></p></star>"
    "<star><p/><deep><p><m>3</m></p></deep></star></s:all>";

TEST_F(TableRowsTest, XmlRowsAndValuesAreFoundByPaths) {
  EXPECT_EQ(rows(kXml, "//p", {"m", "m[1]", "../name", "m/@u", "../@id"}),
            "{\"m\":\"1\",\"m[1]\":\"2\",\"../name\":\"a & b\",\"m/@u\":\"kg\",\"../@id\":\"1\"}\n"
            "{}\n{\"m\":\"3\"}\n");
  EXPECT_EQ(rows(kXml, "star/p", {"m"}), "{\"m\":\"1\"}\n{}\n");
  EXPECT_EQ(rows(kXml, "", {"name"}), "{}\n{\"name\":\"a & b\"}\n{}\n");
  EXPECT_EQ(survey_of(kXml, "//star").columns,
            std::vector<std::string>({"@id", "name", "p", "deep"}));
}

TEST_F(TableRowsTest, WhatIsNotWellFormedHasNoRowsAndAPlace) {
  for (const char* bad :
       {"<a><b></a>", "<a x='1' x='2'/>", "<a>&undefined;</a>", "<a/><b/>", "<a>", "<a>\x01</a>"}) {
    EXPECT_EQ(rows(bad, "", {"b"}), "");
    EXPECT_TRUE(portion_.problem.starts_with("is no XML: ")) << bad << portion_.problem;
    EXPECT_NE(portion_.problem.find(" at line 1, column "), std::string::npos) << bad;
  }
}

TEST_F(TableRowsTest, ElementThatSeveralWaysLeadToIsOneRow) {
  const std::string xml = "<r><a><a><b i=\"1\"/></a><b i=\"2\"/></a><a><b i=\"3\"/></a></r>";
  EXPECT_EQ(rows(xml, "//a//b", {"@i"}), "{\"@i\":\"1\"}\n{\"@i\":\"2\"}\n{\"@i\":\"3\"}\n");
  EXPECT_EQ(rows(xml, "//a/b", {"@i"}), "{\"@i\":\"1\"}\n{\"@i\":\"2\"}\n{\"@i\":\"3\"}\n");
  EXPECT_EQ(rows(xml, "//b/..", {"b/@i"}),
            "{\"b/@i\":\"2\"}\n{\"b/@i\":\"1\"}\n{\"b/@i\":\"3\"}\n");
  EXPECT_EQ(rows(xml, "//r", {"//b/@i"}), "{\"//b/@i\":\"1\"}\n");
}

TEST_F(TableRowsTest, PlaceBehindAnElementAtAnyDepthIsThatInItsParent) {
  const std::string xml = "<r><b i=\"0\"/><a><b i=\"1\"/><b i=\"2\"/></a><b i=\"3\"/></r>";
  EXPECT_EQ(rows(xml, "//b[1]", {"@i"}), "{\"@i\":\"2\"}\n{\"@i\":\"3\"}\n");
  EXPECT_EQ(rows(xml, "//r[0]/b[1]", {"@i"}), "{\"@i\":\"3\"}\n");
  EXPECT_EQ(rows(xml, "/r[0]/b[0]", {"@i"}), "{\"@i\":\"0\"}\n");
}

TEST_F(TableRowsTest, DepthOfXmlCostsNeitherTimeNorMemory) {
  // Each pair of steps would be tried in each pair of elements, and each text be kept in each.
  constexpr int kDepth = 5000;
  std::string deep;
  for (int i = 0; i < kDepth; ++i) {
    deep += "<a>";
  }
  deep += std::string(std::size_t{4} << 20U, 'x');
  for (int i = 0; i < kDepth; ++i) {
    deep += "</a>";
  }
  EXPECT_EQ(rows(deep, "//a//a//a//a//a//b", {"a"}), "");
  EXPECT_EQ(portion_.problem, "");
}

TEST_F(TableRowsTest, EntitiesThatTheFileDoesNotDeclareAreNotLeftOut) {
  const std::string doctype = "<!DOCTYPE r SYSTEM 'r.dtd' [<!ENTITY e 'E'><!ENTITY f '&g;'>]>";
  EXPECT_EQ(rows(doctype + "<r><a t='&e;&amp;&#65;'>&e;</a></r>", "", {"@t"}),
            "{\"@t\":\"E&A\"}\n");
  for (const char* bad : {"<r><a>caf&eacute;</a></r>", "<r><a t='caf&eacute;'/></r>",
                          "<r><a t='&f;'/></r>", "<r>&f;</r>"}) {
    EXPECT_EQ(rows(doctype + bad, "", {"a"}), "") << bad;
    EXPECT_NE(portion_.problem.find("; is not declared in the file at line 1, column "),
              std::string::npos)
        << bad << ": " << portion_.problem;
  }
  EXPECT_EQ(rows("<!DOCTYPE r [<!ENTITY e SYSTEM 'e.xml'>]><r><a>&e;</a></r>", "", {"a"}), "");
  EXPECT_NE(portion_.problem, "");
}

TEST(FileFormatTest, ContentTells) {
  const auto format = [](std::string_view text) { return detect_text(text, true)->format; };
  EXPECT_EQ(format(" \n<a/>"), FileFormat::Xml);
  EXPECT_EQ(format("\xEF\xBB\xBF{\"a\":\n1}"), FileFormat::Json);
  EXPECT_EQ(format("{\"a\":1}\n"), FileFormat::Json);
  EXPECT_EQ(format("{\"a\":1}\n{\"a\""), FileFormat::JsonLines);
  EXPECT_EQ(format("a,b\n"), FileFormat::Csv);
  EXPECT_EQ(format("[id],name\n1,2\n"), FileFormat::Csv);
  EXPECT_EQ(format("[\n{\"a\":1},\n{\"a\":2}\n]\n"), FileFormat::Json);
  EXPECT_EQ(format("{\"a\n{\"a\":1}\n{\"a\":2}\n"), FileFormat::JsonLines);
  EXPECT_EQ(detect_text("Name, first\tAge\n", true)->separator, '\t');
  EXPECT_EQ(detect_text("a;b\tc\td,\"x\t\t;;;\"\n;;;;", true)->separator, '\t');
  EXPECT_EQ(detect_text(" \n", true), std::nullopt);
}

TEST(FileFormatTest, WhatIsGivenComesFirst) {
  const files::TemporaryFolder folder;
  const std::string path = folder.write("a", "[1;2]\n");
  EXPECT_EQ(detect_file(path, {.format = FileFormat::Csv, .separator = ']'}).value(),
            (Detected{.format = FileFormat::Csv, .separator = ']'}));
  EXPECT_EQ(detect_file(path, {.format = FileFormat::Csv}).value()->separator, ';');
}

}  // namespace
}  // namespace bulkhead::extract
