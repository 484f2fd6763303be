/* SPDX-License-Identifier: MIT */
/* What thread.h promises. */
#include <errno.h>
#include <ilv/event.h>
#include <ilv/thread.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"
#include "sanitizers.h"

static struct ilv_event may_go;
static struct ilv_event is_there;
static uint32_t counter;

static int give_seven(void *argument)
{
    (void)argument;
    return 7;
}

static int stay(void *argument)
{
    (void)argument;
    ilv_event_set(&is_there);
    return ilv_event_wait(&may_go);
}

static struct ilv_thread *one_that_stays(const struct ilv_thread_options *options)
{
    struct ilv_thread *thread = NULL;
    ILV_CHECK_INT(ilv_thread_run(&thread, options, stay, NULL), 0);
    ilv_event_wait(&is_there);
    return thread;
}

static void let_go(struct ilv_thread *thread)
{
    ilv_event_set(&may_go);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void its_life_goes_in_order(void)
{
    struct ilv_thread *thread = NULL;
    int code = 0;
    ILV_CHECK_INT(ilv_thread_create(&thread, NULL, give_seven, NULL), 0);
    ILV_CHECK(!ilv_thread_alive(thread));
    ILV_CHECK_INT(ilv_thread_ident(thread), 0);
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), ESRCH);
    ILV_CHECK_INT(ilv_thread_start(thread), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK(!ilv_thread_alive(thread));
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), 0);
    ILV_CHECK_INT(code, 7);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void one_that_runs_is_alive_and_busy(void)
{
    struct ilv_thread *thread = one_that_stays(NULL);
    int code = 0;
    ILV_CHECK(ilv_thread_alive(thread));
    ILV_CHECK_INT(ilv_thread_try_join(thread), EBUSY);
    ILV_CHECK_INT(ilv_thread_join_until(thread, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), EBUSY);
    ILV_CHECK_INT(ilv_thread_free(thread), EBUSY);
    ILV_CHECK(ilv_thread_ident(thread) != 0 && ilv_thread_ident(thread) != gettid());
    let_go(thread);
}

static void start_twice_is_refused(void)
{
    struct ilv_thread *thread = one_that_stays(NULL);
    ILV_CHECK_INT(ilv_thread_start(thread), EALREADY);
    ilv_event_set(&may_go);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_start(thread), EALREADY);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void join_before_start_is_refused(void)
{
    struct ilv_thread *thread = NULL;
    ILV_CHECK_INT(ilv_thread_create(&thread, NULL, give_seven, NULL), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), ESRCH);
    ILV_CHECK_INT(ilv_thread_try_join(thread), ESRCH);
    ILV_CHECK_INT(ilv_thread_join_until(thread, &long_ago), ESRCH);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static int join_myself(void *argument)
{
    (void)argument;
    return ilv_thread_join(ilv_thread_current());
}

static void join_of_oneself_is_refused(void)
{
    struct ilv_thread *thread = NULL;
    int code = 0;
    ILV_CHECK_INT(ilv_thread_run(&thread, NULL, join_myself, NULL), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), 0);
    ILV_CHECK_INT(code, EDEADLK);
    ILV_CHECK_INT(ilv_thread_join(ilv_thread_current()), EDEADLK);
    ILV_CHECK_INT(ilv_thread_free(ilv_thread_current()), EINVAL);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void deadlines_that_cannot_be_are_refused(void)
{
    struct ilv_thread *thread = one_that_stays(NULL);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_thread_join_until(thread, &impossible[i]), EINVAL);
    ilv_event_set(&may_go);
    ILV_CHECK_INT(ilv_thread_join_until(thread, &far_away), 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void senseless_arguments_are_refused(void)
{
    struct ilv_thread *thread = NULL;
    struct ilv_thread_options small = {.stack_size = 1};
    char name[65];
    memset(name, 'n', 64);
    name[64] = '\0';
    struct ilv_thread_options long_name = {.name = name};
    ILV_CHECK_INT(ilv_thread_create(NULL, NULL, give_seven, NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_create(&thread, NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_create(&thread, &small, give_seven, NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_run(&thread, &long_name, give_seven, NULL), ENAMETOOLONG);
    ILV_CHECK(thread == NULL);
    ILV_CHECK_INT(ilv_thread_start(NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_join(NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_exit_code(NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_thread_free(NULL), 0);
    ILV_CHECK(!ilv_thread_alive(NULL));
}

static int name_of_mine(void *argument)
{
    char shown[16] = "";
    pthread_getname_np(pthread_self(), shown, sizeof shown);
    return strcmp(shown, argument) == 0 && ilv_thread_ident(ilv_thread_current()) == gettid();
}

static void names_are_given_or_counted(void)
{
    struct ilv_thread *named = NULL;
    struct ilv_thread *counted = NULL;
    char given[] = "a name of more than fifteen letters";
    char first_fifteen[] = "a name of more ";
    struct ilv_thread_options options = {.name = given, .stack_size = 1 << 20};
    int code = 0;
    ILV_CHECK_INT(ilv_thread_run(&named, &options, name_of_mine, first_fifteen), 0);
    memset(given, 'x', sizeof given - 1);
    ILV_CHECK_STR(ilv_thread_name(named), "a name of more than fifteen letters");
    ILV_CHECK_INT(ilv_thread_create(&counted, NULL, give_seven, NULL), 0);
    ILV_CHECK_STR(ilv_thread_name(counted), "Thread-2");
    ILV_CHECK_INT(ilv_thread_join(named), 0);
    ILV_CHECK_INT(ilv_thread_exit_code(named, &code), 0);
    ILV_CHECK_INT(code, 1);
    ILV_CHECK_INT(ilv_thread_free(named), 0);
    ILV_CHECK_INT(ilv_thread_free(counted), 0);
}

static int give_current(void *argument)
{
    *(struct ilv_thread **)argument = ilv_thread_current();
    return 0;
}

static void *foreign(void *argument)
{
    give_current(argument);
    return NULL;
}

static void everybody_knows_itself(void)
{
    struct ilv_thread *thread = NULL;
    struct ilv_thread *seen = NULL;
    pthread_t other;
    ILV_CHECK_STR(ilv_thread_name(ilv_thread_current()), "MainThread");
    ILV_CHECK_INT(ilv_thread_ident(ilv_thread_current()), getpid());
    ILV_CHECK_INT(ilv_thread_run(&thread, NULL, give_current, &seen), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK(seen == thread);
    ILV_CHECK_INT(pthread_create(&other, NULL, foreign, &seen), 0);
    ILV_CHECK_INT(pthread_join(other, NULL), 0);
    ILV_CHECK(seen == NULL);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void those_alive_are_listed_in_order(void)
{
    struct ilv_thread *threads[3];
    struct ilv_thread *found[4] = {NULL, NULL, NULL, NULL};
    ILV_CHECK_INT((int)ilv_thread_count(), 1);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_thread_run(&threads[i], NULL, stay, NULL), 0);
    ILV_CHECK_INT((int)ilv_thread_enumerate(found, 4), 4);
    ILV_CHECK(found[0] == ilv_thread_current() && found[1] == threads[0]);
    ILV_CHECK(found[2] == threads[1] && found[3] == threads[2]);
    found[2] = NULL;
    ILV_CHECK_INT((int)ilv_thread_enumerate(found, 2), 4);
    ILV_CHECK(found[2] == NULL);
    for (int i = 0; i < 3; i++)
        let_go(threads[i]);
    ILV_CHECK_INT((int)ilv_thread_count(), 1);
}

static int join_it(void *argument)
{
    return ilv_thread_join(argument);
}

static void several_may_join_one(void)
{
    struct ilv_thread *thread = one_that_stays(NULL);
    struct actor one = start(join_it, thread);
    struct actor two = start(join_it, thread);
    await_sleep(&one);
    await_sleep(&two);
    ilv_event_set(&may_go);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static int leave_early(void *argument)
{
    (void)argument;
    pthread_exit(NULL);
}

static void one_that_leaves_by_pthread_exit_has_ended(void)
{
    struct ilv_thread *thread = NULL;
    int code = 1;
    ILV_CHECK_INT(ilv_thread_run(&thread, NULL, leave_early, NULL), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), 0);
    ILV_CHECK_INT(code, 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

/* Ends well after the exit of main has begun: the handler lets it go. */
static int write_at_the_end(void *argument)
{
    ilv_event_wait(&may_go);
    tell(argument, 1);
    return 0;
}

static void let_them_go(void)
{
    ilv_event_set(&may_go);
}

/* How a program ends that leaves main with such a thread still there. */
static int end_with(bool daemon, int (*function)(void *argument), uint32_t *word)
{
    struct ilv_thread_options options = {.daemon = daemon};
    struct ilv_thread *thread = NULL;
    int ended = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (ilv_thread_run(&thread, &options, function, word) != 0)
            _exit(9);
        if (!daemon)
            atexit(let_them_go);
        exit(0);
    }
    ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
    return ended;
}

static void exit_waits_for_a_thread_that_is_no_daemon(void)
{
    uint32_t *word =
        mmap(NULL, sizeof *word, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ILV_CHECK(word != MAP_FAILED);
    ILV_CHECK_INT(end_with(false, write_at_the_end, word), 0);
    ILV_CHECK_INT(told(word), 1);
}

static void a_daemon_does_not_hold_up_exit(void)
{
    ILV_CHECK_INT(end_with(true, stay, NULL), 0);
}

/* Two daemons, and two that are none, of which one ends after the other; nobody frees them. */
static struct ilv_thread *left[4];

static int write_after_the_first(void *word)
{
    int error = ilv_thread_join(left[2]);
    for (int i = 0; i < 1000; i++)
        sched_yield();
    tell(word, 1);
    return error;
}

static int stay_for_ever(void *argument)
{
    while (argument == NULL)
        pause();
    return 0;
}

static void leave_all_behind(uint32_t *words)
{
    const struct ilv_thread_options daemon = {.daemon = true};
    int error = 0;
    for (int i = 0; i < 2 && error == 0; i++)
        error = ilv_thread_run(&left[i], &daemon, stay_for_ever, NULL);
    if (error == 0)
        error = ilv_thread_run(&left[2], NULL, write_at_the_end, &words[0]);
    if (error == 0)
        error = ilv_thread_run(&left[3], NULL, write_after_the_first, &words[1]);
    atexit(let_them_go);
    exit(error == 0 ? 0 : 9);
}

static uint32_t freed;

/* Nothing orders what it did before the exit but the library's own lock. */
static void *free_one(void *thread)
{
    int error = ilv_thread_free(thread);
    relaxed_word(&freed, sizeof freed);
    __atomic_store_n(&freed, error == 0 ? 1 : 2, __ATOMIC_RELAXED);
    for (;;)
        pause();
    return NULL;
}

static void a_handle_may_be_freed_by_another_thread_while_exit_begins(void)
{
    int status = -1;
    uint32_t result;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        pthread_t other;
        struct ilv_thread *thread = NULL;
        if (ilv_thread_create(&thread, NULL, give_seven, NULL) != 0 ||
            ilv_thread_start(thread) != 0 || ilv_thread_join(thread) != 0 ||
            pthread_create(&other, NULL, free_one, thread) != 0)
            _exit(9);
        pthread_detach(other);
        relaxed_word(&freed, sizeof freed);
        while ((result = __atomic_load_n(&freed, __ATOMIC_RELAXED)) == 0)
            sched_yield();
        exit(result == 1 ? 0 : 9);
    }
    ILV_CHECK_INT(waitpid(child, &status, 0), child);
    ILV_CHECK_INT(status, 0);
}

static void exit_waits_for_all_that_are_no_daemons(void)
{
    uint32_t *words =
        mmap(NULL, 2 * sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int ended = -1;
    ILV_CHECK(words != MAP_FAILED);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        leave_all_behind(words);
    ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
    ILV_CHECK_INT(ended, 0);
    ILV_CHECK_INT(told(&words[0]), 1);
    ILV_CHECK_INT(told(&words[1]), 1);
}

/* Looks at threads in children forked while others come and go; the handles are their parent's. */

static int come_and_go(void *argument)
{
    struct ilv_thread *thread = NULL;
    int error = 0;
    while (error == 0 && told(argument) == 0) {
        error = ilv_thread_run(&thread, NULL, give_seven, NULL);
        if (error == 0)
            error = ilv_thread_join(thread) + ilv_thread_free(thread);
    }
    return error;
}

static void children_find_the_registry_free(void)
{
    static uint32_t stop;
    struct ilv_thread *thread = NULL;
    ILV_CHECK_INT(ilv_thread_run(&thread, NULL, come_and_go, &stop), 0);
    for (int i = 0; i < 100; i++) {
        int ended = -1;
        pid_t pid = fork();
        if (pid == 0)
            _exit(ilv_thread_count() == 1 ? 0 : 9);
        ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
        ILV_CHECK_INT(ended, 0);
    }
    tell(&stop, 1);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static void a_child_does_not_wait_for_a_thread_to_begin(void)
{
    for (int i = 0; i < 50; i++) {
        struct ilv_thread *thread = NULL;
        int ended = -1;
        ILV_CHECK_INT(ilv_thread_run(&thread, NULL, give_seven, NULL), 0);
        pid_t pid = fork();
        if (pid == 0)
            _exit(ilv_thread_ident(thread) == getpid() ? 9 : 0);
        ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
        ILV_CHECK_INT(ended, 0);
        ILV_CHECK_INT(ilv_thread_join(thread), 0);
        ILV_CHECK_INT(ilv_thread_free(thread), 0);
    }
}

static int in_child(void)
{
    struct ilv_thread *thread = NULL;
    if (ilv_thread_count() != 1 || ilv_thread_current() == NULL)
        return 1;
    if (ilv_thread_run(&thread, NULL, give_seven, NULL) != 0 || ilv_thread_join(thread) != 0)
        return 2;
    return ilv_thread_free(thread);
}

static void a_forked_child_has_one_thread_and_dead_handles(void)
{
    struct ilv_thread *thread = one_that_stays(NULL);
    int ended = -1;
    pid_t pid = fork();
    if (pid == 0) {
        bool wrong = ilv_thread_alive(thread) || ilv_thread_join(thread) != 0;
        _exit(wrong || ilv_thread_free(thread) != 0 ? 9 : in_child());
    }
    ILV_CHECK_INT(waitpid(pid, &ended, 0), pid);
    ILV_CHECK_INT(ended, 0);
    ILV_CHECK(ilv_thread_alive(thread));
    let_go(thread);
}

static int fork_and_look(void *argument)
{
    struct ilv_thread *found[2] = {NULL, NULL};
    int ended = -1;
    (void)argument;
    pid_t pid = fork();
    if (pid == 0) {
        bool alone = ilv_thread_enumerate(found, 2) == 1 && found[0] == ilv_thread_current();
        _exit(alone && ilv_thread_alive(ilv_thread_current()) ? 0 : 9);
    }
    return waitpid(pid, &ended, 0) == pid ? ended : 1;
}

static void a_thread_that_forks_is_the_one_of_the_child(void)
{
    struct ilv_thread *thread = NULL;
    int code = 1;
    ILV_CHECK_INT(ilv_thread_run(&thread, NULL, fork_and_look, NULL), 0);
    ILV_CHECK_INT(ilv_thread_join(thread), 0);
    ILV_CHECK_INT(ilv_thread_exit_code(thread, &code), 0);
    ILV_CHECK_INT(code, 0);
    ILV_CHECK_INT(ilv_thread_free(thread), 0);
}

static int add_one(void *argument)
{
    uint32_t *number = argument;
    return (int)__atomic_fetch_add(number, 1, __ATOMIC_RELAXED) * 0;
}

static void many_come_and_go(void)
{
    for (int round = 0; round < 20; round++) {
        struct ilv_thread *threads[8];
        for (int i = 0; i < 8; i++)
            ILV_CHECK_INT(ilv_thread_run(&threads[i], NULL, add_one, &counter), 0);
        for (int i = 0; i < 8; i++)
            ILV_CHECK_INT(ilv_thread_free(threads[i]) == EBUSY
                              ? ilv_thread_join(threads[i]) + ilv_thread_free(threads[i])
                              : 0,
                          0);
    }
    ILV_CHECK_INT(counter, 160);
    ILV_CHECK_INT((int)ilv_thread_count(), 1);
}

ILV_SUITE(thread, ILV_TEST(its_life_goes_in_order), ILV_TEST(one_that_runs_is_alive_and_busy),
          ILV_TEST(start_twice_is_refused), ILV_TEST(join_before_start_is_refused),
          ILV_TEST(join_of_oneself_is_refused), ILV_TEST(deadlines_that_cannot_be_are_refused),
          ILV_TEST(senseless_arguments_are_refused), ILV_TEST(names_are_given_or_counted),
          ILV_TEST(everybody_knows_itself), ILV_TEST(those_alive_are_listed_in_order),
          ILV_TEST(several_may_join_one), ILV_TEST(one_that_leaves_by_pthread_exit_has_ended),
          ILV_TEST(exit_waits_for_a_thread_that_is_no_daemon),
          ILV_TEST(a_daemon_does_not_hold_up_exit),
          ILV_TEST(a_handle_may_be_freed_by_another_thread_while_exit_begins),
          ILV_TEST(exit_waits_for_all_that_are_no_daemons),
          ILV_TEST(children_find_the_registry_free),
          ILV_TEST(a_child_does_not_wait_for_a_thread_to_begin),
          ILV_TEST(a_forked_child_has_one_thread_and_dead_handles),
          ILV_TEST(a_thread_that_forks_is_the_one_of_the_child), ILV_TEST(many_come_and_go));
