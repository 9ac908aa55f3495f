#include "files/find_inputs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

using Strings = std::vector<std::string>;

class FindInputsTest : public testing::Test {
 protected:
  Strings found(const Strings& arguments, const ScanOptions& options = {}) const {
    Strings paths;
    for (const Input& input : find_inputs(arguments, options)) {
      paths.push_back(below(input.path) + (input.problem.empty() ? "" : ": " + input.problem));
    }
    return paths;
  }

  // Without the name of the temporary folder, which differs from run to run.
  std::string below(const std::string& path) const {
    return path.starts_with(folder.path() + '/') ? path.substr(folder.path().size() + 1) : path;
  }

  TemporaryFolder folder;
};

TEST_F(FindInputsTest, FolderGivesItsPhotosInBytewiseOrder) {
  for (const char* name : {"b.jpg", "a.JPG", "B.jpeg", "a b.jpg", "note.txt", "\xff.jpg"}) {
    folder.write(name);
  }
  EXPECT_EQ(found({folder.path()}), Strings({"B.jpeg", "a b.jpg", "a.JPG", "b.jpg", "\xff.jpg"}));
}

TEST_F(FindInputsTest, AllNamesAreTakenWhenAllAreKnown) {
  folder.write("a.log");
  folder.write("b");
  const ScanOptions all{.known_names = KnownNames::All};
  EXPECT_EQ(found({folder.path()}, all), Strings({"a.log", "b"}));
  EXPECT_EQ(found({folder.path()}), Strings());
}

TEST_F(FindInputsTest, ArgumentsKeepTheirOrder) {
  folder.write("two/b.jpg");
  folder.write("one/a.jpg");
  EXPECT_EQ(found({folder / "two", folder / "one/a.jpg", folder / "one/"}),
            Strings({"two/b.jpg", "one/a.jpg", "one/a.jpg"}));
}

TEST_F(FindInputsTest, FoldersBelowAreSearchedOnlyWhenAskedFor) {
  folder.write("a.jpg");
  folder.write("a/z.jpg");
  folder.write("a-b/c.jpg");
  EXPECT_EQ(found({folder.path()}), Strings({"a.jpg"}));
  EXPECT_EQ(found({folder.path()}, {.recursive = true}),
            Strings({"a-b/c.jpg", "a.jpg", "a/z.jpg"}));
}

TEST_F(FindInputsTest, TellsTheFolderBelowTheArgument) {
  folder.write("x/y/a.jpg");
  const auto inputs = find_inputs({folder.path()}, {.recursive = true});
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_EQ(inputs[0].reldir, "x/y");
  EXPECT_EQ(find_inputs({folder / "x/y/a.jpg"}, {}).at(0).reldir, "");
}

TEST_F(FindInputsTest, NoArgumentIsTheCurrentFolderWithBareNames) {
  folder.write("a.jpg");
  folder.write("sub/b.jpg");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const Strings bare = found({}, {.recursive = true});
  const Strings dotted = found({"."});
  std::filesystem::current_path(before);
  EXPECT_EQ(bare, Strings({"a.jpg", "sub/b.jpg"}));
  EXPECT_EQ(dotted, Strings({"./a.jpg"}));
}

TEST_F(FindInputsTest, HiddenNamesAreLeftOutUnlessNamed) {
  folder.write(".hidden.jpg");
  folder.write(".cache/a.jpg");
  EXPECT_EQ(found({folder.path()}, {.recursive = true}), Strings());
  EXPECT_EQ(found({folder / ".hidden.jpg"}), Strings({".hidden.jpg"}));
}

TEST_F(FindInputsTest, MissingPathIsAProblemAndTheRestGoesOn) {
  folder.write("a.jpg");
  EXPECT_EQ(found({folder / "gone.jpg", folder / "a.jpg"}),
            Strings({"gone.jpg: no such file or directory", "a.jpg"}));
}

TEST_F(FindInputsTest, FifoIsAProblemOnlyWhenNamed) {
  ASSERT_EQ(::mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_EQ(found({folder.path()}), Strings());
  EXPECT_EQ(found({folder / "pipe.jpg"}), Strings({"pipe.jpg: is not a regular file"}));
}

TEST_F(FindInputsTest, FolderWithAPhotosNameIsSearchedOrAProblemWhenNamed) {
  std::filesystem::create_directory(folder / "x.jpg");
  EXPECT_EQ(found({folder.path()}), Strings());
  EXPECT_EQ(found({folder / "x.jpg"}), Strings({"x.jpg: is a folder, and holds no photos"}));
  folder.write("x.jpg/a.jpg");
  EXPECT_EQ(found({folder / "x.jpg"}), Strings({"x.jpg/a.jpg"}));
}

TEST_F(FindInputsTest, LinksToFilesCountAndLinksToFoldersAreNotEntered) {
  folder.write("real/a.jpg");
  std::filesystem::create_symlink("real/a.jpg", folder / "link.jpg");
  std::filesystem::create_directory_symlink("..", folder / "real/up");
  EXPECT_EQ(found({folder.path()}, {.recursive = true}), Strings({"link.jpg", "real/a.jpg"}));
  EXPECT_EQ(found({folder / "real/up/real"}), Strings({"real/up/real/a.jpg"}));
}

TEST_F(FindInputsTest, LinkToNothingAndLinkToItselfAreProblems) {
  std::filesystem::create_symlink("nowhere", folder / "a.jpg");
  std::filesystem::create_symlink("b.jpg", folder / "b.jpg");
  EXPECT_EQ(found({folder.path()}),
            Strings({"a.jpg: is a link to nothing", "b.jpg: too many levels of symbolic links"}));
}

TEST_F(FindInputsTest, FolderThatMayNotBeReadIsAProblemAmongItsNeighbours) {
  const OrdinaryUser user;
  const TemporaryFolder own;
  own.write("a/a.jpg");
  own.write("b/b.jpg");
  ASSERT_EQ(::chmod((own / "a").c_str(), 0), 0);
  const auto inputs = find_inputs({own.path()}, {.recursive = true});
  ::chmod((own / "a").c_str(), 0700);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, own / "a/");
  EXPECT_EQ(inputs[0].problem, "permission denied");
  EXPECT_EQ(inputs[1].path, own / "b/b.jpg");
}

TEST_F(FindInputsTest, OwnOutputsAreLeftOutOfFoldersButTriedWhenNamed) {
  folder.write("a.jpg");
  folder.write("a_thumbnail.jpg");
  const ScanOptions options{
      .is_own_output = [](const Input& input) { return input.path.ends_with("_thumbnail.jpg"); }};
  EXPECT_EQ(found({folder.path()}, options), Strings({"a.jpg"}));
  EXPECT_EQ(found({folder / "a_thumbnail.jpg"}, options), Strings({"a_thumbnail.jpg"}));
}

}  // namespace
}  // namespace bulkhead::files
