#include "files/output_names.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::files {
namespace {

constexpr std::string_view kDefault = "{dir}/{stem}_thumbnail.jpg";

OutputNames names(std::string_view text = kDefault, std::string output_dir = {}) {
  auto parsed = OutputNames::parse(text, {.output_dir = std::move(output_dir),
                                          .current_folder = "/home/me",
                                          .width = "128",
                                          .height = "96",
                                          .size = "128x96"});
  EXPECT_TRUE(parsed) << parsed.error();
  return *parsed;
}

struct NameCase {
  std::string text;
  std::string output_dir;
  Input input;
  std::string output;
};

TEST(OutputNamesTest, FollowFromTheTemplateTheFolderAndTheInput) {
  const std::string standard(kDefault);
  const std::vector<NameCase> cases = {
      {standard, "", {"a.jpg", "", ""}, "a_thumbnail.jpg"},
      {standard, "", {"./a.jpg", "", ""}, "./a_thumbnail.jpg"},
      {standard, "", {"/a.jpg", "", ""}, "/a_thumbnail.jpg"},
      {standard, "", {"p/sub/a.b.JPG", "sub", ""}, "p/sub/a.b_thumbnail.jpg"},
      {standard, "", {"p/.jpg", "", ""}, "p/.jpg_thumbnail.jpg"},
      {standard, "", {"-s.jpg", "", ""}, "-s_thumbnail.jpg"},
      {standard, "", {"a[1]\n.jpg", "", ""}, "a[1]\n_thumbnail.jpg"},
      {standard, "out", {"p/a.jpg", "", ""}, "out/a_thumbnail.jpg"},
      {standard, "out/", {"p/sub/a.jpg", "sub", ""}, "out/sub/a_thumbnail.jpg"},
      {standard, "/", {"p/a.jpg", "", ""}, "/a_thumbnail.jpg"},
      {"{stem}_{ext}.jpg", "", {"p/a.JPG", "", ""}, "a_JPG.jpg"},
      {"t/{reldir}/{name}", "", {"p/x/a.jpg", "x", ""}, "t/x/a.jpg"},
      {"{stem}.jpg", "out", {"p/x/a.jpg", "x", ""}, "out/x/a.jpg"},
      {"{reldir}/{stem}.jpg", "out", {"p/x/a.jpg", "x", ""}, "out/x/a.jpg"},
      {"t/{stem}.jpg", "{o}", {"p/x/a.jpg", "x", ""}, "{o}/x/t/a.jpg"},
      {"{reldir}/{stem}.jpg", "{o}", {"p/x/a.jpg", "x", ""}, "{o}/x/a.jpg"},
      {"{stem}_{size}_{w}_{h}.jpg", "", {"a.jpg", "", ""}, "a_128x96_128_96.jpg"},
  };
  for (const NameCase& one : cases) {
    EXPECT_EQ(names(one.text, one.output_dir).output_for(one.input), one.output)
        << one.text << " -d '" << one.output_dir << "' " << one.input.path;
  }
}

TEST(OutputNamesTest, AbsoluteTemplateBelowAFolderIsAMistake) {
  const auto parsed = OutputNames::parse("/t/{stem}.jpg", {.output_dir = "out"});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error(), "an absolute output template leaves no use for a folder");
}

TEST(OutputNamesTest, TellSizesApartByTheirNameOrByBothSidesIfTheyHaveAny) {
  const auto tell = [](std::string_view text, OutputOptions options) {
    return OutputNames::parse(text, std::move(options))->tells_sizes_apart();
  };
  EXPECT_TRUE(tell("{stem}_{size}.jpg", {.size = "25"}));
  EXPECT_TRUE(tell("{stem}_{w}x{h}.jpg", {.width = "128", .size = "128x"}));
  EXPECT_FALSE(tell("{stem}_{w}x{h}.jpg", {.size = "25"}));
  EXPECT_FALSE(tell("{stem}_{w}.jpg", {.width = "128", .height = "128", .size = "128"}));
}

struct OwnCase {
  std::string text;
  std::string output_dir;
  Input input;
  bool is_own;
};

TEST(OutputNamesTest, KnowWhatAnEarlierRunMade) {
  const std::string standard(kDefault);
  const std::vector<OwnCase> cases = {
      {standard, "", {"a.jpg", "", ""}, false},
      {standard, "", {"a_thumbnail.jpg", "", ""}, true},
      {standard, "", {"p/x/a_thumbnail.jpg", "x", ""}, true},
      {standard, "", {"_thumbnail.jpg", "", ""}, false},
      {standard, "", {"a_thumbnail.jpeg", "", ""}, false},
      // Below the output folder, and those of a run without one.
      {standard, "out", {"out/x/a_thumbnail.jpg", "out/x", ""}, true},
      {standard, "out", {"p/a_thumbnail.jpg", "", ""}, true},
      // Names that alone do not tell: the output folder does.
      {"{dir}/{stem}.jpg", "out", {"a.jpg", "", ""}, false},
      {"{dir}/{stem}.jpg", "out", {"out/a.jpg", "out", ""}, true},
      {"{dir}/{stem}.jpg", "out", {"outer/a.jpg", "outer", ""}, false},
      {"{dir}/{stem}.jpg", "", {"a.jpg", "", ""}, false},
      {"{dir}/{stem}.jpg", "p", {"p/a.jpg", "", ""}, false},
      {"{stem}_t.jpg", "./out/../out", {"/home/me/out/a_t.jpg", "", ""}, true},
      // Folders that the template itself names.
      {"{dir}/.t/{stem}.jpg", "", {"p/.t/a.jpg", "", ""}, true},
      {"{dir}/../t/{stem}_t.jpg", "", {"p/t/a_t.jpg", "", ""}, true},
      {"t/{reldir}/{stem}.jpg", "", {"t/x/a.jpg", "t/x", ""}, true},
      {"t/{reldir}/{stem}.jpg", "", {"p/t/a.jpg", "t", ""}, false},
      // A size is that of these names, and an extension that of a photo: other digits and words
      // stand in the names of photos.
      {"{dir}/{stem}_{size}.jpg", "", {"a_128x96.jpg", "", ""}, true},
      {"{dir}/{stem}_{size}.jpg", "", {"a_512x.jpg", "", ""}, false},
      {"{dir}/{stem}_{size}.jpg", "", {"IMG_1234.jpg", "", ""}, false},
      {"{dir}/{stem}_{w}_{h}.jpg", "", {"a_128_96.jpg", "", ""}, true},
      {"{dir}/{stem}_{w}_{h}.jpg", "", {"2024_12_31.jpg", "", ""}, false},
      {"{dir}/{stem}_{ext}.jpg", "", {"a_PNG.jpg", "", ""}, true},
      {"{dir}/{stem}_{ext}.jpg", "", {"IMG_1234.jpg", "", ""}, false},
      {"{dir}/{name}.jpg", "", {"a.heic.jpg", "", ""}, true},
      {"{dir}/{name}.jpg", "", {"a.b.jpg", "", ""}, false},
      {"{dir}/{name}.jpg", "", {"a.jpg", "", ""}, false},
  };
  for (const OwnCase& one : cases) {
    EXPECT_EQ(names(one.text, one.output_dir).is_own_output(one.input), one.is_own)
        << one.text << " -d '" << one.output_dir << "' " << one.input.path;
  }
}

}  // namespace
}  // namespace bulkhead::files
