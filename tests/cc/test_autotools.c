/* SPDX-License-Identifier: MIT */
/* A whole project of autoconf, automake and libtool. */
#include "ilv_test.h"
#include "place.h"

static struct said said;

static void a_project_configures_builds_checks_and_installs(void)
{
    place_make();
    place_needs("autoreconf");
    place_needs("libtoolize");
    place_file("configure.ac", "AC_INIT([parts], [1])\n"
                               "AM_INIT_AUTOMAKE([foreign])\n"
                               "AC_CONFIG_HEADERS([config.h])\n"
                               "AC_PROG_CC\n"
                               "AC_PROG_CXX\n"
                               "AM_PROG_AR\n"
                               "LT_INIT\n"
                               "AC_CHECK_FUNCS([pipe2 memcpy no_such_function])\n"
                               "AC_SEARCH_LIBS([pthread_create], [pthread])\n"
                               "AC_C_BIGENDIAN\n"
                               "AC_CHECK_SIZEOF([long])\n"
                               "AC_CONFIG_FILES([Makefile])\n"
                               "AC_OUTPUT\n");
    place_file("Makefile.am", "lib_LTLIBRARIES = libpart.la\n"
                              "libpart_la_SOURCES = part.c more.cc\n"
                              "bin_PROGRAMS = program\n"
                              "program_SOURCES = program.c\n"
                              "program_LDADD = libpart.la\n"
                              "TESTS = program\n");
    place_file("part.c", "static int parts; int part(void) { return ++parts; }\n");
    place_file(
        "more.cc",
        "#include <string>\nextern \"C\" int more() { return std::string(\"x\").size(); }\n");
    place_file("program.c", "#include \"config.h\"\n"
                            "int part(void), more(void);\n"
                            "#if !HAVE_PIPE2 || !HAVE_MEMCPY || HAVE_NO_SUCH_FUNCTION\n"
                            "#error wrong answers\n"
                            "#endif\n"
                            "int main(void) { return part() + more() == 2 ? 0 : 1; }\n");
    place_run(&said, "autoreconf -i");
    ILV_CHECK_INT(said.status, 0);
    place_run(&said, "./configure CC=\"$I cc\" CXX=\"$I c++\" --prefix=$PWD/there");
    ILV_CHECK_INT(said.status, 0);
    place_run(&said, "make -s check && make -s install && ./there/bin/program");
    ILV_CHECK_INT(said.status, 0);
    place_succeeds(&said, "nm there/lib/libpart.so there/bin/program | grep -c ilv__access_module");
    ILV_CHECK_STR(said.out, "2\n");
}

ILV_SUITE(autotools, ILV_TEST(a_project_configures_builds_checks_and_installs));
