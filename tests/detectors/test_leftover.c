/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"
#include "script.h"

#define TWO "T0 create T0.1;"
#define THREE "T0 create T0.1; T0 create T0.2;"

static void a_thread_that_ended_and_was_not_joined(void)
{
    CHECK_JUDGED(THREE "T0.1 exit; T0.2 exit; T0 join T0.2; end exit 0",
                 "unjoined (1): T0.1 did@1");
}

static void joined_and_detached_threads_are_fine(void)
{
    CHECK_JUDGED(THREE "T0 detach T0.1; T0.1 exit; T0.2 exit; T0 join T0.2; end exit 0", "");
}

static void a_join_that_failed_joins_nobody(void)
{
    CHECK_JUDGED(TWO "T0 join T0.1 =ETIMEDOUT timed; T0.1 exit; end exit 0",
                 "unjoined (1): T0.1 did@1");
}

static void a_join_that_the_end_came_before(void)
{
    CHECK_JUDGED(THREE "T0 join T0.1 ?; end exit 0 T0.1", "unjoined (1): T0.2 did@2");
}

static void main_that_returns_first(void)
{
    CHECK_JUDGED(THREE "T0 detach T0.1; T0 detach T0.2; T0.2 exit; end main-returns",
                 "main-first (1): T0.1 did@1");
    CHECK_JUDGED(TWO "end main-returns", "unjoined (1): T0.1 did@1 | main-first (1): T0.1 did@1");
}

static void exit_means_all(void)
{
    CHECK_JUDGED(TWO "T0 detach T0.1; end main-exits", "");
}

static void main_that_leaves_by_pthread_exit(void)
{
    CHECK_JUDGED(TWO "T0 detach T0.1; T0 exit; T0.1 exit; end exit 0", "");
}

static void a_run_that_was_ended_leaves_nothing_of_its_own(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0 lock M1 ?", "deadlock self: T0 holds M1@2, T0 waits M1");
    CHECK_JUDGED(TWO "T0.1 lock M1; end signal 11", "crash (11): T0 did T0.1");
}

ILV_SUITE(leftover, ILV_TEST(a_thread_that_ended_and_was_not_joined),
          ILV_TEST(joined_and_detached_threads_are_fine), ILV_TEST(a_join_that_failed_joins_nobody),
          ILV_TEST(a_join_that_the_end_came_before), ILV_TEST(main_that_returns_first),
          ILV_TEST(exit_means_all), ILV_TEST(main_that_leaves_by_pthread_exit),
          ILV_TEST(a_run_that_was_ended_leaves_nothing_of_its_own));
