// Makes a thumbnail of each photo in the current folder.
// thumbnails_serial.cc takes one photo after the other, thumbnails_pool.cc as many at a time as the
// computer has CPUs: diff thumbnails_serial.cc thumbnails_pool.cc shows the three lines.

#include <iostream>
#include <stdexcept>
#include <string>

#include <bulkhead/bulkhead.h>
#include "files.h"
#include "imaging/thumbnail.h"

// Returns the name of the thumbnail: of photo.jpg that is photo_thumbnail.jpg.
std::string make_thumbnail(const std::string& photo) {
  const auto made = bulkhead::imaging::make_thumbnails(read_file(photo));
  if (!made) {
    throw std::runtime_error(photo + ": " + made.error().message);
  }
  const auto filename = photo.substr(0, photo.rfind('.')) + "_thumbnail.jpg";
  write_file(filename, made->made.front().bytes);
  return filename;
}

int main() {
  const auto photos = files_matching("*.jpg");

  bulkhead::ProcessPoolExecutor executor;
  for (auto [photo, thumbnail] : bulkhead::zip(photos, executor.map(make_thumbnail, photos))) {
    std::cout << "A thumbnail for " << photo << " was saved as " << thumbnail << '\n';
  }
}
