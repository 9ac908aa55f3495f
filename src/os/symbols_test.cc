#include "os/symbols.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "os/code_address.h"
#include "os/stack_trace.h"

namespace bulkhead::os {

/// Outside of the unnamed namespace and not inlined, to be found by its name.
[[gnu::noinline]] std::size_t where_am_i(std::span<CodeAddress> places) {
  const std::size_t count = capture_stack(places, StackPart::All);
  EXPECT_GT(count, 1U);
  return count;
}

namespace {

TEST(SymbolsTest, NameTheFunctionsOfThisProgram) {
  std::array<CodeAddress, 16> places;
  const std::size_t count = where_am_i(places);
  std::string names;
  for (const auto place : std::span(places).first(count)) {
    names += Symbols::of_file(module_file(place.module)).function_at(place.offset) + "\n";
  }
  EXPECT_NE(names.find("bulkhead::os::where_am_i("), std::string::npos) << names;
}

TEST(SymbolsTest, AnAddressOutsideOfAllFunctionsHasNoName) {
  const auto symbols = Symbols::of_file("/proc/self/exe");
  EXPECT_EQ(symbols.function_at(0), "");
  EXPECT_EQ(symbols.function_at(~std::uint64_t{0}), "");
}

TEST(SymbolsTest, AFileThatIsNoProgramHasNoSymbols) {
  EXPECT_EQ(Symbols::of_file("/proc/self/status").function_at(1), "");
  EXPECT_EQ(Symbols::of_file("/does/not/exist").function_at(1), "");
}

TEST(SymbolsTest, ADamagedFileHasNoSymbolsOrFewer) {
  std::ifstream in("/bin/true", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const std::string file = ::testing::TempDir() + "damaged-" + std::to_string(::getpid());
  for (std::size_t size = 1; size < whole.size(); size = size * 3 / 2 + 1) {
    std::ofstream(file, std::ios::binary) << whole.substr(0, size);
    EXPECT_EQ(Symbols::of_file(file).function_at(0), "");
  }
  std::remove(file.c_str());
}

TEST(SymbolsTest, WhatIsNoMangledNameIsGivenBack) {
  EXPECT_EQ(demangled("main"), "main");
  EXPECT_EQ(demangled("_ZN8bulkhead4initERiRPPc"), "bulkhead::init(int&, char**&)");
}

TEST(StackTraceTest, StopsWhereThereIsNoMoreRoom) {
  std::array<CodeAddress, 1> places;
  EXPECT_EQ(capture_stack(places, StackPart::All), 1U);
}

TEST(StackTraceTest, OutsideOfASignalHandlerNothingWasInterrupted) {
  std::array<CodeAddress, 16> places;
  EXPECT_EQ(capture_stack(places, StackPart::Interrupted), 0U);
}

}  // namespace
}  // namespace bulkhead::os
