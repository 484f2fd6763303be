/* SPDX-License-Identifier: MIT */
/* Atomic operations by the stubs give what the compiler's own give. */
#include <stdlib.h>
#include <string.h>

#include "../cc/place.h"
#include "ilv_test.h"

static struct said said;

/* What a plain compiler's program prints is right. */
static void same_values(const char *compiler, const char *options)
{
    place_needs(compiler);
    place_make();
    place_succeeds(&said,
                   "gcc -mcx16 -pthread -O1 $S/inputs/values.c -o plain -latomic && ./plain");
    char *right = strdup(said.out);
    ILV_CHECK(strlen(right) > 10000);
    place_succeeds(&said, "$I cc --cc=%s -mcx16 %s $S/inputs/values.c -o program && ./program",
                   compiler, options);
    ILV_CHECK_STR(said.out, right);
    place_succeeds(&said, "LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_STR(said.out, right);
    place_succeeds(&said, "nm program | grep -c '__atomic_' || true");
    ILV_CHECK_STR(said.out, "0\n");
    free(right);
}

static void are_those_of_plain_gcc(void)
{
    same_values("gcc", "-O0");
}

static void are_those_of_plain_gcc_optimised(void)
{
    same_values("gcc", "-O2");
}

static void are_the_same_from_clang(void)
{
    same_values("clang", "-O2");
}

ILV_SUITE(values, ILV_TEST(are_those_of_plain_gcc), ILV_TEST(are_those_of_plain_gcc_optimised),
          ILV_TEST(are_the_same_from_clang));
