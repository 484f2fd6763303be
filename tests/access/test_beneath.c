/* SPDX-License-Identifier: MIT */
/* With a real sanitizer beneath: the same stream of accesses, and the sanitizer's own reports. */
#include <string.h>

#include "../cc/place.h"
#include "ilv_test.h"
#include "record.h"

static struct said said;

static void gcc_tells_the_same_with_tsan_beneath(void)
{
    place_make();
    record_same("plain", "--cc=gcc -O2", "--cc=gcc --with=tsan -O2");
    record_same("atomics", "--cc=gcc -O1", "--cc=gcc --with=tsan -O1");
    record_same("libc", "--cc=gcc -O0", "--cc=gcc --with=tsan -O0");
}

static void clang_tells_the_same_with_tsan_beneath(void)
{
    place_needs("clang");
    place_make();
    record_same("plain", "--cc=clang -O2", "--cc=clang --with=tsan -O2");
    record_same("atomics", "--cc=clang -O1", "--cc=clang --with=tsan -O1");
    record_same("libc", "--cc=clang -O0", "--cc=clang --with=tsan -O0");
}

/* A race that ThreadSanitizer sees whatever the order: nothing orders the two. */
static const char race[] = "#include <pthread.h>\n"
                           "int word;\n"
                           "static void *work(void *unused) { word++; return unused; }\n"
                           "int main(void)\n"
                           "{\n"
                           "    pthread_t t;\n"
                           "    pthread_create(&t, NULL, work, NULL);\n"
                           "    word++;\n"
                           "    pthread_join(t, NULL);\n"
                           "}\n";

static void reports_race(const char *compiler)
{
    place_needs(compiler);
    place_make();
    place_file("race.c", race);
    place_succeeds(&said, "$I cc --cc=%s --with=tsan -g race.c -o race", compiler);
    place_run(&said, "MODULES=1 LD_PRELOAD=" RECORDER " ./race");
    ILV_CHECK_INT(said.status, 66);
    ILV_CHECK(strstr(said.err, "module 1 real 1 ") != NULL);
    ILV_CHECK(strstr(said.err, "WARNING: ThreadSanitizer: data race") != NULL);
    ILV_CHECK(strstr(said.err, "race.c:3") != NULL);
    ILV_CHECK(strstr(said.err, "race.c:8") != NULL);
}

static void gccs_tsan_reports_as_ever(void)
{
    reports_race("gcc");
}

static void clangs_tsan_reports_as_ever(void)
{
    reports_race("clang");
}

static const char freed[] = "#include <stdlib.h>\n"
                            "int main(void)\n"
                            "{\n"
                            "    int *volatile p = malloc(4);\n"
                            "    free(p);\n"
                            "    return *p;\n"
                            "}\n";

static void asan_reports_as_ever(void)
{
    place_needs("clang");
    place_make();
    place_file("freed.c", freed);
    place_succeeds(&said, "$I cc --with=asan -g freed.c -o freed");
    place_run(&said, "MODULES=1 LD_PRELOAD=" RECORDER " ./freed");
    ILV_CHECK(strstr(said.err, "module 1 real 2 ") != NULL);
    ILV_CHECK(strstr(said.err, "heap-use-after-free") != NULL);
    ILV_CHECK(strstr(said.err, "freed.c:6") != NULL);
}

static void loads_and_stores_are_told_with_asan_beneath(void)
{
    place_needs("clang");
    place_make();
    place_succeeds(&said, "$I cc --with=asan -O1 -I$S $S/inputs/plain.c -o program");
    place_run(&said, "LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_INT(said.status, 3);
    char *record = place_read("record");
    ILV_CHECK(strstr(record, "[read_2]\nread 2 u16\n[") != NULL);
    ILV_CHECK(strstr(record, "[write_16]\nwrite 16 u128\n[") != NULL);
    ILV_CHECK(strstr(record, "[increment]\nread 4 u32\nwrite 4 u32\n[") != NULL);
}

ILV_SUITE(beneath, ILV_TEST(gcc_tells_the_same_with_tsan_beneath),
          ILV_TEST(clang_tells_the_same_with_tsan_beneath), ILV_TEST(gccs_tsan_reports_as_ever),
          ILV_TEST(clangs_tsan_reports_as_ever), ILV_TEST(asan_reports_as_ever),
          ILV_TEST(loads_and_stores_are_told_with_asan_beneath));
