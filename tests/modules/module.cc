// A shared library that a program loads while it runs, built twice with another number.

extern "C" int number_of_this_build(int item) {
  return 1000 * BULKHEAD_TEST_BUILD + item;
}
