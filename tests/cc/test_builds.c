/* SPDX-License-Identifier: MIT */
/* Build systems that know nothing of the command: make and a configure script, libtool, CMake. */
#include <string.h>

#include "ilv_test.h"
#include "place.h"

static struct said said;

static void instrumented(const char *file)
{
    place_run(&said, "nm %s | grep -c ilv__access_module", file);
    ILV_CHECK_STR(said.out, "1\n");
}

static const char program[] = "#include \"config.h\"\n"
                              "#include <stdio.h>\n"
                              "int part(void);\n"
                              "int main(void) { printf(\"%d %d\\n\", HAVE_PIPE2, part()); }\n";

/* As scripts of autoconf ask: by exit status, by what stands on standard error, by names that do
 * not exist. */
static const char configure[] =
    "#!/bin/sh\n"
    "set -e\n"
    "echo 'int main(void) { return 0; }' > conftest.c\n"
    "$CC $CFLAGS -o conftest conftest.c 2> conftest.err\n"
    "test ! -s conftest.err || { echo 'the compiler talks'; cat conftest.err; exit 1; }\n"
    "./conftest\n"
    "for f in pipe2 no_such_function; do\n"
    "    printf 'char %s(void);\\nint main(void) { return %s(); }\\n' $f $f > conftest.c\n"
    "    u=$(echo $f | tr a-z A-Z)\n"
    "    if $CC $CFLAGS -o conftest conftest.c 2> conftest.err; then\n"
    "        echo \"#define HAVE_$u 1\"\n"
    "    else\n"
    "        echo \"#define HAVE_$u 0\"\n"
    "    fi\n"
    "done > config.h\n"
    "echo 'int main(void) { return wrong; }' > conftest.c\n"
    "if $CC -c conftest.c 2> conftest.err; then exit 1; fi\n"
    "printf 'CC = %s\\nCFLAGS = %s\\n' \"$CC\" \"$CFLAGS\" > Makefile\n"
    "cat rules >> Makefile\n";

static const char rules[] = "program: program.o libpart.a\n"
                            "\t$(CC) $(CFLAGS) -o $@ program.o -L. -lpart\n"
                            "libpart.a: part.o\n"
                            "\t$(AR) rcs $@ part.o\n"
                            "program.o part.o: config.h\n";

static void configure_and_make(void)
{
    place_make();
    place_needs("make");
    place_file("configure", configure);
    place_file("rules", rules);
    place_file("program.c", program);
    place_file("part.c", "static int parts; int part(void) { return ++parts; }\n");
    place_succeeds(&said, "CC=\"$I cc\" CFLAGS='-O2 -g' sh ./configure && "
                          "grep -q 'HAVE_PIPE2 1' config.h && "
                          "grep -q 'HAVE_NO_SUCH_FUNCTION 0' config.h");
    place_succeeds(&said, "make -s && ./program");
    ILV_CHECK_STR(said.out, "1 1\n");
    instrumented("program");
}

/* Debian's libtool is one that was configured for gcc and g++; ours for the command. */
static void libtool_made(void)
{
    place_make();
    place_needs("libtool");
    place_succeeds(&said, "sed \"s|^CC=.*gcc.*|CC='$I cc'|; s|^CC=.*g++.*|CC='$I c++'|\" "
                          "$(command -v libtool) > libtool && chmod +x libtool");
}

static void libtool(void)
{
    libtool_made();
    place_file("config.h", "#define HAVE_PIPE2 1\n");
    place_file("program.c", program);
    place_file("part.c", "static int parts; int part(void) { return ++parts; }\n");
    place_succeeds(&said, "lt='./libtool --silent --tag=CC'\n"
                          "$lt --mode=compile $I cc -O1 -c part.c -o part.lo && "
                          "$lt --mode=link $I cc -O1 part.lo -o libpart.la -rpath /nowhere && "
                          "$lt --mode=compile $I cc -O1 -c program.c -o program.lo && "
                          "$lt --mode=link $I cc -O1 program.lo libpart.la -o program");
    place_succeeds(&said, "./libtool --mode=execute ./program");
    ILV_CHECK_STR(said.out, "1 1\n");
    instrumented(".libs/libpart.so");
    instrumented(".libs/program");
}

static void libtool_for_cxx(void)
{
    libtool_made();
    place_file("part.cc", "#include <string>\nstd::string part() { return \"part\"; }\n");
    place_file("program.cc", "#include <iostream>\n#include <string>\nstd::string part();\n"
                             "int main() { std::cout << part() << \"\\n\"; }\n");
    place_succeeds(&said,
                   "lt='./libtool --silent --tag=CXX'\n"
                   "$lt --mode=compile $I c++ -c part.cc -o part.lo && "
                   "$lt --mode=link $I c++ part.lo -o libpart.la -rpath /nowhere -no-undefined && "
                   "$lt --mode=compile $I c++ -c program.cc -o program.lo && "
                   "$lt --mode=link $I c++ program.lo libpart.la -o program");
    place_succeeds(&said, "./libtool --mode=execute ./program");
    ILV_CHECK_STR(said.out, "part\n");
    instrumented(".libs/libpart.so");
}

static const char lists[] = "cmake_minimum_required(VERSION 3.13)\n"
                            "project(parts C CXX)\n"
                            "find_package(Threads REQUIRED)\n"
                            "include(CheckFunctionExists)\n"
                            "include(CheckCCompilerFlag)\n"
                            "check_function_exists(pipe2 HAVE_PIPE2)\n"
                            "check_function_exists(no_such_function HAVE_NONE)\n"
                            "check_c_compiler_flag(-Wshadow HAVE_SHADOW)\n"
                            "if(HAVE_NONE OR NOT HAVE_PIPE2 OR NOT HAVE_SHADOW)\n"
                            "  message(FATAL_ERROR \"wrong answers\")\n"
                            "endif()\n"
                            "add_library(shared_part SHARED shared.c)\n"
                            "add_library(static_part STATIC part.cc)\n"
                            "add_executable(program main.cc)\n"
                            "target_link_libraries(program shared_part static_part "
                            "Threads::Threads)\n";

static void cmake_with(const char *how)
{
    place_make();
    place_needs("cmake");
    place_needs("ninja");
    place_file("CMakeLists.txt", lists);
    place_file("shared.c", "static int n; int shared_part(void) { return ++n; }\n");
    place_file("part.cc", "#include <string>\nstd::string part() { return \"part\"; }\n");
    place_file("main.cc", "#include <iostream>\n#include <string>\n"
                          "extern \"C\" int shared_part(); std::string part();\n"
                          "int main() { std::cout << part() << shared_part() << \"\\n\"; }\n");
    place_succeeds(&said, "%s -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -S . -B b", how);
    ILV_CHECK(strstr(said.out, "The C compiler identification is") != NULL);
    place_succeeds(&said, "cmake --build b && b/program");
    ILV_CHECK(strstr(said.out, "part1\n") != NULL);
    instrumented("b/program");
    instrumented("b/libshared_part.so");
}

static void cmake_by_environment(void)
{
    cmake_with("CC=\"$I cc\" CXX=\"$I c++\" cmake");
}

static void cmake_by_one_word(void)
{
    cmake_with("cmake -DCMAKE_C_COMPILER=$I-cc -DCMAKE_CXX_COMPILER=$I-c++");
}

ILV_SUITE(builds, ILV_TEST(configure_and_make), ILV_TEST(libtool), ILV_TEST(libtool_for_cxx),
          ILV_TEST(cmake_by_environment));
ILV_SUITE(longer_builds, ILV_TEST(cmake_by_one_word));
