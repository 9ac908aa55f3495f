// How thumbnails look, and what their files say: the options about colours, formats and bytes.

#include <gtest/gtest.h>
#include <lcms2.h>
#include <nlohmann/json.hpp>

#include "photos/raster.h"
#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;
using namespace std::string_literals;
using namespace std::string_view_literals;

std::string srgb_profile() {
  cmsHPROFILE profile = cmsCreate_sRGBProfile();
  cmsUInt32Number count = 0;
  cmsSaveProfileToMem(profile, nullptr, &count);
  std::string bytes(count, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &count);
  cmsCloseProfile(profile);
  return bytes;
}

// The photo with a profile in one segment (ICC.1:2010, B.4).
std::string with_profile(const std::string& jpeg, const std::string& profile) {
  const std::size_t length = 2 + 14 + profile.size();
  const std::string segment = {'\xFF', '\xE2', static_cast<char>(length / 256),
                               static_cast<char>(length % 256)};
  return jpeg.substr(0, 2) + segment + std::string("ICC_PROFILE\0\x01\x01", 14) + profile +
         jpeg.substr(2);
}

std::string half_clear_png() {
  const auto bytes = test_photos::encode_raster(test_photos::draw_photo(64, 48, 1), {.alpha = 0});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ThumbnailsLooksTest : public ThumbnailsProgramTest {
 protected:
  json record_of(Strings arguments) const {
    arguments.insert(arguments.begin(), "--json");
    return records(run(arguments).out).at(0);
  }
};

TEST_F(ThumbnailsLooksTest, BrokenProfileIsAWarningOnThePhotosLineAndTheThumbnailIsMade) {
  folder.write("a.jpg", with_profile(quick_photo(), std::string(200, 'x')));
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a")}));
  EXPECT_EQ(lines_of(ended.err).at(0),
            "a.jpg: warning: its colour profile is broken and was left out");
  const json record = record_of({});
  EXPECT_EQ(record.at("status"), "ok");
  EXPECT_EQ(record.at("icc"), "broken");
  EXPECT_EQ(record.at("warning"), "its colour profile is broken and was left out");
  folder.write("b.jpg", quick_photo());
  run({});
  EXPECT_EQ(folder.read("a_thumbnail.jpg"), folder.read("b_thumbnail.jpg"));
}

TEST_F(ThumbnailsLooksTest, ProfileIsKeptConvertedToAFileOrGone) {
  const std::string profile = srgb_profile();
  folder.write("a.jpg", with_profile(quick_photo(), profile));
  folder.write("to.icc", profile);
  const auto has_profile = [&](const Strings& arguments) {
    run(arguments);
    return folder.read("a_thumbnail.jpg").find(profile) != std::string::npos;
  };
  EXPECT_FALSE(has_profile({}));
  EXPECT_FALSE(has_profile({"--icc", "none"}));
  EXPECT_TRUE(has_profile({"--icc", "keep"}));
  EXPECT_TRUE(has_profile({"--keep", "icc"}));
  EXPECT_TRUE(has_profile({"--keep", "all"}));
  EXPECT_FALSE(has_profile({"--keep", "all", "--icc", "srgb"}));
  EXPECT_TRUE(has_profile({"--icc", "to.icc"}));
  EXPECT_EQ(record_of({"--icc", "keep"}).at("icc"), "kept");
  EXPECT_EQ(record_of({"--icc", "to.icc"}).at("icc"), "same");
}

TEST_F(ThumbnailsLooksTest, ExifIsKeptWhenAskedForAndSaysThatTheThumbnailStandsUpright) {
  folder.write("a.jpg", photo({.width = 320, .height = 240, .orientation = 6}));
  run({});
  EXPECT_EQ(folder.read("a_thumbnail.jpg").find("Exif\0\0"sv), std::string::npos);
  run({"--keep", "exif"});
  EXPECT_NE(folder.read("a_thumbnail.jpg").find("Exif\0\0"sv), std::string::npos);
  const json again = record_of({"-o", "x.jpg", "a_thumbnail.jpg"});
  EXPECT_EQ(again.at("orientation"), 1);
  EXPECT_EQ(again.at("in_width"), 128);
}

// The photo with another segment.
std::string with_segment(const std::string& jpeg, char marker, const std::string& payload) {
  const std::size_t length = 2 + payload.size();
  const std::string start = {'\xFF', marker, static_cast<char>(length / 256),
                             static_cast<char>(length % 256)};
  return jpeg.substr(0, 2) + start + payload + jpeg.substr(2);
}

TEST_F(ThumbnailsLooksTest, XmpAndIptcAreKeptWhenAskedForAlsoFromOneFormatToAnother) {
  const std::string iptc =
      "Photoshop 3.0\0"
      "8BIM\x04\x04\0\0\0\0\0\x06"
      "\x1C\x02\x05 by"s;
  const std::string photo = with_segment(quick_photo(), '\xED', iptc);
  folder.write("a.jpg", with_segment(photo, '\xE1',
                                     "http://ns.adobe.com/xap/1.0/\0"
                                     "<x tiff:Orientation=\"6\"/>"s));
  const auto has = [&](const Strings& arguments, const std::string& output,
                       const std::string& text) {
    run(arguments);
    return folder.read(output).find(text) != std::string::npos;
  };
  const std::string xmp = "<x tiff:Orientation=\"1\"/>";
  const Strings all = {"--keep", "all", "-o", "all.jpg", "a.jpg"};
  EXPECT_FALSE(has({"-o", "none.jpg", "a.jpg"}, "none.jpg", xmp));
  EXPECT_FALSE(has({"--keep", "exif", "-o", "none.jpg", "a.jpg"}, "none.jpg", "by"));
  EXPECT_TRUE(has(all, "all.jpg", "http://ns.adobe.com/xap/1.0/\0"s + xmp));
  EXPECT_TRUE(has(all, "all.jpg", iptc));
  for (const std::string format : {"png", "webp", "avif"}) {
    const std::string other = "a." + format;
    EXPECT_TRUE(has({"--keep", "xmp", "-o", other, "a.jpg"}, other, xmp)) << format;
    EXPECT_TRUE(has({"--keep", "xmp", "-o", "back.jpg", other}, "back.jpg", xmp)) << format;
  }
}

TEST_F(ThumbnailsLooksTest, TransparencyStaysInAPngUnlessABackgroundIsGiven) {
  folder.write("a.png", half_clear_png());
  run({"-f", "png", "-o", "kept.png"});
  run({"-f", "png", "-o", "laid.png", "--background", "#ff0000", "a.png"});
  // The colour type stands in the tenth byte of IHDR: 6 is RGB with alpha, 2 is RGB.
  EXPECT_EQ(folder.read("kept.png").at(25), 6);
  EXPECT_EQ(folder.read("laid.png").at(25), 2);
}

TEST_F(ThumbnailsLooksTest, FormatMayBeThatOfThePhoto) {
  folder.write("a.png", half_clear_png());
  folder.write("b.JPG", quick_photo());
  folder.write("c.bmp", half_clear_png());
  wait_for_a_later_time();
  EXPECT_EQ(run({"-f", "same"}).status, 0);
  EXPECT_EQ(names(), Strings({"a.png", "a_thumbnail.png", "b.JPG", "b_thumbnail.jpg", "c.bmp",
                              "c_thumbnail.jpg"}));
  EXPECT_TRUE(folder.read("a_thumbnail.png").starts_with("\x89PNG"));
  EXPECT_TRUE(is_whole_jpeg(folder.read("c_thumbnail.jpg")));
  EXPECT_EQ(run({"-u", "-f", "same"}).out, "") << "each has the mark of its format";
  EXPECT_EQ(run({"-f", "auto", "-o", "{stem}.jpg"}).err,
            "bulkhead thumbnails: formats that differ need {format} in the output template\n");
}

TEST_F(ThumbnailsLooksTest, BytesAreLimitedAtTheCostOfQuality) {
  folder.write("a.jpg", photo({.width = 640, .height = 480}));
  const auto free_bytes = record_of({}).at("bytes_out").get<std::size_t>();
  for (const char* format : {"jpg", "webp"}) {
    const json limited =
        record_of({"-f", format, "--max-bytes", std::to_string(free_bytes / 2), "a.jpg"});
    EXPECT_LE(limited.at("bytes_out"), free_bytes / 2) << format;
    EXPECT_GT(limited.at("bytes_out"), free_bytes / 4) << format;
  }
  const Ended ended = run({"-f", "png", "--max-bytes", "1000", "a.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.starts_with("a.jpg: error: a thumbnail of ")) << ended.err;
  EXPECT_NE(ended.err.find(" bytes at least, more than the limit of 1000\n"), std::string::npos);
}

TEST_F(ThumbnailsLooksTest, SharpeningIsAskedForAndUpdateSeesIt) {
  folder.write("a.jpg", quick_photo());
  run({"-u"});
  const std::string soft = folder.read("a_thumbnail.jpg");
  run({"-u", "--sharpen", "100"});
  EXPECT_GT(folder.read("a_thumbnail.jpg").size(), soft.size());
}

TEST_F(ThumbnailsLooksTest, ThumbnailsThatAreTooLargeAreRefusedInOneLine) {
  folder.write("a.jpg", quick_photo());
  const auto refused = [this](Strings arguments) { return lines_of(run(arguments).err).at(0); };
  EXPECT_EQ(refused({"-s", "60000x45000<"}),
            "a.jpg: error: a thumbnail of 60000x45000 pixels, more than the limit of 100000000");
  EXPECT_EQ(refused({"-s", "20000x<", "-f", "webp"}),
            "a.jpg: error: a thumbnail of 20000x15000 pixels, and WebP has at most 16383 a side");
}

TEST_F(ThumbnailsLooksTest, MistakesAreNamedInOneLine) {
  folder.write("a.jpg", quick_photo());
  folder.write("text.icc", "no profile");
  const auto line = [this](const Strings& arguments) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << ended.err;
    return ended.err;
  };
  const std::string help = "; --help names what there is\n";
  EXPECT_EQ(line({"--icc", "gone.icc"}),
            "bulkhead thumbnails: --icc: gone.icc: no such file or directory" + help);
  EXPECT_EQ(line({"--icc", "text.icc"}),
            "bulkhead thumbnails: --icc: text.icc: is not a colour profile" + help);
  EXPECT_EQ(
      line({"--keep", "icc,maker"}),
      "bulkhead thumbnails: --keep: 'maker' is not icc, exif, xmp, iptc, copyright or all" + help);
  EXPECT_NE(line({"--background", "mauve"}).find("'mauve'"), std::string::npos);
  EXPECT_NE(line({"--max-bytes", "few"}).find("few"), std::string::npos);
  EXPECT_NE(line({"--sharpen", "-1"}).find("-1"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::tests
