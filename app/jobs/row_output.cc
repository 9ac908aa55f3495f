#include "jobs/row_output.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <utility>

#include "display/escape.h"
#include "files/pending_file.h"
#include "records/sqlite_file.h"

namespace bulkhead::jobs {
namespace {

using extract::Column;
using extract::ExtractReply;
using extract::PackedRows;
using extract::RowForm;
using Done = Expected<void, std::string>;

std::string cannot_write(const files::FileError& error) {
  return error.path + ": cannot write: " + error.reason;
}

class StandardOutput final : public RowOutput {
 public:
  explicit StandardOutput(std::string_view header) { write(header); }
  void add(const ExtractReply& reply) override { write(reply.text); }
  Done finish() override {
    if (!is_intact_ || std::fflush(stdout) != 0) {
      return Unexpected(std::string("cannot write to the standard output"));
    }
    return {};
  }

 private:
  void write(std::string_view text) {
    is_intact_ = is_intact_ && std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  }

  bool is_intact_ = true;
};

class FileOutput final : public RowOutput {
 public:
  FileOutput(files::PendingFile file, std::string_view header) : file_(std::move(file)) {
    file_.write(header);
  }
  void add(const ExtractReply& reply) override { file_.write(reply.text); }
  Done finish() override {
    if (const auto published = file_.publish(); !published) {
      return Unexpected(cannot_write(published.error()));
    }
    return {};
  }

 private:
  files::PendingFile file_;
};

// Text of SQL ends at a NUL. Names that differ only in the case of ASCII letters are the same.
std::string name_for_sql(std::string_view name) {
  std::string text;
  for (const char character : name) {
    text += character == '\0' ? "\xEF\xBF\xBD" : std::string(1, character);  // U+FFFD
  }
  return text;
}

std::string folded(std::string name) {
  std::ranges::transform(name, name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return name;
}

// A name that is made up is none that another column has.
std::vector<std::string> names_for_sql(const std::vector<Column>& columns) {
  std::set<std::string> originals;
  for (const Column& column : columns) {
    originals.insert(folded(name_for_sql(column.name)));
  }
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const Column& column : columns) {
    const std::string name = name_for_sql(column.name);
    std::string own = name;
    for (int number = 2;
         taken.contains(folded(own)) || (number > 2 && originals.contains(folded(own))); ++number) {
      own = name + "_" + std::to_string(number);
    }
    taken.insert(folded(own));
    names.push_back(std::move(own));
  }
  return names;
}

class DatabaseOutput final : public RowOutput {
 public:
  DatabaseOutput(const std::string& path, files::PendingFile file, const std::string& table,
                 const std::vector<Column>& columns)
      : path_(path),
        file_(std::move(file)),
        database_(file_.temporary_path()),
        row_(columns.size()) {
    if (columns.empty() || columns.size() > database_.max_columns()) {
      problem_ = "a table has from 1 to " + std::to_string(database_.max_columns()) +
                 " columns, and this one " + std::to_string(columns.size());
      return;
    }
    const std::vector<std::string_view> types(columns.size(), "TEXT");
    database_.create_table(table, names_for_sql(columns), types);
    problem_ = database_.problem();
  }

  // Why it cannot take rows, known before they are made.
  Done started() const {
    return problem_.empty() ? Done() : Unexpected(cannot_write({path_, problem_}));
  }

  void add(const ExtractReply& reply) override {
    std::string_view rest = reply.packed.texts;
    std::size_t filled = 0;
    for (const std::uint32_t length : reply.packed.lengths) {
      const std::string_view cell = rest.substr(0, length == PackedRows::kNoCell ? 0 : length);
      rest.remove_prefix(cell.size());
      row_[filled++] =
          length == PackedRows::kNoCell ? records::SqlValue() : records::SqlValue(cell);
      if (filled == row_.size()) {
        database_.insert(row_);
        filled = 0;
      }
    }
  }

  Done finish() override {
    if (const auto closed = database_.close(); !closed) {
      return Unexpected(cannot_write({path_, closed.error()}));
    }
    if (const auto published = file_.publish(); !published) {
      return Unexpected(cannot_write(published.error()));
    }
    return {};
  }

 private:
  std::string path_;
  files::PendingFile file_;
  records::SqliteFile database_;
  std::vector<records::SqlValue> row_;
  std::string problem_;
};

// What the columns have, as a table for people.
class Description final : public RowOutput {
 public:
  Description(std::unique_ptr<RowOutput> out, const std::vector<Column>& columns)
      : out_(std::move(out)), columns_(columns), sums_(columns.size()) {}

  void add(const ExtractReply& reply) override {
    for (const extract::PortionRows& portion : reply.portions) {
      rows_ += portion.rows.out;
    }
    for (std::size_t i = 0; i < std::min(sums_.size(), reply.columns.size()); ++i) {
      const extract::ColumnSummary& part = reply.columns[i];
      if (sums_[i].filled == 0) {
        sums_[i].example = part.example;
      }
      sums_[i].filled += part.filled;
      sums_[i].whole_numbers += part.whole_numbers;
      sums_[i].numbers += part.numbers;
    }
  }

  Done finish() override {
    std::string text = std::to_string(rows_) + " rows\n  filled  kind     column\n";
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      text += line_of(columns_[i], sums_[i]);
    }
    out_->add({.text = text});
    return out_->finish();
  }

 private:
  std::string line_of(const Column& column, const extract::ColumnSummary& sum) const {
    constexpr std::size_t kWidth = 6;
    constexpr std::uint64_t kPercent = 100;
    const std::string share = std::to_string(rows_ == 0 ? 0 : sum.filled * kPercent / rows_) + " %";
    const char* const kind = sum.filled == 0                   ? "-      "
                             : sum.whole_numbers == sum.filled ? "integer"
                             : sum.numbers == sum.filled       ? "number "
                                                               : "text   ";
    const std::string example = sum.filled == 0 ? "" : "  e.g. " + display::printable(sum.example);
    return "  " + std::string(kWidth - std::min(kWidth, share.size()), ' ') + share + "  " + kind +
           "  --col " + display::shell_word(column.argument()) + example + "\n";
  }

  std::unique_ptr<RowOutput> out_;
  std::vector<Column> columns_;
  std::vector<extract::ColumnSummary> sums_;
  std::uint64_t rows_ = 0;
};

Expected<std::unique_ptr<RowOutput>, std::string> open_text(const std::string& path,
                                                            std::string_view header) {
  if (path.empty()) {
    return std::make_unique<StandardOutput>(header);
  }
  auto file = files::PendingFile::create(path);
  if (!file) {
    return Unexpected(cannot_write(file.error()));
  }
  return std::make_unique<FileOutput>(*std::move(file), header);
}

Expected<std::unique_ptr<RowOutput>, std::string> open_database(
    const std::string& path, const std::string& table, const std::vector<Column>& columns) {
  auto file = files::PendingFile::create(path);
  if (!file) {
    return Unexpected(cannot_write(file.error()));
  }
  auto database = std::make_unique<DatabaseOutput>(path, *std::move(file), table, columns);
  if (const auto started = database->started(); !started) {
    return Unexpected(started.error());
  }
  return database;
}

}  // namespace

Expected<std::unique_ptr<RowOutput>, std::string> open_output(RowForm form, const std::string& path,
                                                              const std::string& table,
                                                              const std::vector<Column>& columns) {
  for (const Column& column : columns) {
    if (needs_utf8(form) && !display::is_utf8(column.name)) {
      return Unexpected("--col " + column.name + ": the name is no UTF-8");
    }
  }
  switch (form) {
    case RowForm::Csv:
    case RowForm::Tsv:
      return open_text(path, extract::header_line(columns, form));
    case RowForm::JsonLines:
      return open_text(path, "");
    case RowForm::Described: {
      auto out = open_text(path, "");
      if (!out) {
        return out;
      }
      return std::make_unique<Description>(*std::move(out), columns);
    }
    case RowForm::Packed:
      break;
  }
  return open_database(path, table, columns);
}

}  // namespace bulkhead::jobs
