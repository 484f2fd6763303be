/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"
#include "script.h"

#define TWO "T0 create T0.1;"
#define THREE "T0 create T0.1; T0 create T0.2;"

static void a_signal_before_the_wait_is_lost(void)
{
    CHECK_JUDGED(TWO "T0 signal C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 join T0.1 ?; end stuck",
                 "lost-wakeup: T0 signalled C1@2, T0.1 waits C1@4");
}

static void a_broadcast_before_the_wait_is_lost(void)
{
    CHECK_JUDGED(TWO "T0 broadcast C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 join T0.1 ?; end stuck",
                 "lost-wakeup: T0 signalled C1@2, T0.1 waits C1@4");
}

static void all_who_missed_it_are_told(void)
{
    CHECK_JUDGED(THREE "T0 broadcast C1; T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M1;"
                       "T0.2 sleep C1 M1; T0 join T0.1 ?; end stuck",
                 "lost-wakeup: T0 signalled C1@3, T0.1 waits C1@5, T0 signalled C1@3, T0.2 waits "
                 "C1@7");
}

static void a_signal_that_nobody_needs_is_normal(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0 signal C1; T0 unlock M1; T0.1 lock M1; T0.1 unlock M1;"
                     "T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void a_wait_that_is_signalled_ends(void)
{
    CHECK_JUDGED(TWO "T0 signal C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1; T0 signal C1 #1;"
                     "T0.1 woken; T0 unlock M1; T0.1 wake C1 M1; T0.1 unlock M1; T0.1 exit;"
                     "T0 join T0.1; end exit 0",
                 "");
}

static void a_signal_that_woke_another_is_not_lost(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 sleep C1 M1; T0 signal C1 #1; T0.1 woken; T0.2 lock M1;"
                       "T0.2 sleep C1 M1; T0.1 wake C1 M1; T0.1 unlock M1; T0.1 exit;"
                       "T0 join T0.1; T0 join T0.2 ?; end stuck",
                 "deadlock stuck: T0 waits T0.2, T0.2 waits C1");
}

static void a_later_signal_that_was_heard_replaces_it(void)
{
    CHECK_JUDGED(THREE "T0 signal C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 signal C1 #1; T0.1 woken;"
                       "T0.1 wake C1 M1; T0.1 unlock M1; T0.2 lock M1; T0.2 sleep C1 M1;"
                       "T0.1 exit; T0 join T0.2 ?; end stuck",
                 "deadlock stuck: T0 waits T0.2, T0.2 waits C1");
}

static void a_signal_of_another_condition_is_not_meant(void)
{
    CHECK_JUDGED(TWO "T0 signal C2; T0.1 lock M1; T0.1 sleep C1 M1; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 waits C1");
}

static void never_signalled_is_stuck(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 waits C1");
}

static void who_waits_for_a_lock_makes_it_a_deadlock(void)
{
    CHECK_JUDGED(THREE "T0 signal C1; T0.1 lock M2; T0.1 lock M1; T0.1 sleep C1 M1;"
                       "T0.2 lock M2 ?; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 holds M2@4, T0.1 waits C1, T0.2 waits M2");
}

static void an_owner_that_ended_is_told_and_not_the_sleeper(void)
{
    CHECK_JUDGED(THREE "T0 signal C1; T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M2; T0.2 exit;"
                       "T0 lock M2 ?; end stuck",
                 "deadlock owner-ended: T0.2 holds M2@6, T0 waits M2, T0.1 waits C1");
}

static void a_reader_behind_a_sleeper_is_not_told_twice(void)
{
    CHECK_JUDGED(TWO
                 "T0 signal C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 channel-read P1 ?; end stuck",
                 "lost-wakeup: T0 signalled C1@2, T0.1 waits C1@4");
}

static void a_program_that_ends_all_the_same_is_not_accused(void)
{
    CHECK_JUDGED(TWO "T0 signal C1; T0 detach T0.1; T0.1 lock M1; T0.1 sleep C1 M1; end exit 0",
                 "");
}

static void the_next_use_of_the_memory_is_another_condition(void)
{
    CHECK_JUDGED(TWO "T0 signal C1; T0 cond-destroy C1; T0 cond-init C2 @C1; T0.1 lock M1;"
                     "T0.1 sleep C2 M1; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 waits C2");
}

ILV_SUITE(lost_wakeup, ILV_TEST(a_signal_before_the_wait_is_lost),
          ILV_TEST(a_broadcast_before_the_wait_is_lost), ILV_TEST(all_who_missed_it_are_told),
          ILV_TEST(a_signal_that_nobody_needs_is_normal), ILV_TEST(a_wait_that_is_signalled_ends),
          ILV_TEST(a_signal_that_woke_another_is_not_lost),
          ILV_TEST(a_later_signal_that_was_heard_replaces_it),
          ILV_TEST(a_signal_of_another_condition_is_not_meant), ILV_TEST(never_signalled_is_stuck),
          ILV_TEST(who_waits_for_a_lock_makes_it_a_deadlock),
          ILV_TEST(an_owner_that_ended_is_told_and_not_the_sleeper),
          ILV_TEST(a_reader_behind_a_sleeper_is_not_told_twice),
          ILV_TEST(a_program_that_ends_all_the_same_is_not_accused),
          ILV_TEST(the_next_use_of_the_memory_is_another_condition));
