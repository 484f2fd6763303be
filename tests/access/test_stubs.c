/* SPDX-License-Identifier: MIT */
/* The stream of accesses that a compiler's pass and the stubs make, by compiler, optimisation and
 * language. */
#include "../cc/place.h"
#include "ilv_test.h"
#include "record.h"

static struct said said;

static void in_c(const char *options)
{
    record_matches("plain", options);
    record_matches("atomics", options);
    record_matches("libc", options);
}

static void in_cxx(const char *options)
{
    record_matches("plain", options);
    record_matches("atomics", options);
}

static void gcc_tells_every_access_unoptimised(void)
{
    place_make();
    in_c("--cc=gcc -O0");
    in_cxx("--cc=g++ -x c++ -O0");
}

static void gcc_tells_every_access_that_is_left_at_O1(void)
{
    place_make();
    in_c("--cc=gcc -O1");
}

static void gcc_tells_every_access_that_is_left_at_O2(void)
{
    place_make();
    in_c("--cc=gcc -O2");
    in_cxx("--cc=g++ -x c++ -O2");
}

static void gcc_tells_every_access_that_is_left_at_O3(void)
{
    place_make();
    in_c("--cc=gcc -O3 -D_FORTIFY_SOURCE=2");
}

static void clang_tells_every_access_unoptimised(void)
{
    place_needs("clang");
    place_make();
    in_c("--cc=clang -O0");
    in_cxx("--cc=clang++ -x c++ -O0");
}

static void clang_tells_every_access_that_is_left_at_O1(void)
{
    place_needs("clang");
    place_make();
    in_c("--cc=clang -O1");
}

static void clang_tells_every_access_that_is_left_at_O2(void)
{
    place_needs("clang");
    place_make();
    in_c("--cc=clang -O2");
    in_cxx("--cc=clang++ -x c++ -O2");
}

static void clang_tells_every_access_that_is_left_at_O3(void)
{
    place_needs("clang");
    place_make();
    in_c("--cc=clang -O3 -D_FORTIFY_SOURCE=2");
}

static void clang_22_tells_the_same(void)
{
    place_needs("clang-22");
    place_make();
    in_c("--cc=clang-22 -O2");
}

static void objects_tell_of_their_virtual_tables(void)
{
    place_make();
    record_matches("vptr", "--cc=g++ -O0");
    record_matches("vptr", "--cc=g++ -O2");
}

static void objects_of_clang_tell_of_their_virtual_tables(void)
{
    place_needs("clang++");
    place_make();
    record_matches("vptr", "--cc=clang++ -O0");
    record_matches("vptr", "--cc=clang++ -O2");
}

static void annotations_are_heard(void)
{
    place_make();
    record_matches("annotations", "-O2");
    record_matches("annotations", "--cc=g++ -O0 -x c++");
}

static void annotations_are_heard_where_a_program_defines_its_own(void)
{
    place_make();
    place_succeeds(&said, "$I cc -c -DOWN_DEFINITIONS -I$S $S/inputs/annotations.c -o own.o && "
                          "nm own.o | grep -q ' T AnnotateHappensBefore'");
    place_succeeds(&said, "$I cc -shared -fPIC -DOWN_DEFINITIONS -I$S $S/inputs/annotations.c "
                          "-o libown.so");
    record_matches("annotations", "-L. -lown -Wl,-rpath,.");
}

static void annotations_do_nothing_outside_the_sandbox(void)
{
    place_make();
    place_succeeds(&said, "$I cc -I$S $S/inputs/annotations.c -o program");
    place_run(&said, "./program");
    ILV_CHECK_INT(said.status, 3);
    ILV_CHECK_STR(said.out, "depth 0\n0 1\n");
}

static void the_programs_options_are_passed_on(void)
{
    place_make();
    place_succeeds(&said, "$I cc -I$S $S/inputs/annotations.c -o program");
    place_run(&said, "MODULES=1 LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_STR(said.err, "module 1 real 0 options report_bugs=1 suppressions race:nobody\n"
                            "0 left\n");
}

static void weak_compare_exchanges_fail_when_told_to(void)
{
    place_make();
    place_succeeds(&said, "$I cc -O1 -I$S $S/inputs/atomics.c -o program");
    place_run(&said, "SPURIOUS=1 LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_STR(said.out, "weak failed\n255 65532 10 11\n");
    place_run(&said, "LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_STR(said.out, "weak succeeded\n255 65532 20 11\n");
}

ILV_SUITE(stubs, ILV_TEST(gcc_tells_every_access_unoptimised),
          ILV_TEST(gcc_tells_every_access_that_is_left_at_O1),
          ILV_TEST(gcc_tells_every_access_that_is_left_at_O2),
          ILV_TEST(gcc_tells_every_access_that_is_left_at_O3),
          ILV_TEST(clang_tells_every_access_unoptimised),
          ILV_TEST(clang_tells_every_access_that_is_left_at_O1),
          ILV_TEST(clang_tells_every_access_that_is_left_at_O2),
          ILV_TEST(clang_tells_every_access_that_is_left_at_O3), ILV_TEST(clang_22_tells_the_same),
          ILV_TEST(objects_tell_of_their_virtual_tables),
          ILV_TEST(objects_of_clang_tell_of_their_virtual_tables), ILV_TEST(annotations_are_heard),
          ILV_TEST(annotations_are_heard_where_a_program_defines_its_own),
          ILV_TEST(annotations_do_nothing_outside_the_sandbox),
          ILV_TEST(the_programs_options_are_passed_on),
          ILV_TEST(weak_compare_exchanges_fail_when_told_to));
