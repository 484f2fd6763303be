/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "ilv_test.h"
#include "script.h"

#define TWO "T0 create T0.1;"
#define THREE "T0 create T0.1; T0 create T0.2;"

/* ---- early: cycles ------------------------------------------------------------------------ */

static void opposite_order_is_a_cycle(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ?; T0.1 lock M1 ?",
                 "deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@3, T0.1 waits M1");
}

static void the_same_order_is_none(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M1 ?; T0 lock M2; T0 unlock M2; T0 unlock M1;"
                     "T0.1 lock M1; T0.1 lock M2; T0.1 unlock M2; T0.1 unlock M1; T0.1 exit;"
                     "T0 join T0.1; end exit 0",
                 "");
}

static void three_philosophers_are_a_cycle_told_from_the_first(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M2; T0.2 lock M3; T0 lock M1; T0 lock M2 ?; T0.1 lock M3 ?;"
                       "T0.2 lock M1 ?",
                 "deadlock cycle: T0 holds M1@5, T0 waits M2, T0.1 holds M2@3, T0.1 waits M3, "
                 "T0.2 holds M3@4, T0.2 waits M1");
}

static void a_cycle_is_told_while_others_run(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.2 lock M2; T0 lock M3; T0.1 lock M2 ?; T0.2 lock M1 ?;"
                       "T0 unlock M3; end exit 0",
                 "deadlock cycle: T0.1 holds M1@3, T0.1 waits M2, T0.2 holds M2@4, T0.2 waits M1");
}

static void who_waits_beside_a_cycle_is_not_of_it(void)
{
    CHECK_JUDGED(THREE "T0 lock M1; T0.1 lock M2; T0.2 lock M1 ?; T0 lock M2 ?; T0.1 lock M1 ?",
                 "deadlock cycle: T0 holds M1@3, T0 waits M2, T0.1 holds M2@4, T0.1 waits M1");
}

static void a_wait_with_a_deadline_ends(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ? timed; T0.1 lock M1 ?;"
                     "T0 lock M2 timed =ETIMEDOUT; T0 unlock M1; T0.1 lock M1; T0.1 unlock M1;"
                     "T0.1 unlock M2; T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void a_failed_trylock_holds_nothing_and_waits_for_nothing(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 trylock M2 =EBUSY; T0.1 lock M1 ?; T0 unlock M1;"
                     "T0.1 lock M1; T0 lock M2 ?; T0.1 unlock M1; T0.1 unlock M2; T0 lock M2;"
                     "T0 unlock M2; T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void a_lock_taken_by_trylock_counts(void)
{
    CHECK_JUDGED(TWO "T0 trylock M1; T0.1 lock M2 timed; T0 lock M2 ?; T0.1 lock M1 ?",
                 "deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@3, T0.1 waits M1");
}

static void a_handler_that_may_come_could_end_it(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ?; T0 interruptible; T0.1 lock M1 ?;"
                     "T0.1 lock M1 ~; end exit 0",
                 "unjoined (1): T0.1 did@1");
}

static void an_owner_that_died_hands_over_a_robust_mutex(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1b; T0.1 exit; T0 lock M1 =EOWNERDEAD; T0 lock M2;"
                     "T0 mutex-consistent M1; T0 unlock M2; T0 unlock M1; T0 join T0.1; end exit 0",
                 "");
}

static void relocking_a_normal_mutex_is_self(void)
{
    CHECK_JUDGED("T0 lock M1; T0 lock M1 ?", "deadlock self: T0 holds M1@1, T0 waits M1");
}

static void relocking_a_recursive_one_is_none(void)
{
    CHECK_JUDGED("T0 lock M1r; T0 lock M1; T0 unlock M1 #1; T0 unlock M1; end exit 0", "");
}

static void a_recursive_one_is_held_until_the_last_unlock(void)
{
    CHECK_JUDGED(TWO "T0 lock M1r; T0 lock M1; T0 unlock M1 #1; T0.1 lock M2; T0 lock M2 ?;"
                     "T0.1 lock M1 ?",
                 "deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@5, T0.1 waits M1");
}

static void an_initialiser_that_calls_itself_is_self(void)
{
    CHECK_JUDGED("T0 once-begin O1 #1; T0 once-begin O1 ?",
                 "deadlock self: T0 holds O1@1, T0 waits O1");
}

static void an_initialiser_that_waits_for_a_waiter_is_a_cycle(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0 once-begin O1 #1; T0.1 once-begin O1 ?; T0 lock M1 ?",
                 "deadlock cycle: T0 holds O1@3, T0 waits M1, T0.1 holds M1@2, T0.1 waits O1");
}

static void an_initialiser_that_is_done_holds_nothing(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0 once-begin O1 #1; T0.1 once-begin O1 ?; T0 once-end O1;"
                     "T0 lock M1 ?; T0.1 once-begin O1; T0.1 unlock M1; T0 lock M1; T0 unlock M1;"
                     "T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void spin_locks_are_locks(void)
{
    CHECK_JUDGED(TWO "T0 spin-lock SP1; T0.1 lock M1; T0 lock M1 ?; T0.1 spin-lock SP1 ?",
                 "deadlock cycle: T0 holds SP1@2, T0 waits M1, T0.1 holds M1@3, T0.1 waits SP1");
}

static void writers_in_opposite_order_are_a_cycle(void)
{
    CHECK_JUDGED(TWO "T0 rwlock-wrlock RW1; T0.1 rwlock-wrlock RW2; T0 rwlock-rdlock RW2 ?;"
                     "T0.1 rwlock-wrlock RW1 ?",
                 "deadlock cycle: T0 holds RW1@2, T0 waits RW2, T0.1 holds RW2@3, T0.1 waits RW1");
}

static void readers_do_not_wait_for_each_other(void)
{
    CHECK_JUDGED(THREE "T0.1 rwlock-rdlock RW1; T0.2 rwlock-rdlock RW1; T0 rwlock-wrlock RW1 ?;"
                       "T0.1 rwlock-rdlock RW1; T0.1 rwlock-unlock RW1; T0.1 rwlock-unlock RW1;"
                       "T0.2 rwlock-unlock RW1; T0 rwlock-wrlock RW1; T0 rwlock-unlock RW1;"
                       "T0.1 exit; T0.2 exit; T0 join T0.1; T0 join T0.2; end exit 0",
                 "");
}

static void one_of_several_readers_is_not_told_early(void)
{
    CHECK_JUDGED(THREE "T0.1 rwlock-rdlock RW1; T0.2 rwlock-rdlock RW1; T0 lock M1;"
                       "T0 rwlock-wrlock RW1 ?; T0.1 lock M1 ?; T0.2 rwlock-unlock RW1; end stuck",
                 "deadlock cycle: T0 holds M1@5, T0 waits RW1, T0.1 holds RW1@3, T0.1 waits M1, "
                 "T0.2 waits RW1");
}

static void an_upgrade_of_the_only_reader_is_self(void)
{
    CHECK_JUDGED("T0 rwlock-rdlock RW1; T0 rwlock-wrlock RW1 ?",
                 "deadlock self: T0 holds RW1@1, T0 waits RW1");
}

/* ---- joins ---------------------------------------------------------------------------------- */

static void joining_who_waits_for_my_lock_is_join(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M1 ?; T0 join T0.1 ?",
                 "deadlock join: T0 holds M1@2, T0 waits T0.1, T0.1 waits M1");
}

static void joining_after_letting_go_is_none(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M1 ?; T0 unlock M1; T0 join T0.1 ?; T0.1 lock M1;"
                     "T0.1 unlock M1; T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void three_that_join_each_other_are_join(void)
{
    CHECK_JUDGED(THREE "T0 join T0.1 ?; T0.1 join T0.2 ?; T0.2 join T0 ?",
                 "deadlock join: T0 waits T0.1, T0.1 waits T0.2, T0.2 waits T0");
}

static void the_second_of_two_that_join_each_other_is_refused(void)
{
    CHECK_JUDGED(TWO "T0 join T0.1 ?; T0.1 join T0 ~; T0 join T0.1 ?; T0.1 join T0 =EDEADLK;"
                     "T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void a_join_with_a_deadline_ends(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M1 ?; T0 join T0.1 ? timed; T0 join T0.1 timed "
                     "=ETIMEDOUT; T0 unlock M1; T0.1 lock M1; T0.1 unlock M1; T0.1 exit;"
                     "T0 join T0.1; end exit 0",
                 "");
}

/* ---- condition waits and locks -------------------------------------------------------------- */

static void a_sleeper_has_let_its_mutex_go(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0 sleep C1 M1; T0.1 lock M1; T0.1 signal C1 #1; T0 woken;"
                     "T0.1 unlock M1; T0 wake C1 M1; T0 unlock M1; T0.1 exit; T0 join T0.1;"
                     "end exit 0",
                 "");
}

static void a_woken_sleeper_waits_for_its_mutex(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M2; T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1; T0 signal C1 #1;"
                     "T0.1 woken; T0 lock M2 ?",
                 "deadlock cycle: T0 holds M1@5, T0 waits M2, T0.1 holds M2@2, T0.1 waits M1");
}

static void the_only_sleeper_is_known_to_be_woken(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1; T0 signal C1 #1; T0 join T0.1 ?",
                 "deadlock join: T0 holds M1@4, T0 waits T0.1, T0.1 waits M1");
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M1; T0.2 sleep C1 M1;"
                       "T0 lock M1; T0 broadcast C1 #2; T0 join T0.1 ?",
                 "deadlock join: T0 holds M1@7, T0 waits T0.1, T0.1 waits M1");
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1 timed; T0 lock M1; T0.1 gave-up;"
                     "T0 join T0.1 ?",
                 "deadlock join: T0 holds M1@4, T0 waits T0.1, T0.1 waits M1");
}

static void one_of_two_sleepers_is_not_known_to_be_woken(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M1; T0.2 sleep C1 M1;"
                       "T0 lock M1; T0 signal C1 #1; T0 join T0.1 ?; T0 join T0.1 ~; T0.1 exit;"
                       "T0.2 exit; T0 unlock M1; end exit 0",
                 "unjoined (2): T0.1 did@1, T0.2 did@2");
}

static void a_sleeper_that_may_be_woken_is_in_no_cycle(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M2; T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1; T0 lock M2 ?;"
                       "T0.2 exit; end stuck",
                 "deadlock stuck: T0 holds M1@6, T0 waits M2, T0.1 holds M2@3, T0.1 waits C1");
}

static void a_mutex_held_twice_stays_held_while_its_holder_sleeps(void)
{
    CHECK_JUDGED(TWO "T0 lock M1r; T0 lock M1; T0.1 lock M2; T0 wait C1 M1 #1; T0 lock M2 ?;"
                     "T0.1 lock M1 ?",
                 "deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@4, T0.1 waits M1");
}

/* ---- at the end: stuck -------------------------------------------------------------------- */

static void a_cycle_that_a_handler_might_have_ended_is_told_when_stuck(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ?; T0 interruptible; T0.1 lock M1 ?;"
                     "end stuck",
                 "deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@3, T0.1 waits M1");
}

static void a_lock_whose_owner_ended_is_never_let_go(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 exit; T0 lock M2; T0 lock M1 ?; end stuck",
                 "deadlock owner-ended: T0.1 holds M1@2, T0 holds M2@4, T0 waits M1");
}

static void an_owner_that_ended_is_not_told_while_others_run(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 exit; T0.2 lock M1 ?; T0 join T0.1; end main-exits",
                 "unjoined (1): T0.2 did@2");
}

static void a_reader_of_a_pipe_that_nobody_writes_is_channel(void)
{
    CHECK_JUDGED(TWO "T0 channel-open P1; T0.1 channel-read P1 ?; T0 join T0.1 ?; end stuck",
                 "deadlock channel: T0.1 waits P1, T0 waits T0.1");
}

static void nobody_left_to_post_is_stuck(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sem-wait S1 ?; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 holds M1@2, T0.1 waits S1");
}

static void a_semaphore_handed_over_between_tasks_is_nothing(void)
{
    CHECK_JUDGED(TWO "T0 sem-wait S1 ?; T0.1 sem-post S1; T0 sem-wait S1; T0 sem-post S1;"
                     "T0.1 sem-wait S1; T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

static void a_barrier_that_one_never_reaches_is_stuck(void)
{
    CHECK_JUDGED(THREE "T0.1 barrier-wait B1; T0.1 barrier-leave B1 ?; T0.2 barrier-wait B1;"
                       "T0.2 barrier-leave B1 ?; T0 join T0.1 ?; end stuck",
                 "deadlock stuck: T0 waits T0.1, T0.1 waits B1, T0.2 waits B1");
}

static void a_stolen_signal_is_stuck(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M1; T0.2 sleep C1 M1;"
                       "T0 signal C1 #1; T0.1 woken; T0.1 wake C1 M1; T0.1 unlock M1; T0.1 exit;"
                       "T0 join T0.1; T0 join T0.2 ?; end stuck",
                 "deadlock stuck: T0 waits T0.2, T0.2 waits C1");
}

static void readers_that_both_upgrade_are_a_cycle(void)
{
    CHECK_JUDGED(TWO "T0 rwlock-rdlock RW1; T0.1 rwlock-rdlock RW1; T0 rwlock-wrlock RW1 ?;"
                     "T0.1 rwlock-wrlock RW1 ?; end stuck",
                 "deadlock cycle: T0 holds RW1@2, T0 waits RW1, T0.1 holds RW1@3, T0.1 waits RW1");
}

static void a_reader_behind_a_writer_behind_itself_is_a_cycle(void)
{
    CHECK_JUDGED(TWO "T0 rwlock-rdlock RW1; T0.1 rwlock-wrlock RW1 ?; T0 rwlock-rdlock RW1 ?;"
                     "end stuck",
                 "deadlock cycle: T0 holds RW1@2, T0 waits RW1, T0.1 waits RW1");
}

static void a_found_deadlock_is_told_once(void)
{
    unsigned count = 0;
    script_judge(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ?; T0.1 lock M1 ?; T0 lock M2 ?;"
                     "end stuck");
    script_findings(&count);
    ILV_CHECK_INT(count, 1);
}

static void parts_have_their_sites_and_the_finding_its_place(void)
{
    unsigned count = 0;
    script_judge(TWO "T0 lock M1; T0.1 lock M2; T0 lock M2 ?; T0.1 lock M1 ?");
    const struct ilv_finding *finding = script_findings(&count);
    ILV_CHECK_INT(finding->task, 1);
    ILV_CHECK_INT(finding->step, 3);
    ILV_CHECK_INT(finding->part[0].site, 2);
    ILV_CHECK_INT(finding->part[1].site, 4);
    ILV_CHECK_INT(finding->part[2].site, 3);
    ILV_CHECK_INT(finding->part[3].site, 5);
}

static void a_long_cycle_is_cut_to_the_parts_there_are(void)
{
    char script[4096] = "";
    unsigned count = 0;
    size_t used = 0;
    for (int t = 1; t < 12; t++) {
        used += (size_t)snprintf(script + used, sizeof script - used, "T0 create T0.%d;", t);
    }
    used += (size_t)snprintf(script + used, sizeof script - used, "T0 lock M100;");
    for (int t = 1; t < 12; t++) {
        used += (size_t)snprintf(script + used, sizeof script - used,
                                 "T0.%d lock M%d; T0.%d lock M%d ?;", t, 100 + t, t, 99 + t);
    }
    snprintf(script + used, sizeof script - used, "T0 lock M111 ?");
    script_judge(script);
    const struct ilv_finding *finding = script_findings(&count);
    ILV_CHECK_INT(count, 1);
    ILV_CHECK_INT(finding->kind, ILV_KIND_CYCLE);
    ILV_CHECK_INT(finding->parts_used, ILV_FINDING_PARTS);
}

static void memory_that_is_used_again_is_another_lock(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 lock M2; T0 lock M3; T0 lock M2 ?; T0.1 lock M4;"
                     "T0.1 unlock M4; T0.1 unlock M2; T0 lock M2; T0 unlock M2; T0 unlock M3;"
                     "T0 unlock M1; T0.1 exit; T0 join T0.1; end exit 0",
                 "");
}

ILV_SUITE(deadlock, ILV_TEST(opposite_order_is_a_cycle), ILV_TEST(the_same_order_is_none),
          ILV_TEST(three_philosophers_are_a_cycle_told_from_the_first),
          ILV_TEST(a_cycle_is_told_while_others_run),
          ILV_TEST(who_waits_beside_a_cycle_is_not_of_it), ILV_TEST(a_wait_with_a_deadline_ends),
          ILV_TEST(a_failed_trylock_holds_nothing_and_waits_for_nothing),
          ILV_TEST(a_lock_taken_by_trylock_counts), ILV_TEST(a_handler_that_may_come_could_end_it),
          ILV_TEST(an_owner_that_died_hands_over_a_robust_mutex),
          ILV_TEST(relocking_a_normal_mutex_is_self), ILV_TEST(relocking_a_recursive_one_is_none),
          ILV_TEST(a_recursive_one_is_held_until_the_last_unlock),
          ILV_TEST(an_initialiser_that_calls_itself_is_self),
          ILV_TEST(an_initialiser_that_waits_for_a_waiter_is_a_cycle),
          ILV_TEST(an_initialiser_that_is_done_holds_nothing), ILV_TEST(spin_locks_are_locks),
          ILV_TEST(writers_in_opposite_order_are_a_cycle),
          ILV_TEST(readers_do_not_wait_for_each_other),
          ILV_TEST(one_of_several_readers_is_not_told_early),
          ILV_TEST(an_upgrade_of_the_only_reader_is_self),
          ILV_TEST(joining_who_waits_for_my_lock_is_join),
          ILV_TEST(joining_after_letting_go_is_none), ILV_TEST(three_that_join_each_other_are_join),
          ILV_TEST(the_second_of_two_that_join_each_other_is_refused),
          ILV_TEST(a_join_with_a_deadline_ends), ILV_TEST(a_sleeper_has_let_its_mutex_go),
          ILV_TEST(a_woken_sleeper_waits_for_its_mutex),
          ILV_TEST(the_only_sleeper_is_known_to_be_woken),
          ILV_TEST(one_of_two_sleepers_is_not_known_to_be_woken),
          ILV_TEST(a_sleeper_that_may_be_woken_is_in_no_cycle),
          ILV_TEST(a_mutex_held_twice_stays_held_while_its_holder_sleeps),
          ILV_TEST(a_cycle_that_a_handler_might_have_ended_is_told_when_stuck),
          ILV_TEST(a_lock_whose_owner_ended_is_never_let_go),
          ILV_TEST(an_owner_that_ended_is_not_told_while_others_run),
          ILV_TEST(a_reader_of_a_pipe_that_nobody_writes_is_channel),
          ILV_TEST(nobody_left_to_post_is_stuck),
          ILV_TEST(a_semaphore_handed_over_between_tasks_is_nothing),
          ILV_TEST(a_barrier_that_one_never_reaches_is_stuck), ILV_TEST(a_stolen_signal_is_stuck),
          ILV_TEST(readers_that_both_upgrade_are_a_cycle),
          ILV_TEST(a_reader_behind_a_writer_behind_itself_is_a_cycle),
          ILV_TEST(a_found_deadlock_is_told_once),
          ILV_TEST(parts_have_their_sites_and_the_finding_its_place),
          ILV_TEST(a_long_cycle_is_cut_to_the_parts_there_are),
          ILV_TEST(memory_that_is_used_again_is_another_lock));
