# Installs bulkhead into an empty folder, then builds and runs a project that finds it there.
# Variables: BUILD (of bulkhead), SOURCE (of the project), FOLDER (to work in), COMPILER, FLAGS.
foreach(variable BUILD SOURCE FOLDER COMPILER)
  if(NOT DEFINED ${variable})
    message(FATAL_ERROR "${variable} is not set")
  endif()
endforeach()

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/build -G Ninja
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS}
    -DCMAKE_PREFIX_PATH=${FOLDER}/installed -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
run(${FOLDER}/build/squares)
