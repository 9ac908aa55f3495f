# What `cmake --install` puts in place, so that find_package(bulkhead) gives bulkhead::bulkhead.
include(CMakePackageConfigHelpers)

set(BULKHEAD_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/bulkhead)

install(TARGETS bulkhead EXPORT bulkheadTargets)
install(DIRECTORY include/bulkhead TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
install(EXPORT bulkheadTargets NAMESPACE bulkhead:: DESTINATION ${BULKHEAD_PACKAGE_FOLDER})

configure_package_config_file(
  cmake/bulkheadConfig.cmake.in ${PROJECT_BINARY_DIR}/bulkheadConfig.cmake
  INSTALL_DESTINATION ${BULKHEAD_PACKAGE_FOLDER})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/bulkheadConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/bulkheadConfig.cmake ${PROJECT_BINARY_DIR}/bulkheadConfigVersion.cmake
  DESTINATION ${BULKHEAD_PACKAGE_FOLDER})
