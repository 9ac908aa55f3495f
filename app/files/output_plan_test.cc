#include "files/output_plan.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

OutputNames names(std::string_view text = "{dir}/{stem}_thumbnail.jpg") {
  auto parsed = OutputNames::parse(text, {.current_folder = "/home/me"});
  EXPECT_TRUE(parsed) << parsed.error();
  return *parsed;
}

std::vector<std::string> planned(std::vector<Input> inputs, const OutputNames& with) {
  std::vector<std::string> lines;
  const OutputPlan plan(std::move(inputs), {with});
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const PlannedOutput one = plan[i];
    lines.push_back(one.input.path +
                    (one.problem.empty() ? " -> " + one.outputs.front() : ": " + one.problem));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(OutputPlanTest, SecondInputForAnOutputIsAProblemWithAHint) {
  EXPECT_EQ(planned({{"p/a.JPG", "", ""}, {"p/a.jpeg", "", ""}, {"p/b.jpg", "", ""}}, names()),
            Lines({"p/a.JPG -> p/a_thumbnail.jpg",
                   "p/a.jpeg: its output p/a_thumbnail.jpg is that of p/a.JPG; with {stem}_{ext} "
                   "in --output they differ",
                   "p/b.jpg -> p/b_thumbnail.jpg"}));
}

TEST(OutputPlanTest, HintIsOneThatHelps) {
  EXPECT_EQ(planned({{"p/a.jpg", "", ""}, {"q/a.jpg", "", ""}}, names("{stem}_{ext}.jpg")).at(1),
            "q/a.jpg: its output a_jpg.jpg is that of p/a.jpg; to keep both name a folder above "
            "them, with --recursive and --output-dir");
  EXPECT_EQ(
      planned({{"a.jpg", "", ""}, {"b.jpg", "", ""}}, names("thumbnail.jpg")).at(1),
      "b.jpg: its output thumbnail.jpg is that of a.jpg; with {stem} in --output they differ");
}

TEST(OutputPlanTest, OneOutputUnderTwoSpellingsIsACollision) {
  EXPECT_EQ(planned({{"a.jpg", "", ""}, {"/home/me/x/../a.jpeg", "", ""}}, names()).at(1),
            "/home/me/x/../a.jpeg: its output /home/me/x/../a_thumbnail.jpg is that of a.jpg; with "
            "{stem}_{ext} in --output they differ");
}

TEST(OutputPlanTest, InputNamedTwiceAppearsOnce) {
  EXPECT_EQ(planned({{"a.jpg", "", ""}, {"./a.jpg", "", ""}}, names()),
            Lines({"a.jpg -> a_thumbnail.jpg"}));
}

TEST(OutputPlanTest, InputIsNeverReplacedByItsOwnOutput) {
  EXPECT_EQ(planned({{"a.jpg", "", ""}}, names("{dir}/{stem}.jpg")),
            Lines({"a.jpg: its output would replace it; give another name with --output"}));
}

TEST(OutputPlanTest, InputIsNeverReplacedByTheOutputOfAnother) {
  const TemporaryFolder folder;
  const std::string jpeg = folder.write("a.jpg");
  const std::string png = folder.write("a.png");
  const std::string hint = "; give another name with --output";
  for (const auto& [first, second] : {std::pair(jpeg, png), std::pair(png, jpeg)}) {
    const Lines lines = planned({{first, "", ""}, {second, "", ""}}, names("{dir}/{stem}.jpg"));
    EXPECT_EQ(lines.at(first == jpeg ? 0 : 1), jpeg + ": its output would replace it" + hint);
    EXPECT_EQ(lines.at(first == jpeg ? 1 : 0),
              png + ": its output " + jpeg + " would replace the photo " + jpeg + hint);
  }
}

TEST(OutputPlanTest, InputIsNeverReplacedUnderAnotherNameOfItsFolder) {
  const TemporaryFolder folder;
  const std::string photo = folder.write("photos/a.jpg");
  std::filesystem::create_directory_symlink("photos", folder / "link");
  EXPECT_EQ(planned({{photo, "", ""}}, names(folder / "link/{name}")),
            Lines({photo + ": its output " + (folder / "link/a.jpg") + " would replace the photo " +
                   photo + "; give another name with --output"}));
}

TEST(OutputPlanTest, PhotoBehindALinkIsNotReplacedAndALinkInTheOutputsPlaceIs) {
  const TemporaryFolder folder;
  const std::string original = folder.write("original.jpg");
  const std::string link = folder / "link.jpg";
  std::filesystem::create_symlink("original.jpg", link);
  EXPECT_EQ(planned({{link, "", ""}}, names(original)),
            Lines({link + ": its output " + original + " would replace the photo " + link +
                   "; give another name with --output"}));
  EXPECT_EQ(planned({{original, "", ""}}, names(link)), Lines({original + " -> " + link}));
}

TEST(OutputPlanTest, NameOverTheLimitIsAProblem) {
  const std::string fits(255 - 14, 'n');
  EXPECT_EQ(planned({{fits + ".jpg", "", ""}}, names()),
            Lines({fits + ".jpg -> " + fits + "_thumbnail.jpg"}));
  EXPECT_EQ(planned({{fits + "n.jpg", "", ""}}, names()),
            Lines({fits + "n.jpg: the name of its output would have 256 bytes, over the 255 of a "
                          "file system; give a shorter one with --output"}));
}

TEST(OutputPlanTest, InputWithAProblemClaimsNoOutput) {
  EXPECT_EQ(planned({{"a.JPG", "", "gone"}, {"a.jpg", "", ""}}, names()),
            Lines({"a.JPG: gone", "a.jpg -> a_thumbnail.jpg"}));
}

TEST(OutputPlanTest, InputHasAnOutputOfEachOfTheNames) {
  const OutputPlan plan({{"a.jpg", "", ""}}, {names("{stem}_1.jpg"), names("{stem}_2.jpg")});
  EXPECT_EQ(plan[0].outputs, Lines({"a_1.jpg", "a_2.jpg"}));
}

TEST(OutputPlanTest, OneOutputByWayOfALinkIsACollisionToo) {
  const TemporaryFolder folder;
  folder.write("d1/a.jpg");
  folder.write("d1/a.png");
  std::filesystem::create_directory_symlink("d1", folder / "d2");
  const OutputPlan plan({{folder / "d1/a.jpg"}, {folder / "d2/a.png"}}, {names()});
  EXPECT_EQ(plan[0].problem, "");
  EXPECT_NE(plan[1].problem.find(" is that of " + (folder / "d1/a.jpg")), std::string::npos)
      << plan[1].problem;
  // A folder below the link that is still to be made leads there as well.
  const OutputPlan below({{folder / "d1/a.jpg"}, {folder / "d2/a.png"}},
                         {names("{dir}/new/{stem}.jpg")});
  EXPECT_NE(below[1].problem, "");
}

}  // namespace
}  // namespace bulkhead::files
