# SPDX-License-Identifier: MIT
# How tests are registered with ctest. Exit status 77 is "skipped"; a timeout is a net.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CUNIT REQUIRED IMPORTED_TARGET cunit)
set(ILV_TEST_SUPPORT_DIR ${CMAKE_CURRENT_LIST_DIR})

# ilv_add_tests(NAME exe ROOM room LABELS labels... SOURCES files... LINK targets...
#               [TIMEOUT seconds] [ENVIRONMENT NAME=value...] [BACKENDS])
#
# One executable of CUnit tests (ilv_test.h). After each link it is asked for its tests, and ctest
# gets an entry for each: <room>.<suite>.<test>. A new test needs no change here. With BACKENDS
# every test is registered once per backend, as by ilv_add_sandbox_test().
function(ilv_add_tests)
  cmake_parse_arguments(PARSE_ARGV 0 T "BACKENDS" "NAME;ROOM;TIMEOUT"
                        "LABELS;SOURCES;LINK;ENVIRONMENT")
  add_executable(${T_NAME} ${T_SOURCES})
  target_link_libraries(${T_NAME} PRIVATE ilv_warnings ilv_test ${T_LINK})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 60)
  endif()
  if(ILV_SANITIZE)
    math(EXPR T_TIMEOUT "5 * ${T_TIMEOUT}")
  endif()
  set(include_file ${CMAKE_CURRENT_BINARY_DIR}/${T_NAME}_tests.cmake)
  set(wrapper ${CMAKE_CURRENT_BINARY_DIR}/${T_NAME}_include.cmake)
  add_custom_command(TARGET ${T_NAME} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DEXE=$<TARGET_FILE:${T_NAME}> -DROOM=${T_ROOM}
            "-DLABELS=${T_LABELS}" -DTIMEOUT=${T_TIMEOUT} "-DENVIRONMENT=${T_ENVIRONMENT}"
            -DBACKENDS=${T_BACKENDS} -DOUT=${include_file}
            -P ${ILV_TEST_SUPPORT_DIR}/IlvDiscover.cmake
    BYPRODUCTS ${include_file} VERBATIM)
  file(WRITE ${wrapper} "if(EXISTS \"${include_file}\")
  include(\"${include_file}\")
else()
  add_test(${T_ROOM}.${T_NAME}_NOT_BUILT ${T_NAME}_NOT_BUILT)
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${wrapper})
endfunction()

# ilv_add_sandbox_test(NAME name COMMAND command... [LABELS labels...] [TIMEOUT seconds]
#                      [ENVIRONMENT NAME=value...] [WORKING_DIRECTORY folder])
#
# One ctest entry per backend: name.fiber and name.baton, with ILV_BACKEND set to it.
function(ilv_add_sandbox_test)
  cmake_parse_arguments(PARSE_ARGV 0 T "" "NAME;TIMEOUT;WORKING_DIRECTORY"
                        "COMMAND;LABELS;ENVIRONMENT")
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 60)
  endif()
  if(NOT T_WORKING_DIRECTORY)
    set(T_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  foreach(backend fiber baton)
    add_test(NAME ${T_NAME}.${backend} COMMAND ${T_COMMAND}
             WORKING_DIRECTORY ${T_WORKING_DIRECTORY})
    set_tests_properties(${T_NAME}.${backend} PROPERTIES
      LABELS "sandbox;${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77
      ENVIRONMENT "ILV_BACKEND=${backend};${T_ENVIRONMENT}")
  endforeach()
endfunction()
