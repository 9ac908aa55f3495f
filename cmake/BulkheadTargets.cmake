# What every target of the project has in common, said once.

# Warnings for the project's own code.
function(bulkhead_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    # False alarms of GCC 12 in std::string at -O2 and above (GCC bug 105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
  if(BULKHEAD_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# bulkhead_room(NAME SOURCES... ): one room of the house (ARCHITECTURE.md), an object library.
function(bulkhead_room name)
  add_library(${name} OBJECT ${ARGN})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  bulkhead_warnings(${name})
endfunction()

# bulkhead_test(NAME SOURCES a_test.cc... LIBS target...): one GoogleTest program, each of its tests
# known to ctest by its own name.
function(bulkhead_test name)
  if(NOT BULKHEAD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest_main)
  bulkhead_warnings(${name})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
endfunction()
