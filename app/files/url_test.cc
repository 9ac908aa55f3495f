#include "files/url.h"

#include <gtest/gtest.h>

namespace bulkhead::files {
namespace {

// As `gio info -a standard::name` shows them under "uri".
TEST(UrlTest, UriOfAFileIsSpelledAsDesktopsSpellIt) {
  EXPECT_EQ(file_uri("/home/jens/photos/me.png"), "file:///home/jens/photos/me.png");
  EXPECT_EQ(file_uri("/a b/50%;[1]#?.jpg"), "file:///a%20b/50%25%3B%5B1%5D%23%3F.jpg");
  EXPECT_EQ(file_uri("/!$&'()*+,-.:=@_~"), "file:///!$&'()*+,-.:=@_~");
  EXPECT_EQ(file_uri("/\xC3\xA9\xFF\n"), "file:///%C3%A9%FF%0A");
}

}  // namespace
}  // namespace bulkhead::files
