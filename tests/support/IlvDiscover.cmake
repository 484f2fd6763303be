# SPDX-License-Identifier: MIT
# Asks the test executable EXE for its tests and writes what ctest reads into OUT.
# See ilv_add_tests() in IlvTest.cmake for the other variables.

execute_process(COMMAND ${EXE} --list OUTPUT_VARIABLE list RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${EXE} --list: ${status}; the list of its tests cannot be made")
endif()
string(REGEX REPLACE "\n$" "" list "${list}")
string(REPLACE "\n" ";" tests "${list}")

set(text "# Made by IlvDiscover.cmake.\n")
function(write_test name test labels environment)
  string(APPEND text "add_test([[${name}]] [[${EXE}]] [[${test}]])\n"
    "set_tests_properties([[${name}]] PROPERTIES LABELS [[${labels}]] TIMEOUT ${TIMEOUT} "
    "SKIP_RETURN_CODE 77 ENVIRONMENT [[${environment}]])\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

foreach(test IN LISTS tests)
  if(BACKENDS)
    foreach(backend fiber baton)
      write_test(${ROOM}.${test}.${backend} ${test} "sandbox;${LABELS}"
                 "ILV_BACKEND=${backend};${ENVIRONMENT}")
    endforeach()
  else()
    write_test(${ROOM}.${test} ${test} "${LABELS}" "${ENVIRONMENT}")
  endif()
endforeach()
file(WRITE ${OUT} "${text}")
