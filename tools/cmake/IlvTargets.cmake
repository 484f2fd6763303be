# SPDX-License-Identifier: MIT
# How every target of the repository is compiled, and how a room is declared.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
# Equal builds in different folders have equal build ids: witnesses are bound to them.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# Assertions stay on in what is shipped.
foreach(language C CXX)
  foreach(type RELEASE RELWITHDEBINFO)
    string(REPLACE "-DNDEBUG" "" CMAKE_${language}_FLAGS_${type} "${CMAKE_${language}_FLAGS_${type}}")
  endforeach()
endforeach()

option(ILV_WERROR "Warnings are errors" OFF)
set(ILV_SANITIZE "" CACHE STRING "Sanitizers for everything but the runtime's own sources")

add_library(ilv_warnings INTERFACE)
target_compile_options(ilv_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wundef -Wvla
  -Wcast-qual -Wcast-align -Wpointer-arith -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough
  -Wnull-dereference -Wswitch-enum
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches>
  $<$<AND:$<COMPILE_LANGUAGE:C>,$<C_COMPILER_ID:Clang>>:-Watomic-implicit-seq-cst -Wcomma
    -Wmissing-variable-declarations -Wunreachable-code>
  $<$<BOOL:${ILV_WERROR}>:-Werror>)
target_compile_definitions(ilv_warnings INTERFACE _GNU_SOURCE)

add_library(ilv_sanitize INTERFACE)
if(ILV_SANITIZE)
  target_compile_options(ilv_sanitize INTERFACE -fsanitize=${ILV_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(ilv_sanitize INTERFACE -fsanitize=${ILV_SANITIZE})
endif()

# ilv_room(NAME SOURCES... LINK rooms...)
#
# A room is a static library ilv_NAME whose include root is its own folder. The runtime lives in
# programs under test and takes in base, trace, strategies and detectors without sanitizers, so
# these rooms are compiled twice under the sanitizer presets: ilv_NAME and ilv_NAME_plain.
function(ilv_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK" ${ARGN})
  foreach(variant "" "_plain")
    set(target ilv_${name}${variant})
    add_library(${target} STATIC ${ROOM_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${target} PRIVATE ilv_warnings)
    foreach(link IN LISTS ROOM_LINK)
      if(variant STREQUAL "_plain" AND link MATCHES "^ilv_" AND TARGET ${link}_plain)
        target_link_libraries(${target} PUBLIC ${link}_plain)
      else()
        target_link_libraries(${target} PUBLIC ${link})
      endif()
    endforeach()
  endforeach()
  target_link_libraries(ilv_${name} PUBLIC ilv_sanitize)
  set_target_properties(ilv_${name}_plain PROPERTIES EXCLUDE_FROM_ALL ON)
endfunction()
