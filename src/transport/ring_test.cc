#include "transport/ring.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::pattern;
using test::TestRing;

void write(RingWriter& writer, const Bytes& bytes) {
  std::ranges::copy(bytes, writer.reserve(bytes.size()).begin());
  writer.publish();
}

Bytes read(RingReader& reader, std::size_t bytes) {
  const auto readable = reader.readable();
  EXPECT_TRUE(readable && readable->size() >= bytes);
  const Bytes copy(readable->begin(), readable->begin() + static_cast<std::ptrdiff_t>(bytes));
  reader.consume(bytes);
  reader.release();
  return copy;
}

TEST(RingTest, EmptyRingHasRoomForItsCapacityAndNothingToRead) {
  TestRing ring;
  EXPECT_EQ(ring.writer().room(), ring.body().size());
  EXPECT_TRUE(ring.reader().readable()->empty());
}

TEST(RingTest, BytesAreInvisibleUntilTheyArePublished) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  writer.reserve(100);
  EXPECT_TRUE(reader.readable()->empty());
  writer.publish();
  EXPECT_EQ(reader.readable()->size(), 100U);
}

TEST(RingTest, FullRingHasNoRoom) {
  TestRing ring;
  auto writer = ring.writer();
  write(writer, pattern(writer.capacity()));
  EXPECT_EQ(writer.room(), 0U);
  EXPECT_EQ(ring.reader().readable()->size(), writer.capacity());
}

TEST(RingTest, RoomComesBackWithRelease) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  write(writer, pattern(writer.capacity()));
  ASSERT_TRUE(reader.readable());
  reader.consume(64);
  EXPECT_EQ(writer.room(), 0U);
  EXPECT_EQ(reader.held(), 64U);
  reader.release();
  EXPECT_EQ(writer.room(), 64U);
  EXPECT_EQ(reader.held(), 0U);
}

TEST(RingTest, RecordThatWrapsIsOneSpan) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  const std::size_t before_the_end = writer.capacity() - 10;
  write(writer, pattern(before_the_end, 1));
  EXPECT_EQ(read(reader, before_the_end), pattern(before_the_end, 1));

  write(writer, pattern(100, 2));

  EXPECT_EQ(read(reader, 100), pattern(100, 2));
}

TEST(RingTest, RecordsOfEverySizePassManyTimesAround) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  for (std::size_t size = 0; size <= writer.capacity(); size += 37) {
    const auto record = pattern(size, static_cast<unsigned>(size));
    write(writer, record);
    ASSERT_EQ(read(reader, size), record) << size;
  }
}

TEST(RingTest, ReaderAheadOfTheWriterIsALie) {
  TestRing ring;
  auto writer = ring.writer();
  write(writer, pattern(10));
  for (const std::uint64_t lie :
       {std::uint64_t{11}, std::uint64_t{1} << 63, std::uint64_t{1} << 40}) {
    ring.tail = lie;
    EXPECT_EQ(writer.room(), std::nullopt) << lie;
  }
}

TEST(RingTest, ReaderFurtherBehindThanTheCapacityIsALie) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  write(writer, pattern(writer.capacity()));
  read(reader, 8);
  write(writer, pattern(8));
  ring.tail = 7;
  EXPECT_EQ(writer.room(), std::nullopt);
}

TEST(RingTest, WriterBehindTheReaderIsALie) {
  TestRing ring;
  auto writer = ring.writer();
  auto reader = ring.reader();
  write(writer, pattern(100));
  read(reader, 100);
  ring.head = 99;
  EXPECT_EQ(reader.readable(), std::nullopt);
}

TEST(RingTest, WriterFurtherAheadThanTheCapacityIsALie) {
  TestRing ring;
  auto reader = ring.reader();
  for (const std::uint64_t lie :
       {std::uint64_t{ring.body().size() + 1}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    ring.head = lie;
    EXPECT_FALSE(reader.readable().has_value()) << lie;
  }
}

TEST(RingTest, TwoThreadsPassBytesInOrder) {
  constexpr std::size_t kRecords = 20'000;
  TestRing ring;
  std::jthread producer([&ring] {
    auto writer = ring.writer();
    for (std::uint64_t i = 0; i < kRecords; ++i) {
      while (*writer.room() < sizeof i) {
        std::this_thread::yield();
      }
      std::memcpy(writer.reserve(sizeof i).data(), &i, sizeof i);
      writer.publish();
    }
  });
  auto reader = ring.reader();
  for (std::uint64_t expected = 0; expected < kRecords;) {
    const auto readable = *reader.readable();
    if (readable.empty()) {
      std::this_thread::yield();
      continue;
    }
    std::uint64_t got = 0;
    std::memcpy(&got, readable.data(), sizeof got);
    ASSERT_EQ(got, expected);
    reader.consume(sizeof got);
    reader.release();
    ++expected;
  }
}

}  // namespace
}  // namespace bulkhead::transport
