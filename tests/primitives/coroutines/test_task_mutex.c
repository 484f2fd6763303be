/* SPDX-License-Identifier: MIT */
/* What task_mutex.h promises. */
#include <errno.h>
#include <ilv/task_mutex.h>

#include "steps.h"

static struct ilv_task_mutex mutex;
static char letters[4] = {'a', 'b', 'c', 'd'};

/* Says its letter twice, with a wait between that others use. */
static int say_twice(void *argument)
{
    int error = ilv_task_mutex_lock(&mutex, NULL);
    if (error != 0)
        return error;
    say(*(char *)argument);
    ilv_task_pass();
    ilv_task_sleep(ILV_MILLISECOND);
    say(*(char *)argument);
    return ilv_task_mutex_unlock(&mutex);
}

static void it_is_handed_on_in_the_order_of_asking(void)
{
    struct ilv_task *task[4];
    for (int i = 0; i < 4; i++)
        task[i] = task_of(say_twice, &letters[i]);
    run(0);
    ILV_CHECK_STR(said, "aabbccdd");
    for (int i = 0; i < 4; i++)
        end_task(task[i], 0);
    end_loop();
}

static int say_twice_without(void *argument)
{
    say(*(char *)argument);
    ilv_task_pass();
    say(*(char *)argument);
    return 0;
}

static void without_it_others_come_between(void)
{
    for (int i = 0; i < 2; i++)
        ILV_CHECK_INT(ilv_loop_spawn(the_loop(), NULL, NULL, say_twice_without, &letters[i]), 0);
    run(0);
    ILV_CHECK_STR(said, "abab");
    end_loop();
}

static int misuse(void *argument)
{
    int *found = argument;
    found[0] = ilv_task_mutex_unlock(&mutex);
    found[1] = ilv_task_mutex_lock(&mutex, NULL);
    found[2] = ilv_task_mutex_lock(&mutex, NULL);
    found[3] = ilv_task_mutex_try_lock(&mutex);
    ilv_task_pass();
    return ilv_task_mutex_unlock(&mutex);
}

static int ask_in_vain(void *argument)
{
    int *found = argument;
    struct timespec soon = ilv_deadline_in(ILV_MILLISECOND);
    struct timespec cannot_be = impossible[1];
    found[4] = ilv_task_mutex_try_lock(&mutex);
    found[5] = ilv_task_mutex_unlock(&mutex);
    found[6] = ilv_task_mutex_lock(&mutex, &cannot_be);
    ilv_task_pass();
    found[7] = ilv_task_mutex_try_lock(&mutex);
    found[8] = ilv_task_mutex_unlock(&mutex);
    return ilv_task_mutex_lock(NULL, &soon);
}

static void misuse_is_refused(void)
{
    static const int expected[9] = {EPERM, 0, EDEADLK, EDEADLK, EBUSY, EPERM, EINVAL, 0, 0};
    int found[9];
    struct ilv_task *one = task_of(misuse, found);
    struct ilv_task *two = task_of(ask_in_vain, found);
    run(0);
    for (int i = 0; i < 9; i++)
        ILV_CHECK_INT(found[i], expected[i]);
    end_task(one, 0);
    end_task(two, EINVAL);
    ILV_CHECK_INT(ilv_task_mutex_lock(&mutex, NULL), EPERM);
    ILV_CHECK_INT(ilv_task_mutex_unlock(&mutex), EPERM);
    ILV_CHECK_INT(ilv_task_mutex_unlock(NULL), EINVAL);
    end_loop();
}

static int keep_it(void *argument)
{
    (void)argument;
    ilv_task_mutex_lock(&mutex, NULL);
    return ilv_task_sleep_until(NULL);
}

static int ask_until(void *argument)
{
    struct timespec soon = ilv_deadline_in(ILV_MILLISECOND);
    (void)argument;
    return ilv_task_mutex_lock(&mutex, &soon);
}

static void who_waits_gives_up_at_the_deadline_or_when_cancelled(void)
{
    struct ilv_task *keeper = task_of(keep_it, NULL);
    struct ilv_task *timed = task_of(ask_until, NULL);
    struct ilv_task *patient = task_of(say_twice, &letters[0]);
    run(EDEADLK);
    end_task(timed, ETIMEDOUT);
    ILV_CHECK_INT(ilv_task_cancel(patient), 0);
    run(EDEADLK);
    end_task(patient, ECANCELED);
    ILV_CHECK_INT(ilv_task_cancel(keeper), 0);
    run(0);
    end_task(keeper, ECANCELED);
    end_loop();
}

static int leave_with_it(void *argument)
{
    (void)argument;
    return ilv_task_mutex_lock(&mutex, NULL);
}

static void a_holder_that_ends_leaves_it_locked(void)
{
    struct ilv_task *leaver = task_of(leave_with_it, NULL);
    struct ilv_task *patient = task_of(say_twice, &letters[0]);
    run(EDEADLK);
    ILV_CHECK_STR(said, "");
    end_task(leaver, 0);
    end_loop();
    end_task(patient, ECANCELED);
}

ILV_SUITE(task_mutex, ILV_TEST(it_is_handed_on_in_the_order_of_asking),
          ILV_TEST(without_it_others_come_between), ILV_TEST(misuse_is_refused),
          ILV_TEST(who_waits_gives_up_at_the_deadline_or_when_cancelled),
          ILV_TEST(a_holder_that_ends_leaves_it_locked));
