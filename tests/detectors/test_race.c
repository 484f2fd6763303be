/* SPDX-License-Identifier: MIT */
/* What races and what does not, and what orders, from both sides. */
#include <stdio.h>
#include <string.h>

#include "ilv_test.h"
#include "race_script.h"

#define TWO "T0 create T1;"
#define THREE "T0 create T1; T0 create T2;"

/* ---- what races --------------------------------------------------------------------------- */

static void two_writes_race(void)
{
    CHECK_RACES(TWO "T0 w x; T1 w x", "T0 w x@2, T1 w x@3");
}

static void a_read_and_a_write_race_in_both_orders(void)
{
    CHECK_RACES(TWO "T0 r x; T1 w x", "T0 r x@2, T1 w x@3");
    CHECK_RACES(TWO "T0 w x; T1 r x", "T0 w x@2, T1 r x@3");
}

static void two_reads_do_not_race(void)
{
    CHECK_RACES(TWO "T0 r x; T1 r x; T0 r x", "");
}

static void one_task_does_not_race_with_itself(void)
{
    CHECK_RACES("T0 w x; T0 r x; T0 w x", "");
}

static void atomics_race_with_plain_accesses_only(void)
{
    CHECK_RACES(TWO "T0 store x rlx; T1 store x rlx; T0 rmw x sc; T1 load x rlx", "");
    CHECK_RACES(TWO "T0 store x sc; T1 r x:4", "T0 aw x:4@2, T1 r x:4@3");
    CHECK_RACES(TWO "T0 w x:4; T1 load x rlx", "T0 w x:4@2, T1 ar x:4@3");
    CHECK_RACES(TWO "T0 r x:4; T1 load x acq", "");
    CHECK_RACES(TWO "T0 load x rlx; T1 w x:4", "T0 ar x:4@2, T1 w x:4@3");
}

static void a_compare_exchange_that_failed_is_a_read(void)
{
    CHECK_RACES(TWO "T0 r x:4; T1 failed x sc", "");
    CHECK_RACES(TWO "T0 r x:4; T1 rmw x sc", "T0 r x:4@2, T1 aw x:4@3");
}

static void memory_that_is_given_back_is_written(void)
{
    CHECK_RACES(TWO "T0 r x+16; T1 free x:64", "T0 r x+16@2, T1 free x:64@3");
    CHECK_RACES(TWO "T0 free x:64; T1 r x+60:1", "T0 free x+60:1@2, T1 r x+60:1@3");
    CHECK_RACES(TWO "T0 w x; T0 free x:64; T1 w x", "T0 free x@3, T1 w x@4");
    CHECK_RACES(TWO "T0 free x:64; T1 r x+64:1", "");
}

/* ---- bytes -------------------------------------------------------------------------------- */

static void bytes_side_by_side_do_not_race(void)
{
    CHECK_RACES(TWO "T0 w x:1; T1 w x+1:1; T0 w x+2:2; T1 w x+4:4; T0 w x+8; T1 w x+16:1", "");
    CHECK_RACES(TWO "T0 w x:1; T1 w x+1:1; T0 w x+1:1", "T1 w x+1:1@3, T0 w x+1:1@4");
}

static void accesses_that_overlap_in_part_race_there(void)
{
    CHECK_RACES(TWO "T0 w x:4; T1 r x+3:2", "T0 w x+3:1@2, T1 r x+3:2@3");
    CHECK_RACES(TWO "T0 w x+2:1; T1 w x", "T0 w x+2:1@2, T1 w x@3");
}

static void accesses_over_the_borders_of_words_race(void)
{
    CHECK_RACES(TWO "T0 w x+6:4; T1 r x+8:1", "T0 w x+8:1@2, T1 r x+8:1@3");
    CHECK_RACES(TWO "T0 w x+6:4; T1 r x+10:1; T1 r x+5:1", "");
    CHECK_RACES(TWO "T0 w x:16; T1 w x+15:1", "T0 w x+15:1@2, T1 w x+15:1@3");
    CHECK_RACES(TWO "T0 w x+15:1; T1 w x:16", "T0 w x+15:1@2, T1 w x:16@3");
}

/* q lies in the first page's last 256 bytes but one, from p+16 on the next page follows. */
static void accesses_over_the_borders_of_pages_race(void)
{
    CHECK_RACES(TWO "T0 w o+252:8; T1 r p+1:2", "T0 w p+1:2@2, T1 r p+1:2@3");
    CHECK_RACES(TWO "T0 w p+3:1; T1 w o+252:8", "T0 w p+3:1@2, T1 w o+252@3");
    CHECK_RACES(TWO "T0 w p+4:1; T1 w o+252:8", "");
}

static void a_large_access_is_told_once(void)
{
    CHECK_RACES(TWO "T0 w x:100; T1 w x:100", "T0 w x@2, T1 w x:100@3");
}

/* ---- what is remembered ------------------------------------------------------------------- */

static void each_of_many_readers_races_with_a_writer(void)
{
    CHECK_RACES(THREE "T1 r x; T2 r x; T0 join T1; T0 w x", "T2 r x@4, T0 w x@6");
    CHECK_RACES(THREE "T1 r x; T2 r x; T0 join T2; T0 w x", "T1 r x@3, T0 w x@6");
    CHECK_RACES(THREE "T1 r x; T2 r x; T0 join T2; T0 join T1; T0 w x", "");
}

static void a_hundred_readers_are_all_remembered(void)
{
    char script[16384];
    char expected[64];
    for (unsigned missing = 1; missing <= 100; missing += 33) {
        size_t at = 0;
        for (unsigned t = 1; t <= 100; t++) {
            at += (size_t)snprintf(script + at, sizeof script - at, "T0 create T%u;", t);
        }
        for (unsigned t = 1; t <= 100; t++) {
            at += (size_t)snprintf(script + at, sizeof script - at, "T%u r x;", t);
        }
        for (unsigned t = 1; t <= 100; t++) {
            at += t == missing
                      ? 0
                      : (size_t)snprintf(script + at, sizeof script - at, "T0 join T%u;", t);
        }
        snprintf(script + at, sizeof script - at, "T0 w x");
        snprintf(expected, sizeof expected, "T%u r x@%u, T0 w x@300", missing, 100 + missing);
        CHECK_RACES(script, expected);
    }
}

static void a_write_hides_no_older_read_of_another(void)
{
    CHECK_RACES(THREE "T1 r x; T0 w x; T2 w x", "T1 r x@3, T0 w x@4 | T0 w x@4, T2 w x@5");
    CHECK_RACES(THREE "T1 r x; T2 lock M1; T2 w x; T2 unlock M1; T0 lock M1; T0 w x",
                "T1 r x@3, T2 w x@5 | T1 r x@3, T0 w x@8");
}

static void an_older_write_stays_beneath_a_later_read_of_one_task(void)
{
    CHECK_RACES(TWO "T0 w x; T0 noted a; T0 r x; T1 r x", "T0 w x@2, T1 r x@5");
    CHECK_RACES(TWO "T0 w x; T0 noted a; T0 r x; T1 seen a; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 noted a; T0 r x; T1 seen a; T1 w x", "T0 r x@4, T1 w x@6");
}

static void a_plain_write_stays_beneath_a_later_atomic_one(void)
{
    CHECK_RACES(TWO "T0 w x:4; T0 store x rlx; T1 load x rlx", "T0 w x:4@2, T1 ar x:4@4");
}

static void a_race_is_told_again_only_for_what_is_new(void)
{
    CHECK_RACES(TWO "T0 w x; T1 w x; T1 w x; T1 r x; T1 w x", "T0 w x@2, T1 w x@3");
    CHECK_RACES(TWO "T0 w x; T1 r x; T1 w x", "T0 w x@2, T1 r x@3 | T0 w x@2, T1 w x@4");
}

/* ---- fresh memory ------------------------------------------------------------------------- */

static void a_block_that_is_used_again_has_no_past(void)
{
    CHECK_RACES(TWO "T0 w x; T0 free x:64; T1 fresh x:64; T1 w x; T1 r x+8", "");
    CHECK_RACES(TWO "T0 w x; T0 free x:64; T1 fresh x:32; T1 w x+32",
                "T0 free x+32@3, T1 w x+32@5");
}

static void fresh_memory_begins_and_ends_at_a_byte(void)
{
    CHECK_RACES(TWO "T0 w x; T1 fresh x+3:2; T1 w x+3:2", "");
    CHECK_RACES(TWO "T0 w x; T1 fresh x+3:2; T1 w x+2:2", "T0 w x+2:1@2, T1 w x+2:2@4");
    CHECK_RACES(TWO "T0 w x:24; T1 fresh x+4:16; T1 w x+4:16", "");
    CHECK_RACES(TWO "T0 w x:24; T1 fresh x+4:16; T1 w x+20:1", "T0 w x+20:1@2, T1 w x+20:1@4");
    CHECK_RACES(TWO "T0 w x:24; T1 fresh x+4:16; T1 w x+3:1", "T0 w x+3:1@2, T1 w x+3:1@4");
}

static void what_was_released_in_it_is_forgotten(void)
{
    CHECK_RACES(TWO "T0 w y; T0 noted x; T1 seen x; T1 r y", "");
    CHECK_RACES(TWO "T0 w y; T0 noted x; T1 fresh x; T1 seen x; T1 r y", "T0 w y@2, T1 r y@6");
    CHECK_RACES(TWO "T0 w y; T0 store x+4 rel; T1 fresh x:16; T1 load x+4 acq; T1 r y",
                "T0 w y@2, T1 r y@6");
    CHECK_RACES(TWO "T0 w y; T0 store x+4 rel; T1 fresh x+8:16; T1 load x+4 acq; T1 r y", "");
}

static void the_stack_of_a_detached_task_is_used_again(void)
{
    CHECK_RACES(TWO "T1 w x; T1 exit; T0 create T2; T0 fresh x:256; T2 w x", "");
    CHECK_RACES(TWO "T1 w x; T1 exit; T0 create T2; T2 w x", "T1 w x@2, T2 w x@5");
}

/* ---- indices ------------------------------------------------------------------------------ */

static void an_index_that_is_used_again_is_another_task(void)
{
    CHECK_RACES(THREE "T1 w x; T2 join T1; T0 create T1; T1 w x", "T1 w x@3, T1 w x@6");
    CHECK_RACES(TWO "T1 w x; T0 join T1; T0 create T1; T1 w x; T0 r x", "T1 w x@5, T0 r x@6");
    CHECK_RACES(TWO "T1 w x; T0 join T1; T0 create T1; T1 w x; T0 join T1; T0 r x", "");
}

static void a_thousand_tasks_one_after_another_need_one_place(void)
{
    char script[65536];
    size_t at = 0;
    for (unsigned t = 0; t < 1000; t++) {
        at += (size_t)snprintf(script + at, sizeof script - at,
                               "T0 create T%u; T%u w x; T0 join T%u;", 1 + t % 100, 1 + t % 100,
                               1 + t % 100);
    }
    snprintf(script + at, sizeof script - at, "T0 create T1; T1 w x; T0 r x");
    CHECK_RACES(script, "T1 w x@3002, T0 r x@3003");
}

ILV_SUITE(race, ILV_TEST(two_writes_race), ILV_TEST(a_read_and_a_write_race_in_both_orders),
          ILV_TEST(two_reads_do_not_race), ILV_TEST(one_task_does_not_race_with_itself),
          ILV_TEST(atomics_race_with_plain_accesses_only),
          ILV_TEST(a_compare_exchange_that_failed_is_a_read),
          ILV_TEST(memory_that_is_given_back_is_written), ILV_TEST(bytes_side_by_side_do_not_race),
          ILV_TEST(accesses_that_overlap_in_part_race_there),
          ILV_TEST(accesses_over_the_borders_of_words_race),
          ILV_TEST(accesses_over_the_borders_of_pages_race), ILV_TEST(a_large_access_is_told_once),
          ILV_TEST(each_of_many_readers_races_with_a_writer),
          ILV_TEST(a_hundred_readers_are_all_remembered),
          ILV_TEST(a_write_hides_no_older_read_of_another),
          ILV_TEST(an_older_write_stays_beneath_a_later_read_of_one_task),
          ILV_TEST(a_plain_write_stays_beneath_a_later_atomic_one),
          ILV_TEST(a_race_is_told_again_only_for_what_is_new),
          ILV_TEST(a_block_that_is_used_again_has_no_past),
          ILV_TEST(fresh_memory_begins_and_ends_at_a_byte),
          ILV_TEST(what_was_released_in_it_is_forgotten),
          ILV_TEST(the_stack_of_a_detached_task_is_used_again),
          ILV_TEST(an_index_that_is_used_again_is_another_task),
          ILV_TEST(a_thousand_tasks_one_after_another_need_one_place));
