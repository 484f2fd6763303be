/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"
#include "script.h"

#define TWO "T0 create T0.1;"
#define THREE "T0 create T0.1; T0 create T0.2;"
#define BYE "T0.1 exit; T0 join T0.1; end exit 0"

/* ---- unlocking ---------------------------------------------------------------------------- */

static void unlock_by_a_stranger_names_the_holder(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 unlock M1",
                 "lock-misuse unlock-by-stranger: T0.1 did M1@3, T0 holds M1@2");
    CHECK_JUDGED(TWO "T0 spin-lock SP1; T0.1 spin-unlock SP1",
                 "lock-misuse unlock-by-stranger: T0.1 did SP1@3, T0 holds SP1@2");
    CHECK_JUDGED(TWO "T0 rwlock-wrlock RW1; T0.1 rwlock-unlock RW1",
                 "lock-misuse unlock-by-stranger: T0.1 did RW1@3, T0 holds RW1@2");
    CHECK_JUDGED(TWO "T0 rwlock-rdlock RW1; T0.1 rwlock-unlock RW1",
                 "lock-misuse unlock-by-stranger: T0.1 did RW1@3, T0 holds RW1@2");
}

static void unlock_by_the_holder_is_fine(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0 unlock M1; T0.1 lock M1; T0.1 unlock M1; T0 spin-lock SP1;"
                     "T0 spin-unlock SP1; T0 rwlock-wrlock RW1; T0 rwlock-unlock RW1;"
                     "T0 rwlock-rdlock RW1; T0.1 rwlock-rdlock RW1; T0 rwlock-unlock RW1;"
                     "T0.1 rwlock-unlock RW1; T0 rwlock-trywrlock RW1; T0 rwlock-unlock RW1; " BYE,
                 "");
}

static void unlock_of_a_free_lock(void)
{
    CHECK_JUDGED("T0 lock M1; T0 unlock M1; T0 unlock M1",
                 "lock-misuse unlock-of-free: T0 did M1@3");
    CHECK_JUDGED(TWO "T0 unlock M1", "lock-misuse unlock-of-free: T0 did M1@2");
    CHECK_JUDGED("T0 rwlock-rdlock RW1; T0 rwlock-unlock RW1; T0 rwlock-unlock RW1",
                 "lock-misuse unlock-of-free: T0 did RW1@3");
}

static void what_was_locked_before_the_run_is_not_known(void)
{
    CHECK_JUDGED("T0 unlock M1; T0 rwlock-unlock RW1; end exit 0",
                 "lock-misuse unlock-of-free: T0 did RW1@2");
    CHECK_JUDGED("T0 unlock M1; T0 lock M1; T0 unlock M1; end exit 0", "");
}

static void a_refusal_is_defined(void)
{
    CHECK_JUDGED(TWO "T0 lock M1e; T0.1 unlock M1 =EPERM; T0 unlock M1; T0 lock M2r;"
                     "T0.1 unlock M2 =EPERM; T0 unlock M2; T0 lock M3b; T0.1 unlock M3 =EPERM;"
                     "T0 unlock M3; T0 unlock M1 =EPERM; " BYE,
                 "");
}

static void a_recursive_one_is_held_until_the_last_unlock(void)
{
    CHECK_JUDGED("T0 lock M1r; T0 lock M1; T0 unlock M1 #1; T0 mutex-destroy M1 =EBUSY",
                 "lock-misuse destroy-while-held: T0 did M1@4, T0 holds M1@1");
    CHECK_JUDGED("T0 lock M1r; T0 lock M1; T0 unlock M1 #1; T0 unlock M1; T0 mutex-destroy M1;"
                 "end exit 0",
                 "");
}

static void a_semaphore_may_be_posted_by_anyone(void)
{
    CHECK_JUDGED(TWO "T0 sem-init S1; T0.1 sem-post S1; T0 sem-wait S1; T0 sem-destroy S1; " BYE,
                 "");
}

static void many_readers_are_all_known(void)
{
    CHECK_JUDGED(THREE "T0 rwlock-rdlock RW1; T0.1 rwlock-rdlock RW1; T0.2 rwlock-rdlock RW1;"
                       "T0 rwlock-rdlock RW1; T0.1 rwlock-unlock RW1; T0 rwlock-unlock RW1;"
                       "T0.2 rwlock-unlock RW1; T0 rwlock-unlock RW1; T0.1 rwlock-wrlock RW1;"
                       "T0.1 rwlock-unlock RW1; T0.2 exit; T0 join T0.2; " BYE,
                 "");
}

/* ---- destroying --------------------------------------------------------------------------- */

static void destroy_while_held(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 mutex-destroy M1 =EBUSY",
                 "lock-misuse destroy-while-held: T0.1 did M1@3, T0 holds M1@2");
    CHECK_JUDGED(TWO "T0 rwlock-rdlock RW1; T0.1 rwlock-destroy RW1",
                 "lock-misuse destroy-while-held: T0.1 did RW1@3, T0 holds RW1@2");
    CHECK_JUDGED(TWO "T0 spin-lock SP1; T0.1 spin-destroy SP1",
                 "lock-misuse destroy-while-held: T0.1 did SP1@3, T0 holds SP1@2");
}

static void destroy_after_all_left_is_fine(void)
{
    CHECK_JUDGED(TWO
                 "T0 mutex-init M1; T0 cond-init C1; T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1;"
                 "T0 broadcast C1 #1; T0.1 woken; T0 unlock M1; T0 cond-destroy C1;"
                 "T0.1 wake C1 M1; T0.1 unlock M1; T0.1 exit; T0 join T0.1; T0 mutex-destroy M1;"
                 "end exit 0",
                 "");
}

static void a_condition_whose_sleepers_are_woken_may_be_destroyed(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M1; T0 broadcast C1 #1;"
                     "T0 unlock M1; T0 cond-destroy C1 ?; T0 cond-destroy C1; T0.1 wake C1 M1;"
                     "T0.1 unlock M1; " BYE,
                 "");
}

static void destroy_while_waited(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 cond-destroy C1 ?",
                 "lock-misuse destroy-while-waited: T0 did C1, T0.1 waits C1");
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 mutex-destroy M1",
                 "lock-misuse destroy-while-waited: T0 did M1@4, T0.1 waits C1");
}

static void a_barrier_is_waited_at_until_it_opens(void)
{
    CHECK_JUDGED(TWO "T0 barrier-init B1; T0.1 barrier-wait B1; T0.1 barrier-leave B1 ?;"
                     "T0 barrier-destroy B1 ?",
                 "lock-misuse destroy-while-waited: T0 did B1, T0.1 waits B1");
    CHECK_JUDGED(TWO "T0 barrier-init B1; T0.1 barrier-wait B1; T0.1 barrier-leave B1 ?;"
                     "T0 barrier-wait B1; T0 barrier-destroy B1 ?; T0.1 barrier-leave B1;"
                     "T0 barrier-destroy B1; " BYE,
                 "");
}

static void a_barrier_may_be_used_again(void)
{
    CHECK_JUDGED(TWO "T0 barrier-init B1; T0.1 barrier-wait B1; T0.1 barrier-leave B1 ?;"
                     "T0 barrier-wait B1; T0.1 barrier-leave B1; T0 barrier-wait B1;"
                     "T0 barrier-leave B1 ?; T0.1 barrier-wait B1; T0.1 barrier-destroy B1 ?;"
                     "T0 barrier-leave B1; T0.1 barrier-destroy B1; T0 barrier-init B2 @B1;"
                     "T0 barrier-destroy B2; " BYE,
                 "");
}

static void use_after_destroy(void)
{
    CHECK_JUDGED("T0 mutex-init M1; T0 mutex-destroy M1; T0 lock M1",
                 "lock-misuse use-after-destroy: T0 did M1@3");
    CHECK_JUDGED("T0 mutex-init M1; T0 mutex-destroy M1; T0 mutex-destroy M1",
                 "lock-misuse use-after-destroy: T0 did M1@3");
    CHECK_JUDGED("T0 cond-destroy C1; T0 signal C1", "lock-misuse use-after-destroy: T0 did C1@2");
    CHECK_JUDGED("T0 lock M1; T0 unlock M1; T0 mutex-destroy M1; T0 lock M2; T0 wait C1 M1",
                 "lock-misuse use-after-destroy: T0 did M1@5");
    CHECK_JUDGED("T0 barrier-destroy B1; T0 barrier-wait B1",
                 "lock-misuse use-after-destroy: T0 did B1@2");
    CHECK_JUDGED("T0 rwlock-destroy RW1; T0 rwlock-tryrdlock RW1",
                 "lock-misuse use-after-destroy: T0 did RW1@2");
}

static void a_refused_destruction_destroys_nothing(void)
{
    unsigned count = 0;
    script_judge("T0 lock M1; T0 mutex-destroy M1 =EBUSY; T0 unlock M1; T0 lock M1; T0 unlock M1;"
                 "end exit 0");
    ILV_CHECK_INT(script_findings(&count)->kind, ILV_KIND_DESTROY_HELD);
    ILV_CHECK_INT(count, 1);
}

static void use_after_a_new_init_is_fine(void)
{
    CHECK_JUDGED("T0 mutex-init M1; T0 mutex-destroy M1; T0 mutex-init M2 @M1; T0 lock M2;"
                 "T0 unlock M2; T0 mutex-destroy M2; T0 lock M3; T0 unlock M3; end exit 0",
                 "");
}

/* ---- making ------------------------------------------------------------------------------- */

static void init_while_another_holds_it(void)
{
    CHECK_JUDGED(TWO "T0 lock M1; T0.1 mutex-init M2 @M1",
                 "lock-misuse init-while-used: T0.1 did M1@3, T0 holds M1@2");
}

static void init_while_another_waits(void)
{
    CHECK_JUDGED(THREE "T0 lock M1; T0.1 lock M1 ?; T0 mutex-init M2 @M1",
                 "lock-misuse init-while-used: T0 did M1@4, T0.1 waits M1");
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 cond-init C2 @C1",
                 "lock-misuse init-while-used: T0 did C1@4, T0.1 waits C1");
}

static void init_of_a_held_variable_of_the_program(void)
{
    CHECK_JUDGED("T0 lock M1g; T0 mutex-init M2 @M1",
                 "lock-misuse init-while-used: T0 did M1@2, T0 holds M1@1");
}

static void init_of_memory_that_may_have_been_freed_is_fine(void)
{
    CHECK_JUDGED("T0 lock M1; T0 mutex-init M2 @M1; T0 lock M2; T0 unlock M2; end exit 0", "");
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 exit; T0 join T0.1; T0 mutex-init M2 @M1; end exit 0", "");
}

static void init_of_what_nobody_uses_is_fine(void)
{
    CHECK_JUDGED("T0 mutex-init M1; T0 lock M1; T0 unlock M1; T0 mutex-init M2 @M1; T0 lock M2;"
                 "T0 unlock M2; T0 cond-init C1; T0 cond-init C2 @C1; end exit 0",
                 "");
}

static void the_value_of_an_init_must_lie_at_the_same_place(void)
{
    CHECK_JUDGED(TWO "T0 lock M1g; T0 lock M2g; T0.1 mutex-init M3 #2; T0 unlock M2;"
                     "T0 unlock M1; " BYE,
                 "");
}

/* ---- condition waits ---------------------------------------------------------------------- */

static void one_condition_with_two_mutexes(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 lock M2; T0 sleep C1 M2",
                 "lock-misuse two-mutexes: T0 did C1@5, T0.1 waits C1");
}

static void two_mutexes_one_after_the_other_are_fine(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 signal C1 #1; T0 lock M2; T0 sleep C1 M2;"
                     "T0.1 wake C1 M1; T0.1 signal C1 #1; T0.1 unlock M1; T0 wake C1 M2;"
                     "T0 unlock M2; " BYE,
                 "");
}

static void who_gave_up_sleeps_no_more(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1 timed; T0.1 gave-up; T0 lock M2;"
                     "T0 wait C1 M2; T0 wake C1 M2 =ETIMEDOUT; T0 unlock M2;"
                     "T0.1 wake C1 M1 =ETIMEDOUT; T0.1 unlock M1; " BYE,
                 "");
}

static void many_sleepers_with_one_mutex_are_fine(void)
{
    CHECK_JUDGED(THREE "T0.1 lock M1; T0.1 sleep C1 M1; T0.2 lock M1; T0.2 sleep C1 M1;"
                       "T0 broadcast C1 #2; T0.2 wake C1 M1; T0.2 unlock M1; T0.1 wake C1 M1;"
                       "T0.1 unlock M1; T0.2 exit; T0 join T0.2; " BYE,
                 "");
}

static void waiting_without_the_mutex(void)
{
    CHECK_JUDGED(TWO "T0 wait C1 M1", "lock-misuse wait-without-mutex: T0 did M1@2");
    CHECK_JUDGED(TWO "T0.1 lock M1; T0 wait C1 M1", "lock-misuse wait-without-mutex: T0 did M1@3");
}

static void a_refused_wait_is_defined(void)
{
    CHECK_JUDGED(
        TWO "T0 wait C1 M1e =EPERM; T0.1 lock M1; T0 wait C1 M1 =EPERM; T0.1 unlock M1; " BYE, "");
}

static void a_woken_sleeper_holds_its_mutex_again(void)
{
    CHECK_JUDGED(TWO "T0.1 lock M1; T0.1 sleep C1 M1; T0 signal C1 #1; T0.1 wake C1 M1;"
                     "T0.1 sleep C1 M1; T0 signal C1 #1; T0.1 wake C1 M1; T0.1 unlock M1; " BYE,
                 "");
}

ILV_SUITE(lock_misuse, ILV_TEST(unlock_by_a_stranger_names_the_holder),
          ILV_TEST(unlock_by_the_holder_is_fine), ILV_TEST(unlock_of_a_free_lock),
          ILV_TEST(what_was_locked_before_the_run_is_not_known), ILV_TEST(a_refusal_is_defined),
          ILV_TEST(a_recursive_one_is_held_until_the_last_unlock),
          ILV_TEST(a_semaphore_may_be_posted_by_anyone), ILV_TEST(many_readers_are_all_known),
          ILV_TEST(destroy_while_held), ILV_TEST(destroy_after_all_left_is_fine),
          ILV_TEST(a_condition_whose_sleepers_are_woken_may_be_destroyed),
          ILV_TEST(destroy_while_waited), ILV_TEST(a_barrier_is_waited_at_until_it_opens),
          ILV_TEST(a_barrier_may_be_used_again), ILV_TEST(use_after_destroy),
          ILV_TEST(a_refused_destruction_destroys_nothing), ILV_TEST(use_after_a_new_init_is_fine),
          ILV_TEST(init_while_another_holds_it), ILV_TEST(init_while_another_waits),
          ILV_TEST(init_of_a_held_variable_of_the_program),
          ILV_TEST(init_of_memory_that_may_have_been_freed_is_fine),
          ILV_TEST(init_of_what_nobody_uses_is_fine),
          ILV_TEST(the_value_of_an_init_must_lie_at_the_same_place),
          ILV_TEST(one_condition_with_two_mutexes),
          ILV_TEST(two_mutexes_one_after_the_other_are_fine), ILV_TEST(who_gave_up_sleeps_no_more),
          ILV_TEST(many_sleepers_with_one_mutex_are_fine), ILV_TEST(waiting_without_the_mutex),
          ILV_TEST(a_refused_wait_is_defined), ILV_TEST(a_woken_sleeper_holds_its_mutex_again));
