#include "jobs/section_replies.h"

#include <utility>

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

ThumbnailReply reply(int mcus, std::uint64_t source_bytes = 100) {
  ThumbnailReply reply;
  reply.source_bytes = source_bytes;
  reply.nanoseconds = 10;
  reply.section = imaging::Section{.mcus = mcus};
  return reply;
}

ThumbnailReply refusal() {
  ThumbnailReply reply;
  reply.source_bytes = 100;
  return reply;
}

Outcome<ThumbnailReply> failure(FailureKind kind) {
  return Unexpected(Failure{.kind = kind});
}

TEST(SectionRepliesTest, GivesTheSectionsWhenAllAreThere) {
  SectionReplies replies(2);
  replies.add(reply(1));
  EXPECT_FALSE(replies.is_complete());
  replies.add(reply(2));
  EXPECT_TRUE(replies.is_complete());
  const auto sections = replies.take_sections();
  ASSERT_TRUE(sections);
  ASSERT_EQ(sections->size(), 2U);
  EXPECT_EQ((*sections)[1].mcus, 2);
}

TEST(SectionRepliesTest, OneThatIsRefusedOrCrashesOrIsOfAnotherFileSpoilsAll) {
  for (const int spoiler : {0, 1, 2}) {
    SectionReplies replies(2);
    replies.add(reply(1));
    replies.add(spoiler == 0   ? Outcome<ThumbnailReply>(refusal())
                : spoiler == 1 ? Outcome<ThumbnailReply>(reply(2, 101))
                               : failure(FailureKind::Crashed));
    EXPECT_TRUE(replies.is_complete());
    EXPECT_FALSE(replies.end());
    EXPECT_FALSE(replies.take_sections());
  }
}

TEST(SectionRepliesTest, WhatIsRefusedBehindThePictureIsNotMissed) {
  SectionReplies replies(3);
  ThumbnailReply last = reply(2);
  last.section->ends_picture = true;
  replies.add(reply(1));
  replies.add(std::move(last));
  replies.add(refusal());
  EXPECT_EQ(replies.take_sections()->size(), 2U);
}

TEST(SectionRepliesTest, ACancelledSectionAndOneThatTookTooLongEndThePhoto) {
  for (const FailureKind kind : {FailureKind::Cancelled, FailureKind::TimedOut}) {
    SectionReplies replies(2);
    replies.add(failure(kind));
    replies.add(reply(1));
    ASSERT_TRUE(replies.end());
    EXPECT_EQ(replies.end()->kind, kind);
  }
}

TEST(SectionRepliesTest, WhatTheyTookIsAddedUpForThePhoto) {
  SectionReplies replies(2);
  replies.add(reply(1));
  replies.add(reply(2));
  ThumbnailReply joined = refusal();
  EXPECT_FALSE(replies.complete(joined));
  joined.made.push_back({});
  joined.nanoseconds = 5;
  EXPECT_TRUE(replies.complete(joined));
  EXPECT_EQ(joined.nanoseconds, 25);
  EXPECT_EQ(joined.sections, 2);
  joined.source_bytes = 99;
  EXPECT_FALSE(replies.complete(joined));
}

}  // namespace
}  // namespace bulkhead::jobs
