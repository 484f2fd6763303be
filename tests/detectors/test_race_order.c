/* SPDX-License-Identifier: MIT */
/* What orders accesses, and its twin that does not. */
#include "ilv_test.h"
#include "race_script.h"

#define TWO "T0 create T1;"
#define THREE "T0 create T1; T0 create T2;"

/* ---- tasks -------------------------------------------------------------------------------- */

static void what_the_creator_did_before_is_ordered(void)
{
    CHECK_RACES("T0 w x; T0 create T1; T1 w x", "");
    CHECK_RACES("T0 create T1; T0 w x; T1 w x", "T0 w x@2, T1 w x@3");
}

static void a_failed_create_makes_nothing(void)
{
    CHECK_RACES(TWO "T1 w x; T0 create T2 =EAGAIN; T1 r x", "");
}

static void a_join_orders_and_a_failed_one_does_not(void)
{
    CHECK_RACES(TWO "T1 w x; T1 exit; T0 join T1; T0 w x", "");
    CHECK_RACES(TWO "T1 w x; T1 exit; T0 tryjoin T1; T0 w x", "");
    CHECK_RACES(TWO "T1 w x; T0 tryjoin T1 =EBUSY; T0 w x", "T1 w x@2, T0 w x@4");
    CHECK_RACES(TWO "T1 w x; T0 join T1 =ETIMEDOUT; T0 w x", "T1 w x@2, T0 w x@4");
    CHECK_RACES(TWO "T1 w x; T1 exit; T0 detach T1; T0 w x", "T1 w x@2, T0 w x@5");
}

static void a_cancellation_orders_what_came_before_it(void)
{
    CHECK_RACES(TWO "T0 w x; T0 cancel T1; T1 sem-wait S1 =EINTR ^; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 cancel T1; T1 testcancel T1; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 cancel T1; T1 r x", "T0 w x@2, T1 r x@4");
    CHECK_RACES(THREE "T0 w x; T0 cancel T2; T1 testcancel T1; T1 r x", "T0 w x@3, T1 r x@6");
}

/* ---- locks -------------------------------------------------------------------------------- */

static void one_mutex_orders(void)
{
    CHECK_RACES(TWO "T0 lock M1; T0 w x; T0 unlock M1; T1 lock M1; T1 w x; T1 unlock M1", "");
}

static void two_mutexes_do_not(void)
{
    CHECK_RACES(TWO "T0 lock M1; T0 w x; T0 unlock M1; T1 lock M2; T1 w x; T1 unlock M2",
                "T0 w x@3, T1 w x@6");
}

static void what_comes_after_the_unlock_is_not_ordered(void)
{
    CHECK_RACES(TWO "T0 lock M1; T0 unlock M1; T0 w x; T1 lock M1; T1 w x", "T0 w x@4, T1 w x@6");
}

static void a_trylock_orders_if_it_takes(void)
{
    CHECK_RACES(TWO "T0 lock M1; T0 w x; T0 unlock M1; T1 trylock M1; T1 w x", "");
    CHECK_RACES(TWO "T0 lock M1; T0 w x; T0 unlock M1; T0 lock M1; T1 trylock M1 =EBUSY; T1 w x",
                "T0 w x@3, T1 w x@7");
    CHECK_RACES(TWO "T0 lock M1; T0 w x; T0 unlock M1; T1 lock M1 =ETIMEDOUT; T1 w x",
                "T0 w x@3, T1 w x@6");
}

static void a_recursive_mutex_orders_when_it_is_let_go_at_last(void)
{
    CHECK_RACES(TWO "T0 lock M1; T0 lock M1; T0 w x; T0 unlock M1 #1; T0 w y; T0 unlock M1;"
                    "T1 lock M1; T1 w x; T1 w y",
                "");
    CHECK_RACES(TWO "T0 lock M1; T0 lock M1; T0 w x; T0 unlock M1 #1; T1 lock M1; T1 w x",
                "T0 w x@4, T1 w x@7");
}

static void an_unlock_that_was_refused_orders_nothing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 unlock M1 =EPERM; T1 lock M1; T1 r x", "T0 w x@2, T1 r x@5");
}

static void who_takes_over_from_a_dead_owner_is_ordered_after_it(void)
{
    CHECK_RACES(TWO "T1 lock M1; T1 w x; T1 exit; T0 lock M1 =EOWNERDEAD; T0 w x", "");
    CHECK_RACES(TWO "T1 lock M1; T1 w x; T1 exit; T0 trylock M1 =EOWNERDEAD; T0 w x", "");
    CHECK_RACES(TWO "T1 lock M1; T1 w x; T1 exit; T0 lock M1 =ENOTRECOVERABLE; T0 w x",
                "T1 w x@3, T0 w x@6");
}

static void spin_locks_order(void)
{
    CHECK_RACES(TWO "T0 spin-lock S1; T0 w x; T0 spin-unlock S1; T1 spin-trylock S1; T1 w x", "");
    CHECK_RACES(TWO "T0 spin-lock S1; T0 w x; T0 spin-unlock S1; T1 spin-trylock S1 =EBUSY; T1 w x",
                "T0 w x@3, T1 w x@6");
}

static void writers_of_a_rwlock_are_ordered_with_all(void)
{
    CHECK_RACES(TWO "T0 rwlock-wrlock R1; T0 w x; T0 rwlock-unlock R1; T1 rwlock-rdlock R1; T1 r x",
                "");
    CHECK_RACES(TWO "T0 rwlock-rdlock R1; T0 r x; T0 rwlock-unlock R1; T1 rwlock-wrlock R1; T1 w x",
                "");
    CHECK_RACES(
        TWO "T0 rwlock-wrlock R1; T0 w x; T0 rwlock-unlock R1; T1 rwlock-trywrlock R1; T1 w x", "");
    CHECK_RACES(TWO "T0 rwlock-wrlock R1; T0 w x; T0 rwlock-unlock R1;"
                    "T1 rwlock-tryrdlock R1 =EBUSY; T1 r x",
                "T0 w x@3, T1 r x@6");
}

static void what_readers_write_races(void)
{
    CHECK_RACES(TWO "T0 rwlock-rdlock R1; T0 w x; T0 rwlock-unlock R1; T1 rwlock-rdlock R1; T1 w x",
                "T0 w x@3, T1 w x@6");
}

static void readers_that_overlap_are_each_ordered_before_the_writer(void)
{
    CHECK_RACES(THREE "T1 rwlock-rdlock R1; T2 rwlock-rdlock R1; T1 r x; T2 r x;"
                      "T2 rwlock-unlock R1; T1 rwlock-unlock R1; T0 rwlock-wrlock R1; T0 w x",
                "");
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void a_condition_orders_by_its_mutex(void)
{
    CHECK_RACES(TWO "T1 lock M1; T1 wait C1 M1; T0 lock M1; T0 w x; T0 cond-signal C1 #1;"
                    "T0 unlock M1; T1 wake C1 M1; T1 r x",
                "");
    CHECK_RACES(TWO "T1 lock M1; T1 w x; T1 wait C1 M1; T0 lock M1; T0 r x", "");
}

static void a_signal_alone_orders_nothing(void)
{
    CHECK_RACES(TWO "T1 lock M1; T1 wait C1 M1; T0 w x; T0 cond-signal C1 #1; T1 wake C1 M1;"
                    "T1 r x",
                "T0 w x@4, T1 r x@7");
    CHECK_RACES(TWO "T1 lock M1; T1 wait C1 M1; T0 lock M1; T0 unlock M1; T0 w x;"
                    "T0 cond-broadcast C1 #1; T1 wake C1 M1; T1 r x",
                "T0 w x@6, T1 r x@9");
}

static void a_wait_that_timed_out_has_its_mutex(void)
{
    CHECK_RACES(TWO "T1 lock M1; T1 wait C1 M1; T0 lock M1; T0 w x; T0 unlock M1;"
                    "T1 wake C1 M1 =ETIMEDOUT; T1 r x",
                "");
    CHECK_RACES(TWO "T1 lock M1; T1 wait C1 M1; T0 lock M1; T0 w x; T0 unlock M1;"
                    "T1 wake C1 M1 =ENOTRECOVERABLE; T1 r x",
                "T0 w x@5, T1 r x@8");
}

static void a_barrier_orders_both_sides(void)
{
    CHECK_RACES(TWO "T0 w x; T1 w y; T0 barrier-wait B1 #1; T1 barrier-wait B1 #2; T1 w x;"
                    "T0 barrier-leave B1; T0 w y",
                "");
    CHECK_RACES(TWO "T0 w x; T0 barrier-wait B1 #1; T1 w x", "T0 w x@2, T1 w x@4");
    CHECK_RACES(TWO "T0 barrier-wait B1 #1; T1 barrier-wait B1 #2; T1 w x; T0 barrier-leave B1;"
                    "T0 w x",
                "T1 w x@4, T0 w x@6");
}

static void who_leaves_late_is_not_ordered_after_the_next_round(void)
{
    CHECK_RACES(TWO "T0 barrier-wait B1 #1; T1 barrier-wait B1 #2; T1 w x; T1 barrier-wait B1 #1;"
                    "T0 barrier-leave B1; T0 w x",
                "T1 w x@4, T0 w x@7");
    CHECK_RACES(TWO "T0 barrier-wait B1 #1; T1 barrier-wait B1 #2; T1 w x; T1 barrier-wait B1 #1;"
                    "T0 barrier-leave B1; T0 barrier-wait B1 #2; T0 w x",
                "");
}

static void a_post_orders_before_the_wait(void)
{
    CHECK_RACES(TWO "T0 w x; T0 sem-post S1; T1 sem-wait S1; T1 w x", "");
    CHECK_RACES(TWO "T0 w x; T0 sem-post S1; T1 sem-trywait S1; T1 w x", "");
    CHECK_RACES(TWO "T0 sem-post S1; T0 w x; T1 sem-wait S1; T1 w x", "T0 w x@3, T1 w x@5");
    CHECK_RACES(TWO "T0 w x; T0 sem-post S1; T1 sem-wait S1 =ETIMEDOUT; T1 w x",
                "T0 w x@2, T1 w x@5");
    CHECK_RACES(THREE "T1 w x; T1 sem-post S1; T2 w y; T2 sem-post S1; T0 sem-wait S1; T0 r x;"
                      "T0 r y",
                "");
}

static void a_once_orders_all_who_come_later(void)
{
    CHECK_RACES(TWO "T0 once-begin O1 #1; T0 w x; T0 once-end O1; T1 once-begin O1; T1 r x", "");
    CHECK_RACES(TWO "T0 once-begin O1 #1; T0 w x; T0 once-end O1; T1 once-begin N1; T1 r x",
                "T0 w x@3, T1 r x@6");
}

/* The compiler reads the guard of a C++ static itself before it calls. */
static void who_reads_the_word_of_a_once_is_ordered_too(void)
{
    CHECK_RACES(TWO "T0 once-begin O1 #1; T0 w x; T0 once-end O1; T1 load o acq; T1 r x", "");
    CHECK_RACES(TWO "T0 once-begin O1 #1; T0 w x; T0 once-end O1; T1 load o rlx; T1 r x",
                "T0 w x@3, T1 r x@6");
}

static void a_futex_orders_who_was_woken(void)
{
    CHECK_RACES(TWO "T1 futex-wait F1; T0 w x; T0 futex-wake F1 #1; T1 futex-awake F1; T1 r x", "");
    CHECK_RACES(TWO "T1 futex-wait F1; T0 w x; T0 futex-wake F1; T1 futex-awake F1 =ETIMEDOUT;"
                    "T1 r x",
                "T0 w x@3, T1 r x@6");
    CHECK_RACES(
        TWO "T1 futex-wait F1; T0 w x; T0 futex-requeue F1 F2 #1; T1 futex-awake F2; T1 r x", "");
}

/* ---- signals, channels, files --------------------------------------------------------------- */

static void a_signal_orders_its_handler(void)
{
    CHECK_RACES(TWO "T0 w x; T0 signal-send Q1 #10; T1 signal-handler Q1 #10; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 signal-send Q1 #10; T1 signal-handler Q1 #12; T1 r x",
                "T0 w x@2, T1 r x@5");
    CHECK_RACES(TWO "T0 w x; T0 signal-send Q1 #10; T1 signal-wait Q1 #10; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 signal-action Q1 #10; T1 signal-handler Q1 #10; T1 r x", "");
    CHECK_RACES(TWO "T0 signal-send Q1 #10; T0 w x; T1 signal-wait Q1 #10; T1 r x",
                "T0 w x@3, T1 r x@5");
}

static void setting_a_timer_orders_its_handler(void)
{
    CHECK_RACES(TWO "T0 w x; T0 clock-read Q1; T1 signal-handler Q2 #14; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 clock-read Q1 #1000; T1 signal-handler Q2 #14; T1 r x",
                "T0 w x@2, T1 r x@5");
}

static void a_channel_orders_reading_after_writing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 channel-write P1 #1; T1 channel-read P1 #1; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 channel-close P1; T1 channel-read P1; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 channel-write P1 #1; T1 channel-read P1 =EAGAIN; T1 r x",
                "T0 w x@2, T1 r x@5");
    CHECK_RACES(TWO "T0 w x; T0 channel-write P1 =EAGAIN; T1 channel-read P1 #1; T1 r x",
                "T0 w x@2, T1 r x@5");
}

static void pipes_that_are_whole_order_only_their_readers(void)
{
    CHECK_RACES("T0 channel-open P1 #1; T0 channel-open P2 #1;" TWO
                "T0 w x; T0 channel-write P1 #1; T1 channel-read P2 #1; T1 r x",
                "T0 w x@4, T1 r x@7");
    CHECK_RACES("T0 channel-open P1 #1; T0 channel-open P2;" TWO
                "T0 w x; T0 channel-write P1 #1; T1 channel-read P2 #1; T1 r x",
                "");
}

static void a_poll_orders_after_what_made_it_ready(void)
{
    CHECK_RACES(TWO "T0 w x; T0 channel-write P1 #1; T1 channel-poll P1 #1; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T1 channel-poll P1 #1; T1 r x", "T0 w x@2, T1 r x@4");
}

static void what_goes_by_way_of_the_outside_is_ordered(void)
{
    CHECK_RACES(TWO "T0 w x; T0 outside P1; T1 outside P2; T1 r x", "");
    CHECK_RACES(TWO "T0 outside P1; T0 w x; T1 outside P2; T1 r x", "T0 w x@3, T1 r x@5");
}

static void a_file_orders_reading_after_writing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 file-write F1; T1 file-read F1; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 file-write F1; T1 file-write F1; T1 r x", "T0 w x@2, T1 r x@5");
}

static void annotations_order(void)
{
    CHECK_RACES(TWO "T0 w x; T0 noted a; T1 seen a; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 noted a; T1 seen b; T1 r x", "T0 w x@2, T1 r x@5");
    CHECK_RACES(THREE "T1 w x; T1 noted a; T2 w y; T2 noted a; T0 seen a; T0 r x; T0 r y", "");
    CHECK_RACES(THREE "T1 w x; T1 noted a; T2 w y; T2 renoted a; T0 seen a; T0 r y; T0 r x",
                "T1 w x@3, T0 r x@9");
}

static void steps_of_accesses_and_fences_order_nothing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 atomic-store V1; T0 yield; T0 point; T1 atomic-load V1; T1 r x",
                "T0 w x@2, T1 r x@7");
}

/* T5 is a fiber that T1 runs, and then T0. */
static void the_steps_of_a_task_may_be_those_of_a_fiber(void)
{
    CHECK_RACES(TWO "T0 create T5; T1 as T5; T5 w x; T1 lock M1; T1 unlock M1; T0 lock M1; T0 w x",
                "");
    CHECK_RACES(TWO "T0 create T5; T5 w x; T1 lock M1; T1 unlock M1; T0 lock M1; T0 w x",
                "T5 w x@3, T0 w x@7");
    CHECK_RACES(TWO
                "T0 create T5; T1 as T5; T1 as T1; T5 w x; T1 lock M1; T1 unlock M1; T0 lock M1;"
                "T0 w x",
                "T5 w x@5, T0 w x@9");
}

ILV_SUITE(race_order, ILV_TEST(what_the_creator_did_before_is_ordered),
          ILV_TEST(a_failed_create_makes_nothing),
          ILV_TEST(a_join_orders_and_a_failed_one_does_not),
          ILV_TEST(a_cancellation_orders_what_came_before_it), ILV_TEST(one_mutex_orders),
          ILV_TEST(two_mutexes_do_not), ILV_TEST(what_comes_after_the_unlock_is_not_ordered),
          ILV_TEST(a_trylock_orders_if_it_takes),
          ILV_TEST(a_recursive_mutex_orders_when_it_is_let_go_at_last),
          ILV_TEST(an_unlock_that_was_refused_orders_nothing),
          ILV_TEST(who_takes_over_from_a_dead_owner_is_ordered_after_it),
          ILV_TEST(spin_locks_order), ILV_TEST(writers_of_a_rwlock_are_ordered_with_all),
          ILV_TEST(what_readers_write_races),
          ILV_TEST(readers_that_overlap_are_each_ordered_before_the_writer),
          ILV_TEST(a_condition_orders_by_its_mutex), ILV_TEST(a_signal_alone_orders_nothing),
          ILV_TEST(a_wait_that_timed_out_has_its_mutex), ILV_TEST(a_barrier_orders_both_sides),
          ILV_TEST(who_leaves_late_is_not_ordered_after_the_next_round),
          ILV_TEST(a_post_orders_before_the_wait), ILV_TEST(a_once_orders_all_who_come_later),
          ILV_TEST(who_reads_the_word_of_a_once_is_ordered_too),
          ILV_TEST(a_futex_orders_who_was_woken), ILV_TEST(a_signal_orders_its_handler),
          ILV_TEST(setting_a_timer_orders_its_handler),
          ILV_TEST(a_channel_orders_reading_after_writing),
          ILV_TEST(pipes_that_are_whole_order_only_their_readers),
          ILV_TEST(a_poll_orders_after_what_made_it_ready),
          ILV_TEST(what_goes_by_way_of_the_outside_is_ordered),
          ILV_TEST(a_file_orders_reading_after_writing), ILV_TEST(annotations_order),
          ILV_TEST(steps_of_accesses_and_fences_order_nothing),
          ILV_TEST(the_steps_of_a_task_may_be_those_of_a_fiber));
