#include "jobs/output_format.h"

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

using imaging::FileFormat;
using imaging::OutputFormat;

TEST(OutputFormatTest, IsWhatAnExtensionSaysInAnyCase) {
  EXPECT_EQ(format_named_by("a.JPeG"), OutputFormat::Jpeg);
  EXPECT_EQ(format_named_by("x/a.b.webp"), OutputFormat::Webp);
  EXPECT_EQ(format_named_by("a.heic"), std::nullopt);
  EXPECT_EQ(format_named_by("jpg"), std::nullopt);
}

TEST(OutputFormatTest, SameIsThePhotosWhereItCanBeWritten) {
  EXPECT_EQ(format_for_name("a.PNG", FormatRule::Same), OutputFormat::Png);
  EXPECT_EQ(format_for_name("a.webp", FormatRule::Same), OutputFormat::Webp);
  EXPECT_EQ(format_for_name("a.heic", FormatRule::Same), OutputFormat::Jpeg);
  EXPECT_EQ(format_for_name("a.gif", FormatRule::Same), OutputFormat::Png);
  EXPECT_EQ(format_for_name("a", FormatRule::Same), OutputFormat::Jpeg);
}

TEST(OutputFormatTest, AutoIsWhatEveryProgramReads) {
  EXPECT_EQ(format_for_name("a.jpg", FormatRule::Auto), OutputFormat::Jpeg);
  EXPECT_EQ(format_for_name("a.NEF", FormatRule::Auto), OutputFormat::Jpeg);
  EXPECT_EQ(format_for_name("a.webp", FormatRule::Auto), OutputFormat::Png);
}

TEST(OutputFormatTest, OfAPhotoWithoutANameItsContentDecides) {
  EXPECT_EQ(format_for_content(FileFormat::Webp, FormatRule::Same), OutputFormat::Webp);
  EXPECT_EQ(format_for_content(FileFormat::Jpeg, FormatRule::Same), OutputFormat::Jpeg);
  EXPECT_EQ(format_for_content(FileFormat::Tiff, FormatRule::Auto), OutputFormat::Png);
  EXPECT_EQ(format_for_content(std::nullopt, FormatRule::Auto), OutputFormat::Jpeg);
}

TEST(OutputFormatTest, ExtensionsAreTheUsualOnes) {
  EXPECT_STREQ(extension_of(OutputFormat::Jpeg), "jpg");
  EXPECT_STREQ(extension_of(OutputFormat::Avif), "avif");
}

}  // namespace
}  // namespace bulkhead::jobs
