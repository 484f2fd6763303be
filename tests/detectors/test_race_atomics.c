/* SPDX-License-Identifier: MIT */
/* Order by atomic operations: C11, 5.1.2.4 and 7.17.4. */
#include <stdio.h>
#include <string.h>

#include "ilv_test.h"
#include "race_script.h"

#define TWO "T0 create T1;"
#define THREE "T0 create T1; T0 create T2;"

static const char *const orders[] = {"rlx", "con", "acq", "rel", "ar", "sc"};

static bool releases(unsigned order)
{
    return order >= 3;
}

static bool acquires(unsigned order)
{
    return order != 0 && order != 3;
}

/* The script, with %s twice: the orders; and whether x is ordered for each pair. */
static void check_pairs(const char *store, const char *load)
{
    char script[256];
    for (unsigned s = 0; s < 6; s++) {
        for (unsigned l = 0; l < 6; l++) {
            snprintf(script, sizeof script, TWO "T0 w x; T0 %s f %s; T1 %s f %s; T1 r x", store,
                     orders[s], load, orders[l]);
            CHECK_RACES(script, releases(s) && acquires(l) ? "" : "T0 w x@2, T1 r x@5");
        }
    }
}

static void release_and_acquire_order_and_nothing_less(void)
{
    check_pairs("store", "load");
}

static void read_modify_writes_release_and_acquire(void)
{
    check_pairs("rmw", "rmw");
    check_pairs("rmw", "load");
    check_pairs("store", "rmw");
}

static void a_compare_exchange_that_failed_acquires(void)
{
    check_pairs("store", "failed");
}

static void a_compare_exchange_that_failed_releases_nothing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 failed f sc; T1 load f sc; T1 r x", "T0 w x@2, T1 r x@5");
}

static void another_place_orders_nothing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 store f sc; T1 load f+4 sc; T1 r x", "T0 w x@2, T1 r x@5");
}

/* What is acquired is ordered before the load itself. */
static void a_plain_write_before_the_release_is_ordered_before_the_acquiring_load(void)
{
    CHECK_RACES(TWO "T0 w f:4; T0 store f rel; T1 load f acq", "");
    CHECK_RACES(TWO "T0 w f:4; T0 store f rel; T1 rmw f acq", "");
    CHECK_RACES(TWO "T0 w f:4; T0 store f rel; T1 load f rlx", "T0 w f:4@2, T1 ar f:4@4");
}

static void the_next_release_hides_the_last_one_of_another(void)
{
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 store f rel; T0 load f acq; T0 r x",
                "T1 w x@3, T0 r x@7");
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 rmw f rel; T0 load f acq; T0 r x", "");
}

/* ---- release sequences -------------------------------------------------------------------- */

static void a_relaxed_read_modify_write_goes_on_with_the_sequence(void)
{
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 rmw f rlx; T0 load f acq; T0 r x", "");
    CHECK_RACES(THREE "T1 w x; T1 rmw f rel; T2 rmw f rlx; T2 rmw f rlx; T0 rmw f acq; T0 r x", "");
}

static void a_relaxed_store_of_another_task_ends_the_sequence(void)
{
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 store f rlx; T0 load f acq; T0 r x",
                "T1 w x@3, T0 r x@7");
}

static void a_relaxed_store_of_the_same_task_goes_on_with_it(void)
{
    CHECK_RACES(TWO "T1 w x; T1 store f rel; T1 store f rlx; T0 load f acq; T0 r x", "");
    CHECK_RACES(TWO "T1 w x; T1 store f rel; T1 w y; T1 store f rlx; T0 load f acq; T0 r x; T0 r y",
                "T1 w y@4, T0 r y@8");
}

static void of_several_heads_the_storing_task_keeps_its_own(void)
{
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 w y; T2 rmw f rel; T1 store f rlx;"
                      "T0 load f acq; T0 r x; T0 r y",
                "T2 w y@5, T0 r y@10");
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 w y; T2 rmw f rel; T2 store f rlx;"
                      "T0 load f acq; T0 r y; T0 r x",
                "T1 w x@3, T0 r x@10");
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 w y; T2 rmw f rel; T0 load f acq; T0 r y; T0 r x",
                "");
}

static void a_reference_count_orders_all_before_the_last(void)
{
    CHECK_RACES(THREE "T1 r x; T1 rmw f rel; T2 r x; T2 rmw f rel; T0 rmw f ar; T0 free x:16", "");
    CHECK_RACES(THREE "T1 r x; T1 rmw f rlx; T2 r x; T2 rmw f rel; T0 rmw f ar; T0 free x:16",
                "T1 r x@3, T0 free x:16@8");
    CHECK_RACES(THREE "T1 r x; T1 rmw f rel; T2 r x; T2 rmw f rel; T0 rmw f rlx; T0 fence acq;"
                      "T0 free x:16",
                "");
}

static void what_the_storing_task_kept_it_keeps_with_the_next_store(void)
{
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 rmw f rel; T1 store f rlx; T1 store f rlx;"
                      "T0 load f acq; T0 r x",
                "");
    CHECK_RACES(THREE "T1 w x; T1 store f rel; T2 rmw f rel; T1 store f rlx; T2 store f rlx;"
                      "T0 load f acq; T0 r x",
                "T1 w x@3, T0 r x@9");
}

/* ---- fences ------------------------------------------------------------------------------- */

static void a_release_fence_makes_later_relaxed_stores_release(void)
{
    CHECK_RACES(TWO "T0 w x; T0 fence rel; T0 store f rlx; T1 load f acq; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 fence rel; T0 rmw f rlx; T1 load f acq; T1 r x", "");
    CHECK_RACES(TWO "T0 fence rel; T0 w x; T0 store f rlx; T1 load f acq; T1 r x",
                "T0 w x@3, T1 r x@6");
    CHECK_RACES(TWO "T0 w x; T0 store f rlx; T0 fence rel; T1 load f acq; T1 r x",
                "T0 w x@2, T1 r x@6");
    CHECK_RACES(TWO "T0 w x; T0 fence acq; T0 store f rlx; T1 load f acq; T1 r x",
                "T0 w x@2, T1 r x@6");
}

static void an_acquire_fence_makes_earlier_relaxed_loads_acquire(void)
{
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 load f rlx; T1 fence acq; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 fence acq; T1 load f rlx; T1 r x",
                "T0 w x@2, T1 r x@6");
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 load f rlx; T1 r x; T1 fence acq",
                "T0 w x@2, T1 r x@5");
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 load f rlx; T1 fence rel; T1 r x",
                "T0 w x@2, T1 r x@6");
}

static void two_fences_order(void)
{
    static const char *const strong[] = {"ar", "sc"};
    char script[256];
    for (unsigned i = 0; i < 2; i++) {
        snprintf(script, sizeof script,
                 TWO "T0 w x; T0 fence %s; T0 store f rlx; T1 load f rlx; T1 fence %s; T1 r x",
                 strong[i], strong[i]);
        CHECK_RACES(script, "");
    }
    CHECK_RACES(TWO "T0 w x; T0 fence sc; T1 fence sc; T1 r x", "T0 w x@2, T1 r x@5");
    CHECK_RACES(TWO "T0 w x; T0 fence rlx; T0 store f rlx; T1 load f rlx; T1 fence sc; T1 r x",
                "T0 w x@2, T1 r x@7");
}

static void fences_are_of_one_task_not_of_its_index(void)
{
    CHECK_RACES(THREE "T1 w x; T1 fence rel; T2 join T1; T0 create T1; T1 store f rlx;"
                      "T0 load f acq; T0 r x",
                "T1 w x@3, T0 r x@9");
    CHECK_RACES(THREE "T0 create T3; T2 w x; T2 store f rel; T1 load f rlx; T3 join T1;"
                      "T0 create T1; T1 fence acq; T1 r x",
                "T2 w x@4, T1 r x@10");
}

/* ---- as they are used --------------------------------------------------------------------- */

static void message_passing(void)
{
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 load f acq; T1 r x; T1 store g rel; T0 load g acq;"
                    "T0 w x",
                "");
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 load f acq; T1 r x; T1 store g rlx; T0 load g acq;"
                    "T0 w x",
                "T1 r x@5, T0 w x@8");
}

static void order_is_handed_on(void)
{
    CHECK_RACES(
        THREE "T1 w x; T1 store f rel; T2 load f acq; T2 store g rel; T0 load g acq; T0 r x", "");
    CHECK_RACES(THREE
                "T1 w x; T1 store f rel; T2 load f rlx; T2 store g rel; T0 load g acq; T0 r x",
                "T1 w x@3, T0 r x@8");
}

static void a_seqlock_of_atomics_is_clean(void)
{
    CHECK_RACES(TWO "T0 rmw f rlx; T0 fence rel; T0 store x rlx; T0 store x+8 rlx; T0 store f rel;"
                    "T1 load f acq; T1 load x rlx; T1 load x+8 rlx; T1 fence acq; T1 load f rlx",
                "");
    CHECK_RACES(TWO "T0 rmw f rlx; T0 fence rel; T0 w x; T0 store f rel;"
                    "T1 load f rlx; T1 r x; T1 fence acq; T1 load f rlx",
                "T0 w x@4, T1 r x@7");
}

/* m: the mutex's data; p: the pointer; x: what it leads to. */
static void double_checked_locking_done_right(void)
{
    CHECK_RACES(TWO
                "T0 load p acq; T0 lock M1; T0 load p rlx; T0 w x; T0 store p rel; T0 unlock M1;"
                "T1 load p acq; T1 r x",
                "");
}

static void double_checked_locking_done_wrong(void)
{
    CHECK_RACES(TWO "T0 r p; T0 lock M1; T0 r p; T0 w x; T0 w p; T0 unlock M1; T1 r p; T1 r x",
                "T0 w p@6, T1 r p@8 | T0 w x@5, T1 r x@9");
    CHECK_RACES(TWO "T0 load p rlx; T0 lock M1; T0 w x; T0 store p rlx; T0 unlock M1;"
                    "T1 load p rlx; T1 r x",
                "T0 w x@4, T1 r x@8");
}

static void a_spin_lock_of_atomics_orders(void)
{
    CHECK_RACES(TWO "T0 rmw l acq; T0 w x; T0 store l rel; T1 rmw l acq; T1 w x; T1 store l rel",
                "");
    CHECK_RACES(TWO "T0 rmw l acq; T0 w x; T0 store l rlx; T1 rmw l acq; T1 w x; T1 store l rel",
                "T0 w x@3, T1 w x@6");
}

static void an_atomic_acquires_what_was_annotated_there(void)
{
    CHECK_RACES(TWO "T0 w x; T0 noted f; T0 store f rlx; T1 load f acq; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 store f rel; T1 seen f; T1 r x", "");
    CHECK_RACES(TWO "T0 w x; T0 noted f; T1 load f rlx; T1 r x", "T0 w x@2, T1 r x@5");
}

ILV_SUITE(race_atomics, ILV_TEST(release_and_acquire_order_and_nothing_less),
          ILV_TEST(read_modify_writes_release_and_acquire),
          ILV_TEST(a_compare_exchange_that_failed_acquires),
          ILV_TEST(a_compare_exchange_that_failed_releases_nothing),
          ILV_TEST(another_place_orders_nothing),
          ILV_TEST(a_plain_write_before_the_release_is_ordered_before_the_acquiring_load),
          ILV_TEST(the_next_release_hides_the_last_one_of_another),
          ILV_TEST(a_relaxed_read_modify_write_goes_on_with_the_sequence),
          ILV_TEST(a_relaxed_store_of_another_task_ends_the_sequence),
          ILV_TEST(a_relaxed_store_of_the_same_task_goes_on_with_it),
          ILV_TEST(of_several_heads_the_storing_task_keeps_its_own),
          ILV_TEST(a_reference_count_orders_all_before_the_last),
          ILV_TEST(a_release_fence_makes_later_relaxed_stores_release),
          ILV_TEST(an_acquire_fence_makes_earlier_relaxed_loads_acquire),
          ILV_TEST(what_the_storing_task_kept_it_keeps_with_the_next_store),
          ILV_TEST(fences_are_of_one_task_not_of_its_index), ILV_TEST(two_fences_order),
          ILV_TEST(message_passing), ILV_TEST(order_is_handed_on),
          ILV_TEST(a_seqlock_of_atomics_is_clean), ILV_TEST(double_checked_locking_done_right),
          ILV_TEST(double_checked_locking_done_wrong), ILV_TEST(a_spin_lock_of_atomics_orders),
          ILV_TEST(an_atomic_acquires_what_was_annotated_there));
