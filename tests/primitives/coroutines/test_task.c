/* SPDX-License-Identifier: MIT */
/* What loop.h promises of descriptors, of cancelling, and of coroutines within tasks. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "steps.h"

/* Descriptors. */

static int ends[2];

static void make_pipe(void)
{
    ILV_CHECK_INT(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
}

static void end_pipe(void)
{
    close(ends[0]);
    close(ends[1]);
}

static int read_one(void *argument)
{
    char got = 0;
    int error = ilv_task_readable(ends[0], argument);
    if (error == 0 && read(ends[0], &got, 1) == 1)
        say(got);
    return error;
}

static int write_later(void *argument)
{
    ilv_task_pass();
    ilv_task_sleep(ILV_MILLISECOND);
    say('w');
    return write(ends[1], argument, 1) == 1 ? 0 : errno;
}

static char letter_r[] = "r";

static void a_reader_waits_for_the_writer(void)
{
    make_pipe();
    struct ilv_task *reader = task_of(read_one, NULL);
    struct ilv_task *writer = task_of(write_later, letter_r);
    run(0);
    ILV_CHECK_STR(said, "wr");
    end_task(reader, 0);
    end_task(writer, 0);
    end_loop();
    end_pipe();
}

static void nothing_to_read_until_the_deadline_is_told(void)
{
    make_pipe();
    struct timespec passed = long_ago;
    struct timespec soon = ilv_deadline_in(ILV_MILLISECOND);
    struct ilv_task *first = task_of(read_one, &passed);
    struct ilv_task *second = task_of(read_one, &soon);
    run(0);
    end_task(first, ETIMEDOUT);
    end_task(second, ETIMEDOUT);
    ILV_CHECK_INT((int)write(ends[1], "r", 1), 1);
    first = task_of(read_one, &passed); /* what is there is read though the time has passed */
    run(0);
    end_task(first, 0);
    ILV_CHECK_STR(said, "r");
    end_loop();
    end_pipe();
}

static int fill(void *argument)
{
    static const char block[4096];
    int *filled = argument;
    while (write(ends[1], block, sizeof block) > 0)
        continue;
    *filled = 1;
    return ilv_task_writable(ends[1], NULL);
}

static int drain(void *argument)
{
    char block[4096];
    int waited_for = *(int *)argument;
    while (read(ends[0], block, sizeof block) > 0)
        continue;
    return waited_for;
}

static void a_writer_waits_for_room(void)
{
    int filled = 0;
    make_pipe();
    struct ilv_task *writer = task_of(fill, &filled);
    struct ilv_task *reader = task_of(drain, &filled);
    run(0);
    end_task(writer, 0);
    end_task(reader, 1);
    end_loop();
    end_pipe();
}

static int close_writer(void *argument)
{
    (void)argument;
    ilv_task_sleep(ILV_MILLISECOND);
    return close(ends[1]);
}

static void the_end_of_a_file_can_be_read(void)
{
    make_pipe();
    struct ilv_task *reader = task_of(read_one, NULL);
    struct ilv_task *closer = task_of(close_writer, NULL);
    run(0);
    end_task(reader, 0);
    end_task(closer, 0);
    ILV_CHECK_STR(said, "");
    end_loop();
    close(ends[0]);
}

static int close_reader(void *argument)
{
    (void)argument;
    return close(ends[0]);
}

static int await_bad_ones(void *argument)
{
    (void)argument;
    if (ilv_task_readable(-1, NULL) != EBADF)
        return 1;
    return ilv_task_writable(ends[0], NULL);
}

static void a_descriptor_that_is_not_open_is_told(void)
{
    make_pipe();
    struct ilv_task *reader = task_of(read_one, NULL);
    struct ilv_task *closer = task_of(close_reader, NULL);
    struct ilv_task *later = task_of(await_bad_ones, NULL);
    run(0);
    end_task(reader, EBADF);
    end_task(closer, 0);
    end_task(later, EBADF);
    end_loop();
    close(ends[1]);
}

static int await_file(void *argument)
{
    return ilv_task_readable(*(int *)argument, NULL);
}

static void a_regular_file_is_ready(void)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct ilv_task *task = task_of(await_file, &fd);
    run(0);
    end_task(task, 0);
    end_loop();
    close(fd);
}

static int say_after_sleep(void *argument)
{
    struct timespec at = long_ago;
    int error = ilv_task_sleep_until(&at);
    say(*(const char *)argument);
    return error;
}

static void descriptors_come_before_times_and_in_the_order_of_asking(void)
{
    make_pipe();
    ILV_CHECK_INT((int)write(ends[1], "12", 2), 2);
    struct ilv_task *task[3] = {task_of(say_after_sleep, letter_r), task_of(read_one, NULL),
                                task_of(read_one, NULL)};
    run(0);
    ILV_CHECK_STR(said, "12r");
    for (int i = 0; i < 3; i++)
        end_task(task[i], 0);
    end_loop();
    end_pipe();
}

static int pass_until_said(void *argument)
{
    int turns = 0;
    while (said[0] == '\0' && turns++ < 1000)
        ilv_task_pass();
    return turns < *(int *)argument;
}

static void a_busy_task_does_not_keep_others_from_descriptors(void)
{
    int most = 10;
    make_pipe();
    ILV_CHECK_INT((int)write(ends[1], "1", 1), 1);
    struct ilv_task *busy = task_of(pass_until_said, &most);
    struct ilv_task *reader = task_of(read_one, NULL);
    run(0);
    end_task(busy, 1);
    end_task(reader, 0);
    end_loop();
    end_pipe();
}

/* Cancelling. */

static int note_refusals(void *argument)
{
    int *found = argument;
    struct timespec soon = ilv_deadline_in(ILV_SECOND);
    found[0] = ilv_task_sleep_until(NULL);
    found[1] = ilv_task_pass();
    found[2] = ilv_task_sleep(0);
    found[3] = ilv_task_readable(0, &soon);
    return 5;
}

static void cancelled_waits_are_refused_and_so_are_all_that_follow(void)
{
    int found[4] = {0};
    struct ilv_task *task = task_of(note_refusals, found);
    run(EDEADLK);
    ILV_CHECK_INT(ilv_task_cancel(task), 0);
    ILV_CHECK_INT(ilv_task_cancel(task), 0);
    ILV_CHECK(!ilv_task_ended(task));
    run(0);
    for (int i = 0; i < 4; i++)
        ILV_CHECK_INT(found[i], ECANCELED);
    ILV_CHECK_INT(ilv_task_cancel(task), EALREADY);
    end_task(task, 5);
    end_loop();
}

static int cancel_it(void *argument)
{
    return ilv_task_cancel(*(struct ilv_task **)argument);
}

static void one_that_is_cancelled_before_it_begins_never_runs(void)
{
    struct ilv_task *victim = NULL;
    struct ilv_task *task = task_of(cancel_it, &victim);
    victim = task_of(say_after_sleep, letter_r);
    run(0);
    ILV_CHECK_STR(said, "");
    end_task(task, 0);
    end_task(victim, ECANCELED);
    end_loop();
}

static int cancel_myself(void *argument)
{
    int error = ilv_task_cancel(ilv_task_current());
    *(int *)argument = ilv_task_pass();
    return error;
}

static void one_may_cancel_oneself(void)
{
    int found = 0;
    struct ilv_task *task = task_of(cancel_myself, &found);
    run(0);
    ILV_CHECK_INT(found, ECANCELED);
    end_task(task, 0);
    end_loop();
}

static int await_twice(void *argument)
{
    *(int *)argument = ilv_task_readable(ends[0], NULL);
    return ilv_task_readable(ends[0], NULL);
}

static int await_and_cancel(void *argument)
{
    int error = ilv_task_readable(ends[0], NULL);
    return error != 0 ? error : cancel_it(argument);
}

static void what_had_come_before_the_cancel_is_told(void)
{
    int first = -1;
    struct ilv_task *victim = NULL;
    make_pipe();
    ILV_CHECK_INT((int)write(ends[1], "1", 1), 1);
    struct ilv_task *task = task_of(await_and_cancel, &victim);
    victim = task_of(await_twice, &first);
    run(0);
    ILV_CHECK_INT(first, 0);
    end_task(task, 0);
    end_task(victim, ECANCELED);
    end_loop();
    end_pipe();
}

static int spawn_at_the_end(void *argument)
{
    ilv_task_sleep_until(NULL);
    *(int *)argument = ilv_loop_spawn(ilv_loop_current(), NULL, NULL, cancel_myself, argument);
    return 3;
}

static void freeing_a_loop_ends_its_tasks(void)
{
    int found = 0;
    struct ilv_task *asleep = task_of(spawn_at_the_end, &found);
    struct ilv_task *another = task_of(spawn_at_the_end, &found);
    run(EDEADLK);
    struct ilv_task *unbegun = task_of(say_after_sleep, letter_r);
    end_loop();
    ILV_CHECK_INT(found, ECANCELED);
    ILV_CHECK_STR(said, "");
    end_task(asleep, 3);
    end_task(another, 3);
    end_task(unbegun, ECANCELED);
}

/* Coroutines within tasks. */

static char letters[3] = {'a', 'b', 'c'};

/* Yields letters, and sleeps before each in the name of its task. */
static void *generate(void *argument, void *sent)
{
    (void)argument;
    for (int i = 0; i < 3; i++)
        if (ilv_task_sleep(ILV_MILLISECOND) != 0 || ilv_coroutine_yield(&letters[i], &sent) != 0)
            return sent;
    return NULL;
}

static struct ilv_coroutine *generator;

static int consume(void *argument)
{
    void *answer;
    (void)argument;
    if (ilv_coroutine_create(&generator, NULL, generate, NULL) != 0)
        return 1;
    while (ilv_coroutine_send(generator, NULL, &answer) == 0)
        say(*(char *)answer);
    return 0;
}

static int meddle(void *argument)
{
    int *found = argument;
    found[0] = ilv_coroutine_send(generator, NULL, NULL);
    found[1] = ilv_coroutine_close(generator);
    found[2] = (int)ilv_coroutine_state(generator);
    say('m');
    return 0;
}

static void a_generator_waits_in_the_name_of_its_task(void)
{
    int found[3] = {0};
    struct ilv_task *consumer = task_of(consume, NULL);
    struct ilv_task *meddler = task_of(meddle, found);
    run(0);
    ILV_CHECK_STR(said, "mabc");
    ILV_CHECK_INT(found[0], EBUSY);
    ILV_CHECK_INT(found[1], EBUSY);
    ILV_CHECK_INT(found[2], ILV_COROUTINE_WAITING);
    end_task(consumer, 0);
    end_task(meddler, 0);
    ILV_CHECK_INT(ilv_coroutine_free(generator), 0);
    end_loop();
}

static int give_myself(void *argument)
{
    *(struct ilv_coroutine **)argument = ilv_coroutine_current();
    return ilv_task_sleep_until(NULL);
}

static int resume_a_task(void *argument)
{
    struct ilv_coroutine *it = *(struct ilv_coroutine **)argument;
    if (ilv_coroutine_send(it, NULL, NULL) != EBUSY || ilv_coroutine_close(it) != EBUSY)
        return 1;
    if (ilv_coroutine_free(it) != EPERM)
        return 2;
    return ilv_coroutine_switch_to(it, NULL, NULL) == EBUSY ? 0 : 3;
}

static void only_the_loop_resumes_a_task(void)
{
    struct ilv_coroutine *it = NULL;
    struct ilv_task *task = task_of(give_myself, &it);
    struct ilv_task *meddler = task_of(resume_a_task, &it);
    run(EDEADLK);
    end_task(meddler, 0);
    end_loop();
    end_task(task, ECANCELED);
}

static int note_errno(void *argument)
{
    errno = *(int *)argument;
    ilv_task_sleep(ILV_MILLISECOND);
    return errno;
}

static void errno_is_each_tasks_own(void)
{
    int number[2] = {ENOENT, EDOM};
    errno = ERANGE;
    struct ilv_task *one = task_of(note_errno, &number[0]);
    struct ilv_task *two = task_of(note_errno, &number[1]);
    run(0);
    ILV_CHECK_INT(errno, ERANGE);
    end_task(one, ENOENT);
    end_task(two, EDOM);
    end_loop();
}

ILV_SUITE(task, ILV_TEST(a_reader_waits_for_the_writer),
          ILV_TEST(nothing_to_read_until_the_deadline_is_told), ILV_TEST(a_writer_waits_for_room),
          ILV_TEST(the_end_of_a_file_can_be_read), ILV_TEST(a_descriptor_that_is_not_open_is_told),
          ILV_TEST(a_regular_file_is_ready),
          ILV_TEST(descriptors_come_before_times_and_in_the_order_of_asking),
          ILV_TEST(a_busy_task_does_not_keep_others_from_descriptors),
          ILV_TEST(cancelled_waits_are_refused_and_so_are_all_that_follow),
          ILV_TEST(one_that_is_cancelled_before_it_begins_never_runs),
          ILV_TEST(one_may_cancel_oneself), ILV_TEST(what_had_come_before_the_cancel_is_told),
          ILV_TEST(freeing_a_loop_ends_its_tasks),
          ILV_TEST(a_generator_waits_in_the_name_of_its_task),
          ILV_TEST(only_the_loop_resumes_a_task), ILV_TEST(errno_is_each_tasks_own));
