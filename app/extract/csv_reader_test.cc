#include "extract/csv_reader.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "extract/table_rows.h"
#include "files/temporary_folder.h"

namespace bulkhead::extract {
namespace {

using Fields = std::vector<std::string>;
using Rows = std::vector<Fields>;

class CsvReaderTest : public testing::Test {
 protected:
  Rows rows_of(const records::Portion& portion, QuoteState state = QuoteState::RecordStart) {
    Rows rows;
    auto reader = CsvReader::open(portion, ',', state);
    CsvRecord record;
    while (reader && reader->next(record)) {
      rows.emplace_back(record.fields.begin(), record.fields.end());
      is_closed_ = record.is_closed;
    }
    return rows;
  }

  Rows rows_in(const std::string& text) { return rows_of({.path = folder_.write("a", text)}); }

  files::TemporaryFolder folder_;
  bool is_closed_ = true;
};

TEST_F(CsvReaderTest, FieldsAreBetweenSeparators) {
  EXPECT_EQ(rows_in("a,b,c\n1,,3\n,,\nx"),
            Rows({{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}, {"x"}}));
  EXPECT_EQ(rows_in(""), Rows());
}

TEST_F(CsvReaderTest, QuotesKeepSeparatorsLineEndsAndQuotes) {
  EXPECT_EQ(rows_in("\"a,b\",\"c\nd\",\"e\"\"f\"\n\"\",\"\"\"\"\n"),
            Rows({{"a,b", "c\nd", "e\"f"}, {"", "\""}}));
}

TEST_F(CsvReaderTest, QuoteInAFieldWithoutQuotesIsACharacter) {
  EXPECT_EQ(rows_in("5\" disk,b\n\"a\"x,\"y\"\n"), Rows({{"5\" disk", "b"}, {"ax", "y"}}));
}

TEST_F(CsvReaderTest, CarriageReturnsByteOrderMarkAndEmptyLinesAreNoFields) {
  EXPECT_EQ(rows_in("\xEF\xBB\xBF"
                    "a,b\r\n\r\n\n1,\"2\"\r\n"),
            Rows({{"a", "b"}, {"1", "2"}}));
}

TEST_F(CsvReaderTest, QuoteThatIsNotClosedIsTold) {
  EXPECT_EQ(rows_in("a\n\"b\nc\n").size(), 2U);
  EXPECT_FALSE(is_closed_);
}

TEST_F(CsvReaderTest, RecordsLongerThanABlockAreWhole) {
  const std::string line(300'000, 'x');
  const std::string quoted = "\"" + line + "\n" + line + "\"";
  EXPECT_EQ(rows_in(line + "," + quoted + "\nb\n"), Rows({{line, line + "\n" + line}, {"b"}}));
}

// A reader that looks at one byte after the other.
Rows read_slowly(std::string_view text) {
  Rows rows;
  Fields fields(1);
  std::string raw;
  const auto end_record = [&] {
    if (raw.ends_with('\r')) {
      raw.pop_back();
      fields.back().pop_back();
    }
    if (!raw.empty()) {
      rows.push_back(fields);
    }
    fields = Fields(1);
    raw.clear();
  };
  QuoteState state = QuoteState::RecordStart;
  for (const char byte : text) {
    const QuoteState before = std::exchange(state, state_after(state, byte, ','));
    if (state == QuoteState::RecordStart) {
      end_record();
      continue;
    }
    raw += byte;
    if (state == QuoteState::FieldStart) {
      fields.emplace_back();
    } else if (byte != '"' || state == QuoteState::Unquoted ||
               before == QuoteState::QuoteInQuoted) {
      fields.back() += byte;
    }
  }
  end_record();
  return rows;
}

// Of characters that mean something, mostly.
std::string random_csv(std::mt19937& random, std::size_t most = 60) {
  constexpr std::string_view kCharacters = "ab,,\n\n\"\"\"\r";
  std::string text;
  for (std::size_t length = random() % most; length > 0; --length) {
    text += kCharacters[random() % kCharacters.size()];
  }
  return text;
}

TEST_F(CsvReaderTest, RecordsAreThoseOfAReaderThatLooksAtOneByteAfterTheOther) {
  std::mt19937 random(9);
  for (int i = 0; i < 300; ++i) {
    std::string text = random_csv(random, 400);
    text.insert(random() % (text.size() + 1), random() % 130, 'x');
    EXPECT_EQ(rows_in(text), read_slowly(text)) << text;
  }
}

TEST_F(CsvReaderTest, QuotedFieldsMayBeginAnywhereInABlock) {
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string text(length, 'x');
    EXPECT_EQ(rows_in(text + ",\"a,b\"\nc\n"), Rows({{text, "a,b"}, {"c"}}));
  }
}

TEST_F(CsvReaderTest, WhereverAFileIsCutEachRecordIsGivenOnce) {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    const std::string mark(i % 3 == 0 ? kByteOrderMark : "");
    const std::string text = mark + random_csv(random);
    const Rows whole = rows_in(text);
    const std::string path = folder_ / "a";
    const std::size_t cut = mark.size() + random() % (text.size() - mark.size() + 1);
    Rows rows = rows_of({.path = path, .end = cut});
    const ScanReply scanned = scan({.portion = {.path = path, .end = cut}});
    const Rows rest = rows_of({.path = path, .begin = cut}, scanned.map[0]);
    rows.insert(rows.end(), rest.begin(), rest.end());
    EXPECT_EQ(rows, whole) << text << "\ncut at " << cut;
  }
}

TEST(QuoteStateTest, PiecesAddUpToTheWhole) {
  std::mt19937 random(8);
  for (int i = 0; i < 1000; ++i) {
    const std::string text = random_csv(random);
    for (std::size_t state = 0; state < kQuoteStates; ++state) {
      QuoteState expected = kUnchanged[state];
      for (const char byte : text) {
        expected = state_after(expected, byte, ',');
      }
      const std::size_t cut = random() % (text.size() + 1);
      const StateMap first = followed_by(kUnchanged, std::string_view(text).substr(0, cut), ',');
      const StateMap both = followed_by(first, std::string_view(text).substr(cut), ',');
      EXPECT_EQ(both[state], expected) << text << " cut at " << cut << " from " << state;
    }
  }
}

}  // namespace
}  // namespace bulkhead::extract
