/* SPDX-License-Identifier: MIT */
/*
 * What the library does with free mutexes by itself (src/robust.h) is what glibc does: each ends
 * what the other began, both link the same list, and the kernel finds what a dead thread held
 * wherever it is killed. The test knows the library's inside for one thing: whether it does it at
 * all, here.
 */
#include "robust.h"

#include <errno.h>
#include <ilv/mutex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"
#include "mutex.h"
#include "sanitizers.h"
#include "tasks/steps.h"

enum { SOME = 12, MOST_STEPS = 2000 };

struct stage {
    struct ilv_mutex mutex[SOME];
    uint32_t step;
};

static struct stage *stage;
static pid_t waiter;

static pthread_mutex_t *within(int i)
{
    return &stage->mutex[i].lock;
}

static void new_stage(void)
{
    stage = share(sizeof *stage);
}

static void the_library_locks_by_itself_unless_somebody_watches(void)
{
    new_stage();
    ilv_mutex_lock(&stage->mutex[0]);
    ilv_mutex_unlock(&stage->mutex[0]);
    ILV_CHECK((ilv__robust.head != NULL) == ilv__unwatched);
    ILV_CHECK(ilv__robust.head == NULL || ilv__robust.tid == gettid());
}

static void each_ends_what_the_other_began(void)
{
    if (ON_TSAN)
        ilv_test_skip("where ThreadSanitizer watches, all is left to glibc");
    new_stage();
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex[0]), 0);
        ILV_CHECK_INT(pthread_mutex_lock(within(0)), EDEADLK);
        ILV_CHECK_INT(pthread_mutex_unlock(within(0)), 0);
        ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex[0]), EPERM);
        ILV_CHECK_INT(pthread_mutex_lock(within(0)), 0);
        ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex[0]), EDEADLK);
        ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex[0]), 0);
        ILV_CHECK_INT(pthread_mutex_unlock(within(0)), EPERM);
    }
}

/* All by turns: i by the library, i + 1 by glibc. Gives up those of `freed`, the others' way. */
static int hold_but(uint32_t freed)
{
    int errors = 0;
    for (int i = 0; i < SOME; i++)
        errors += (i % 2 ? pthread_mutex_lock(within(i)) : ilv_mutex_lock(&stage->mutex[i])) != 0;
    for (int i = 0; i < SOME; i++)
        if (freed >> i & 1)
            errors +=
                (i % 3 ? pthread_mutex_unlock(within(i)) : ilv_mutex_unlock(&stage->mutex[i])) != 0;
    return errors;
}

static void make_all(void)
{
    new_stage();
    for (int i = 0; i < SOME; i++)
        if (ilv_mutex_lock(&stage->mutex[i]) == 0)
            ilv_mutex_unlock(&stage->mutex[i]);
}

static int in_child(uint32_t freed)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(hold_but(freed));
    return waitpid(child, &status, 0) == child ? status : -1;
}

static void what_the_dead_held_is_told_and_nothing_else(void)
{
    make_all();
    for (uint32_t freed = 0; freed < 1U << SOME; freed += 37) {
        ILV_CHECK_INT(in_child(freed), 0);
        for (int i = 0; i < SOME; i++) {
            int error = ilv_mutex_try_lock(&stage->mutex[i]);
            if (!ILV_CHECK_INT(error, freed >> i & 1 ? 0 : EOWNERDEAD))
                return;
            if (error == EOWNERDEAD)
                ilv_mutex_consistent(&stage->mutex[i]);
            ilv_mutex_unlock(&stage->mutex[i]);
        }
    }
}

static void a_lost_mutex_is_lost_by_the_short_way_too(void)
{
    make_all();
    ILV_CHECK_INT(in_child(0), 0);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex[0]), EOWNERDEAD);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex[0]), 0);
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex[0]), ENOTRECOVERABLE);
        ILV_CHECK_INT(ilv_mutex_try_lock(&stage->mutex[0]), ENOTRECOVERABLE);
        ILV_CHECK_INT(pthread_mutex_lock(within(0)), ENOTRECOVERABLE);
    }
}

/* What is killed after each of its instructions. */

static void begin(void)
{
    if (ilv_mutex_lock(&stage->mutex[SOME - 1]) == 0)
        ilv_mutex_unlock(&stage->mutex[SOME - 1]);
}

static void lock_two(void *unused)
{
    (void)unused;
    ilv_mutex_lock(&stage->mutex[0]);
    ilv_mutex_lock(&stage->mutex[1]);
    ilv_mutex_unlock(&stage->mutex[0]);
    ilv_mutex_unlock(&stage->mutex[1]);
}

static bool can_be_had(int i)
{
    int error = ilv_mutex_try_lock(&stage->mutex[i]);
    if (error == EOWNERDEAD)
        error = ilv_mutex_consistent(&stage->mutex[i]);
    return error == 0 && ilv_mutex_unlock(&stage->mutex[i]) == 0;
}

static void a_mutex_can_be_had_wherever_its_holder_is_killed(void)
{
    if (ON_TSAN)
        ilv_test_skip("where ThreadSanitizer watches, all is left to glibc");
    make_all();
    prepare_by(begin);
    unsigned long steps = count_steps(lock_two, NULL);
    ILV_CHECK(steps > 0 && steps < MOST_STEPS);
    for (unsigned long k = 0; k <= steps; k++) {
        (void)kill_after(k, lock_two, NULL);
        for (int i = 0; i < 2; i++)
            if (!ILV_CHECK(can_be_had(i)))
                return;
    }
}

/* It waits by glibc's call, which does not look again by itself. */
static void wait_for_it(void)
{
    await(&stage->step, 1);
    int error = pthread_mutex_lock(within(0));
    _exit(error == 0 || error == EOWNERDEAD ? 0 : error);
}

/* The first wake finds the system call's function, which takes long. */
static void hold_while_it_waits(void)
{
    begin();
    (void)ilv__wake(&stage->step, 1);
    (void)ilv_mutex_lock(&stage->mutex[0]);
    tell(&stage->step, 1);
    await_sleeping(waiter);
}

static void give_up(void *unused)
{
    (void)unused;
    ilv_mutex_unlock(&stage->mutex[0]);
}

static void start_waiter(void)
{
    make_all();
    waiter = fork();
    if (waiter == 0)
        wait_for_it();
}

static int end_of_waiter(void)
{
    int status = -1;
    return waitpid(waiter, &status, 0) == waiter ? status : -1;
}

static void who_waits_gets_it_wherever_its_holder_is_killed_giving_it_up(void)
{
    prepare_by(hold_while_it_waits);
    start_waiter();
    unsigned long steps = count_steps(give_up, NULL);
    ILV_CHECK_INT(end_of_waiter(), 0);
    ILV_CHECK(steps > 0 && steps < MOST_STEPS);
    for (unsigned long k = 0; k <= steps; k++) {
        start_waiter();
        (void)kill_after(k, give_up, NULL);
        if (!ILV_CHECK_INT(end_of_waiter(), 0))
            return;
    }
}

ILV_SUITE(robust, ILV_TEST(the_library_locks_by_itself_unless_somebody_watches),
          ILV_TEST(each_ends_what_the_other_began),
          ILV_TEST(what_the_dead_held_is_told_and_nothing_else),
          ILV_TEST(a_lost_mutex_is_lost_by_the_short_way_too),
          ILV_TEST(a_mutex_can_be_had_wherever_its_holder_is_killed),
          ILV_TEST(who_waits_gets_it_wherever_its_holder_is_killed_giving_it_up));

#define SUITES(X) X(robust)
ILV_TEST_MAIN(SUITES)
