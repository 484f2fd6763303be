/* SPDX-License-Identifier: MIT */
/* Tests that pass, fail and die on purpose: what test_support.c looks at. */
#include <signal.h>

#include "ilv_test.h"

static void passes(void)
{
    ILV_CHECK(true);
    ILV_CHECK_STR(NULL, NULL);
}

static void fails(void)
{
    (void)ilv_test_seed(7);
    ILV_CHECK_INT(1 + 1, 3);
    ILV_CHECK_U64(10, 11);
    ILV_CHECK_STR("a", NULL);
    ILV_CHECK(ILV_CHECK_INT(2, 2));
}

static void checks_nothing(void)
{
}

static void is_skipped(void)
{
    ilv_test_skip("no %s here", "moon");
}

static void dies(void)
{
    (void)raise(SIGKILL);
}

ILV_SUITE(sample, ILV_TEST(passes), ILV_TEST(fails), ILV_TEST(checks_nothing), ILV_TEST(is_skipped),
          ILV_TEST(dies));

#define SUITES(X) X(sample)
ILV_TEST_MAIN(SUITES)
