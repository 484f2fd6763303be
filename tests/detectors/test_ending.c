/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"
#include "script.h"

#define TWO "T0 create T0.1;"

static void a_failure_status_is_told(void)
{
    CHECK_JUDGED("T0 lock M1; T0 unlock M1; end exit 3", "exit-status (3): T0 did M1");
}

static void success_is_not(void)
{
    CHECK_JUDGED("T0 lock M1; T0 unlock M1; end exit 0", "");
}

static void a_signal_is_a_crash(void)
{
    CHECK_JUDGED("T0 lock M1; end signal 11", "crash (11): T0 did M1");
    CHECK_JUDGED("T0 lock M1; end signal 6", "crash (6): T0 did M1");
}

static void steps_without_end_name_who_goes_round(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 trylock M1 =EBUSY; T0 yield; end steps",
                 "livelock: T0 did, T0.1 did M1");
}

static void who_has_ended_does_not_go_round(void)
{
    CHECK_JUDGED(TWO "T0.1 exit; T0 trylock M1; end steps", "livelock: T0 did M1");
}

static void a_stuck_run_has_no_status(void)
{
    CHECK_JUDGED("T0 sem-wait S1 ?; end stuck", "deadlock stuck: T0 waits S1");
}

static void an_error_that_ended_the_run_is_not_told_again(void)
{
    CHECK_JUDGED("T0 lock M1; T0 lock M1 ?; end exit 1",
                 "deadlock self: T0 holds M1@1, T0 waits M1");
}

ILV_SUITE(ending, ILV_TEST(a_failure_status_is_told), ILV_TEST(success_is_not),
          ILV_TEST(a_signal_is_a_crash), ILV_TEST(steps_without_end_name_who_goes_round),
          ILV_TEST(who_has_ended_does_not_go_round), ILV_TEST(a_stuck_run_has_no_status),
          ILV_TEST(an_error_that_ended_the_run_is_not_told_again));
