/* SPDX-License-Identifier: MIT */
/* What loop.h promises of orders, times, joins and refusals. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

static int looks;      /* calls of ppoll */
static int next_fails; /* with this error, once */

/* The loop's only way to wait, counted. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc's are reserved */
int ppoll(struct pollfd *list, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    struct timespec left = {0, 0};
    looks++;
    if (next_fails != 0) {
        errno = next_fails;
        next_fails = 0;
        return -1;
    }
    if (timeout != NULL)
        left = *timeout;
    return (int)syscall(SYS_ppoll, list, count, timeout != NULL ? &left : NULL, mask, 8UL);
}

/* Says its letter so many times, and lets others run between them. */
struct speaker {
    char letter;
    int times;
};

static int speak(void *argument)
{
    const struct speaker *speaker = argument;
    for (int i = 0; i < speaker->times; i++) {
        if (i > 0 && ilv_task_pass() != 0)
            return ECANCELED;
        say(speaker->letter);
    }
    return speaker->letter;
}

static void tasks_run_in_the_order_of_their_making(void)
{
    struct speaker speaker[3] = {{'a', 1}, {'b', 1}, {'c', 1}};
    struct ilv_task *task[3];
    for (int i = 0; i < 3; i++)
        task[i] = task_of(speak, &speaker[i]);
    ILV_CHECK_STR(said, "");
    run(0);
    ILV_CHECK_STR(said, "abc");
    for (int i = 0; i < 3; i++)
        end_task(task[i], speaker[i].letter);
    end_loop();
}

static void who_passes_lets_those_run_that_are_ready(void)
{
    struct speaker speaker[3] = {{'a', 3}, {'b', 1}, {'c', 2}};
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_loop_spawn(the_loop(), NULL, NULL, speak, &speaker[i]), 0);
    run(0);
    ILV_CHECK_STR(said, "abcaca");
    run(0);
    end_loop();
}

/* Times. */

struct sleeper {
    char letter;
    struct timespec until;
};

static int sleep_and_speak(void *argument)
{
    const struct sleeper *sleeper = argument;
    int error = ilv_task_sleep_until(&sleeper->until);
    say(sleeper->letter);
    return error;
}

static void sleepers_wake_by_time_and_then_by_their_asking(void)
{
    struct timespec soon = ilv_deadline_in(3 * ILV_MILLISECOND);
    struct timespec later = ilv_deadline_in(6 * ILV_MILLISECOND);
    struct sleeper sleeper[6] = {{'f', later}, {'c', soon}, {'a', long_ago},
                                 {'d', soon},  {'e', soon}, {'b', long_ago}};
    struct ilv_task *task[6];
    for (int i = 0; i < 6; i++)
        task[i] = task_of(sleep_and_speak, &sleeper[i]);
    run(0);
    ILV_CHECK_STR(said, "abcdef");
    ILV_CHECK(looks >= 1 && looks < 10); /* one a turn, if none wakes early */
    for (int i = 0; i < 6; i++)
        end_task(task[i], 0);
    end_loop();
}

static void many_that_wake_at_once_keep_their_order(void)
{
    enum { MANY = 300 };
    static struct sleeper sleeper[MANY];
    struct timespec at = ilv_deadline_in(2 * ILV_MILLISECOND);
    for (int i = 0; i < MANY; i++) {
        sleeper[i] = (struct sleeper){(char)('A' + i % 50), at};
        ILV_CHECK_INT(ilv_loop_spawn(the_loop(), NULL, NULL, sleep_and_speak, &sleeper[i]), 0);
    }
    run(0);
    int wrong = 0;
    for (int i = 0; i < MANY; i++)
        wrong += said[i] != 'A' + i % 50;
    ILV_CHECK_INT(wrong, 0);
    end_loop();
}

static struct ilv_task *victim;

static int cancel_victim(void *argument)
{
    (void)argument;
    return ilv_task_cancel(victim);
}

static void one_that_is_cancelled_leaves_the_others_in_order(void)
{
    static const int times[7] = {1, 10, 2, 11, 12, 3, 4};
    struct sleeper sleeper[7];
    struct ilv_task *task[7];
    for (int i = 0; i < 7; i++) {
        sleeper[i] = (struct sleeper){(char)('a' + times[i]), {.tv_sec = 0, .tv_nsec = times[i]}};
        task[i] = task_of(sleep_and_speak, &sleeper[i]);
    }
    victim = task[3];
    struct ilv_task *canceller = task_of(cancel_victim, NULL);
    run(0);
    ILV_CHECK_STR(said, "lbcdekm");
    for (int i = 0; i < 7; i++)
        end_task(task[i], i == 3 ? ECANCELED : 0);
    end_task(canceller, 0);
    end_loop();
}

static int sleep_shortly(void *argument)
{
    struct timespec end = ilv_deadline_in(2 * ILV_MILLISECOND);
    (void)argument;
    int error = ilv_task_sleep(2 * ILV_MILLISECOND) + ilv_task_pass();
    struct timespec now = ilv_deadline_in(0);
    bool long_enough =
        now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec);
    return error != 0 || !long_enough;
}

static void nobody_sleeps_less_than_asked(void)
{
    struct ilv_task *task = task_of(sleep_shortly, NULL);
    run(0);
    end_task(task, 0);
    end_loop();
}

/* Joins. */

static int wait_a_little(void *argument)
{
    int turns = *(int *)argument;
    for (int i = 0; i < turns; i++)
        ilv_task_pass();
    return turns;
}

struct gathering {
    struct ilv_task *task[3];
    int outcome[3];
};

static int gather(void *argument)
{
    struct gathering *gathering = argument;
    return ilv_task_gather(gathering->task, 3, gathering->outcome, NULL);
}

static void gathered_outcomes_are_in_the_order_of_the_tasks(void)
{
    int turns[3] = {5, 1, 3};
    struct gathering gathering = {.outcome = {-1, -1, -1}};
    struct ilv_task *gatherer = task_of(gather, &gathering);
    for (int i = 0; i < 3; i++)
        gathering.task[i] = task_of(wait_a_little, &turns[i]);
    run(0);
    end_task(gatherer, 0);
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(gathering.outcome[i], turns[i]);
        end_task(gathering.task[i], turns[i]);
    }
    ILV_CHECK_INT(ilv_task_gather(NULL, 0, NULL, NULL), 0);
    ILV_CHECK_INT(ilv_task_gather(NULL, 1, NULL, NULL), EINVAL);
    end_loop();
}

static struct ilv_task *other;

static int join_the_other(void *argument)
{
    int outcome = -1;
    int error = ilv_task_join(other, &outcome);
    say(*(const char *)argument);
    return error != 0 ? error : outcome;
}

static void all_that_join_are_told_in_the_order_of_their_asking(void)
{
    char letter[3] = {'a', 'b', 'c'};
    int turns = 4;
    struct ilv_task *task[3];
    other = task_of(wait_a_little, &turns);
    for (int i = 0; i < 3; i++)
        task[i] = task_of(join_the_other, &letter[i]);
    run(0);
    ILV_CHECK_STR(said, "abc");
    for (int i = 0; i < 3; i++)
        end_task(task[i], 4);
    int outcome = 0;
    ILV_CHECK_INT(ilv_task_join(other, &outcome), 0); /* it has ended: anywhere */
    ILV_CHECK_INT(outcome, 4);
    end_task(other, 4);
    end_loop();
}

static int join_in_vain(void *argument)
{
    struct timespec soon = ilv_deadline_in(ILV_MILLISECOND);
    (void)argument;
    if (ilv_task_join(ilv_task_current(), NULL) != EDEADLK)
        return 1;
    if (ilv_task_join_until(other, NULL, &long_ago) != ETIMEDOUT)
        return 2;
    if (ilv_task_gather(&other, 1, NULL, &soon) != ETIMEDOUT)
        return 3;
    return ilv_task_cancel(other);
}

static int sleep_for_ever(void *argument)
{
    (void)argument;
    return ilv_task_sleep_until(NULL);
}

static void joins_of_oneself_and_past_the_deadline_are_refused(void)
{
    other = task_of(sleep_for_ever, NULL);
    struct ilv_task *task = task_of(join_in_vain, NULL);
    run(0);
    end_task(task, 0);
    end_task(other, ECANCELED);
    end_loop();
}

/* The ends of a run. */

struct joiner {
    struct ilv_task *whom;
};

static int join_whom(void *argument)
{
    const struct joiner *joiner = argument;
    return ilv_task_join(joiner->whom, NULL);
}

static void tasks_that_join_each_other_are_a_deadlock(void)
{
    struct joiner joiner[2];
    joiner[1].whom = task_of(join_whom, &joiner[0]);
    joiner[0].whom = task_of(join_whom, &joiner[1]);
    run(EDEADLK);
    run(EDEADLK);
    ILV_CHECK_INT(ilv_loop_run_until(the_loop(), &far_away), EDEADLK);
    ILV_CHECK_INT(ilv_task_cancel(joiner[1].whom), 0);
    run(0);
    end_task(joiner[1].whom, ECANCELED);
    end_task(joiner[0].whom, 0);
    end_loop();
}

static void a_look_that_is_interrupted_is_done_again(void)
{
    struct ilv_task *task = task_of(sleep_shortly, NULL);
    next_fails = EINTR;
    errno = ERANGE;
    run(0);
    ILV_CHECK_INT(errno, ERANGE);
    end_task(task, 0);
    end_loop();
}

static void a_look_that_fails_ends_the_run_which_can_go_on(void)
{
    struct ilv_task *task = task_of(sleep_shortly, NULL);
    next_fails = ENOMEM;
    run(ENOMEM);
    ILV_CHECK(!ilv_task_ended(task));
    run(0);
    end_task(task, 0);
    end_loop();
}

static int pass_until_cancelled(void *argument)
{
    (void)argument;
    while (ilv_task_pass() == 0)
        continue;
    return 0;
}

static void a_run_ends_at_its_deadline_and_goes_on_later(void)
{
    struct sleeper sleeper = {'s', far_away};
    struct timespec soon = ilv_deadline_in(2 * ILV_MILLISECOND);
    struct ilv_task *asleep = task_of(sleep_and_speak, &sleeper);
    ILV_CHECK_INT(ilv_loop_run_until(the_loop(), &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(ilv_loop_run_until(the_loop(), &soon), ETIMEDOUT);
    struct ilv_task *busy = task_of(pass_until_cancelled, NULL);
    soon = ilv_deadline_in(2 * ILV_MILLISECOND);
    ILV_CHECK_INT(ilv_loop_run_until(the_loop(), &soon), ETIMEDOUT);
    ILV_CHECK_INT(ilv_task_free(asleep), EBUSY);
    ILV_CHECK_STR(said, "");
    ILV_CHECK_INT(ilv_task_cancel(asleep), 0);
    ILV_CHECK_INT(ilv_task_cancel(busy), 0);
    run(0);
    end_task(asleep, ECANCELED);
    end_task(busy, 0);
    end_loop();
}

/* Refusals. */

static int use_its_own_loop(void *argument)
{
    (void)argument;
    if (ilv_loop_run(ilv_loop_current()) != EBUSY || ilv_loop_free(ilv_loop_current()) != EBUSY)
        return 1;
    if (ilv_coroutine_yield(NULL, NULL) != EPERM)
        return 2;
    return ilv_coroutine_send(ilv_coroutine_current(), NULL, NULL) == EDEADLK ? 0 : 3;
}

static void a_loop_is_not_run_from_within(void)
{
    struct ilv_task *task = task_of(use_its_own_loop, NULL);
    run(0);
    end_task(task, 0);
    end_loop();
}

static void *use_from_elsewhere(void *argument)
{
    static int found[6];
    struct ilv_loop *loop = argument;
    found[0] = ilv_loop_run(loop);
    found[1] = ilv_loop_free(loop);
    found[2] = ilv_loop_spawn(loop, NULL, NULL, sleep_for_ever, NULL);
    found[3] = ilv_task_cancel(other);
    found[4] = ilv_task_join(other, NULL);
    found[5] = ilv_loop_current() == NULL ? EPERM : 0;
    return found;
}

static void another_threads_loop_is_refused(void)
{
    pthread_t thread;
    void *found = NULL;
    struct ilv_loop *second = NULL;
    other = task_of(sleep_for_ever, NULL);
    ILV_CHECK_INT(pthread_create(&thread, NULL, use_from_elsewhere, the_loop()), 0);
    ILV_CHECK_INT(pthread_join(thread, &found), 0);
    for (int i = 0; i < 6; i++)
        ILV_CHECK_INT(((int *)found)[i], EPERM);
    ILV_CHECK_INT(ilv_loop_new(&second), EBUSY);
    ILV_CHECK(ilv_loop_current() == the_loop());
    end_loop();
    end_task(other, ECANCELED);
    ILV_CHECK(ilv_loop_current() == NULL);
}

static void waits_outside_of_tasks_are_refused(void)
{
    struct ilv_task *task = task_of(sleep_for_ever, NULL);
    ILV_CHECK_INT(ilv_task_pass(), EPERM);
    ILV_CHECK_INT(ilv_task_sleep(0), EPERM);
    ILV_CHECK_INT(ilv_task_readable(0, NULL), EPERM);
    ILV_CHECK_INT(ilv_task_join(task, NULL), EPERM);
    ILV_CHECK_INT(ilv_task_gather(&task, 1, NULL, NULL), EPERM);
    ILV_CHECK(ilv_task_current() == NULL);
    end_loop();
    ILV_CHECK_INT(ilv_task_sleep(0), EPERM);
    end_task(task, ECANCELED);
}

static int wait_senselessly(void *argument)
{
    int wrong = ilv_task_sleep(-1) != EINVAL;
    (void)argument;
    for (int i = 0; i < 3; i++) {
        wrong += ilv_task_sleep_until(&impossible[i]) != EINVAL;
        wrong += ilv_task_readable(0, &impossible[i]) != EINVAL;
        wrong += ilv_task_join_until(other, NULL, &impossible[i]) != EINVAL;
    }
    return wrong;
}

static void senseless_arguments_are_refused(void)
{
    struct ilv_coroutine_options tiny = {.stack_size = 1};
    struct ilv_task *task = task_of(wait_senselessly, NULL);
    other = task;
    run(0);
    ILV_CHECK_INT(ilv_loop_new(NULL), EINVAL);
    ILV_CHECK_INT(ilv_loop_run(NULL), EINVAL);
    ILV_CHECK_INT(ilv_loop_run_until(the_loop(), &impossible[0]), EINVAL);
    ILV_CHECK_INT(ilv_loop_spawn(NULL, NULL, NULL, sleep_for_ever, NULL), EINVAL);
    ILV_CHECK_INT(ilv_loop_spawn(the_loop(), NULL, NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_loop_spawn(the_loop(), NULL, &tiny, sleep_for_ever, NULL), EINVAL);
    ILV_CHECK_INT(ilv_task_cancel(NULL), EINVAL);
    ILV_CHECK_INT(ilv_task_join(NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_task_outcome(NULL, NULL), EINVAL);
    ILV_CHECK(ilv_task_ended(NULL));
    ILV_CHECK_INT(ilv_task_free(NULL), 0);
    ILV_CHECK_INT(ilv_loop_free(NULL), 0);
    end_task(task, 0);
    end_loop();
}

/* In the child the other task goes on, and the loop ends. */
static int fork_in_task(void *argument)
{
    fflush(NULL);
    *(pid_t *)argument = fork();
    return ilv_task_pass();
}

static void a_child_forked_in_a_task_has_a_loop_that_goes_on(void)
{
    struct speaker speaker = {'a', 3};
    pid_t child = -1;
    int status = -1;
    if (ON_TSAN)
        ilv_test_skip("in such a child ThreadSanitizer sees no order between coroutines");
    struct ilv_task *task = task_of(fork_in_task, &child);
    struct ilv_task *speaking = task_of(speak, &speaker);
    int error = ilv_loop_run(the_loop());
    end_task(task, 0);
    end_task(speaking, 'a');
    end_loop();
    if (child == 0)
        _exit(error != 0 || strcmp(said, "aaa") != 0 ? 9 : 0);
    ILV_CHECK_INT(error, 0);
    ILV_CHECK_STR(said, "aaa");
    ILV_CHECK_INT(waitpid(child, &status, 0), child);
    ILV_CHECK_INT(status, 0);
}

ILV_SUITE(loop, ILV_TEST(tasks_run_in_the_order_of_their_making),
          ILV_TEST(who_passes_lets_those_run_that_are_ready),
          ILV_TEST(sleepers_wake_by_time_and_then_by_their_asking),
          ILV_TEST(many_that_wake_at_once_keep_their_order),
          ILV_TEST(one_that_is_cancelled_leaves_the_others_in_order),
          ILV_TEST(nobody_sleeps_less_than_asked),
          ILV_TEST(a_look_that_is_interrupted_is_done_again),
          ILV_TEST(a_look_that_fails_ends_the_run_which_can_go_on),
          ILV_TEST(gathered_outcomes_are_in_the_order_of_the_tasks),
          ILV_TEST(all_that_join_are_told_in_the_order_of_their_asking),
          ILV_TEST(joins_of_oneself_and_past_the_deadline_are_refused),
          ILV_TEST(tasks_that_join_each_other_are_a_deadlock),
          ILV_TEST(a_run_ends_at_its_deadline_and_goes_on_later),
          ILV_TEST(a_loop_is_not_run_from_within), ILV_TEST(another_threads_loop_is_refused),
          ILV_TEST(waits_outside_of_tasks_are_refused), ILV_TEST(senseless_arguments_are_refused),
          ILV_TEST(a_child_forked_in_a_task_has_a_loop_that_goes_on));
