/* SPDX-License-Identifier: MIT */
#include <ilv/pipe.h>
#include <ilv/process.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ilv_test.h"
#include "steps.h"

static const struct timespec past = {0, 0};

struct ends {
    struct ilv_pipe *near;
    struct ilv_pipe *far;
};

static struct ends open_ends(enum ilv_pipe_kind kind)
{
    struct ends ends = {NULL, NULL};
    if (!ILV_CHECK_INT(ilv_pipe_open(&ends.near, &ends.far, kind), 0)) {
        exit(1);
    }
    return ends;
}

static struct ilv_process *start(ilv_process_function *function, void *argument)
{
    struct ilv_process *process = NULL;
    if (ilv_process_run(&process, NULL, function, argument) != 0) {
        abort();
    }
    return process;
}

static int end_of(struct ilv_process *process)
{
    int code = 1000;
    ILV_CHECK_INT(ilv_process_join(process), 0);
    (void)ilv_process_exit_code(process, &code);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    return code;
}

static int close_ends(struct ends *ends)
{
    return ilv_pipe_close(ends->near) + ilv_pipe_close(ends->far);
}

static void fill(unsigned char *bytes, size_t length, unsigned seed)
{
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)(seed + i * 7 + i / 251);
    }
}

static bool is_filled(const unsigned char *bytes, size_t length, unsigned seed)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != (unsigned char)(seed + i * 7 + i / 251)) {
            return false;
        }
    }
    return true;
}

static const size_t sizes[] = {0, 1, 64, 4071, 4072, 4073, 4096, 8144, 100000, 1 << 20};
enum { SIZES = sizeof sizes / sizeof *sizes };

static int echo(void *argument)
{
    struct ends *ends = argument;
    (void)ilv_pipe_close(ends->near);
    for (;;) {
        void *data = NULL;
        size_t length = 0;
        int error = ilv_pipe_receive_new(ends->far, &data, &length, NULL);
        if (error) {
            return error == ENODATA ? 0 : 1;
        }
        error = ilv_pipe_send(ends->far, data, length);
        free(data);
        if (error) {
            return 2;
        }
    }
}

static void messages_of_any_size_come_back_whole(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    struct ilv_process *process = start(echo, &ends);
    unsigned char *sent = malloc(sizes[SIZES - 1]);
    unsigned char *got = malloc(sizes[SIZES - 1]);
    (void)ilv_pipe_close(ends.far);
    for (unsigned i = 0; i < SIZES; i++) {
        size_t length = 99;
        fill(sent, sizes[i], i);
        ILV_CHECK_INT(ilv_pipe_send(ends.near, sent, sizes[i]), 0);
        ILV_CHECK_INT(ilv_pipe_receive(ends.near, got, sizes[SIZES - 1], &length), 0);
        ILV_CHECK_U64(length, sizes[i]);
        ILV_CHECK(is_filled(got, length, i));
    }
    (void)ilv_pipe_close(ends.near);
    ILV_CHECK_INT(end_of(process), 0);
    free(sent);
    free(got);
}

static void a_one_way_pipe_goes_one_way(void)
{
    struct ends ends = open_ends(ILV_PIPE_ONE_WAY);
    char byte = 'a';
    size_t length = 0;
    ILV_CHECK_INT(ilv_pipe_send(ends.near, &byte, 1), EBADF);
    ILV_CHECK_INT(ilv_pipe_receive(ends.far, &byte, 1, &length), EBADF);
    ILV_CHECK_INT(ilv_pipe_poll(ends.far, &past), EBADF);
    ILV_CHECK_INT(ilv_pipe_descriptor(ends.far), -1);
    ILV_CHECK_INT(ilv_pipe_send(ends.far, "b", 1), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, &byte, 1, &length), 0);
    ILV_CHECK_INT(byte, 'b');
    ILV_CHECK_INT(close_ends(&ends), 0);
}

static void a_message_that_does_not_fit_stays(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    unsigned char bytes[6000];
    unsigned char got[6000];
    size_t length = 0;
    fill(bytes, sizeof bytes, 3);
    for (unsigned i = 0; i < 2; i++) {
        size_t whole = i ? 6000 : 100;
        ILV_CHECK_INT(ilv_pipe_send(ends.near, bytes, whole), 0);
        ILV_CHECK_INT(ilv_pipe_send(ends.near, "next", 4), 0);
        ILV_CHECK_INT(ilv_pipe_receive(ends.far, got, 50, &length), EMSGSIZE);
        ILV_CHECK_U64(length, whole);
        ILV_CHECK_INT(ilv_pipe_receive(ends.far, NULL, 0, &length), EMSGSIZE);
        ILV_CHECK_INT(ilv_pipe_poll(ends.far, &past), 0);
        ILV_CHECK_INT(ilv_pipe_receive(ends.far, got, whole, &length), 0);
        ILV_CHECK(length == whole && is_filled(got, length, 3));
        ILV_CHECK_INT(ilv_pipe_receive(ends.far, got, 4, &length), 0);
        ILV_CHECK(length == 4 && memcmp(got, "next", 4) == 0);
    }
    ILV_CHECK_INT(close_ends(&ends), 0);
}

static void timed_and_trying_forms_do_not_wait(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    char bytes[4000] = "";
    size_t length;
    void *data;
    int sent = 0;
    ILV_CHECK_INT(ilv_pipe_try_receive(ends.near, bytes, 1, &length), EAGAIN);
    ILV_CHECK_INT(ilv_pipe_receive_until(ends.near, bytes, 1, &length, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_receive_new(ends.near, &data, &length, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, &past), ETIMEDOUT);
    while (ilv_pipe_try_send(ends.far, bytes, sizeof bytes) == 0) {
        sent++;
    }
    ILV_CHECK(sent > 0);
    ILV_CHECK_INT(ilv_pipe_try_send(ends.far, bytes, 1), EAGAIN);
    ILV_CHECK_INT(ilv_pipe_send_until(ends.far, bytes, 1, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, &past), 0);
    while (ilv_pipe_try_receive(ends.near, bytes, sizeof bytes, &length) == 0) {
        sent--;
    }
    ILV_CHECK_INT(sent, 0);
    ILV_CHECK_INT(close_ends(&ends), 0);
}

static void a_message_that_was_given_up_is_not_received(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    char *big = calloc(1, 1 << 20);
    size_t length = 0;
    ILV_CHECK_INT(ilv_pipe_try_send(ends.far, big, 1 << 20), EAGAIN);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_try_send(ends.far, big, 1 << 20), EAGAIN);
    ILV_CHECK_INT(ilv_pipe_receive_until(ends.near, big, 1 << 20, &length, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_send(ends.far, "small", 5), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, big, 1 << 20, &length), 0);
    ILV_CHECK_U64(length, 5);
    ILV_CHECK(memcmp(big, "small", 5) == 0);
    ILV_CHECK_INT(close_ends(&ends), 0);
    free(big);
}

static void misuse_gives_an_error(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    const struct timespec senseless = {0, -1};
    size_t length;
    char byte;
    int descriptor;
    void *data;
    ILV_CHECK_INT(ilv_pipe_open(NULL, &ends.far, ILV_PIPE_DUPLEX), EINVAL);
    ILV_CHECK_INT(ilv_pipe_open(&ends.near, &ends.far, (enum ilv_pipe_kind)7), EINVAL);
    ILV_CHECK_INT(ilv_pipe_send(NULL, "a", 1), EINVAL);
    ILV_CHECK_INT(ilv_pipe_send(ends.near, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_pipe_send_until(ends.near, "a", 1, &senseless), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive(NULL, &byte, 1, &length), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, NULL, 1, &length), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, &byte, 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive_until(ends.near, &byte, 1, &length, &senseless), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive_new(ends.near, NULL, &length, &past), EINVAL);
    ILV_CHECK_INT(ilv_pipe_receive_new(ends.near, &data, NULL, &past), EINVAL);
    ILV_CHECK_INT(ilv_pipe_poll(NULL, &past), EINVAL);
    ILV_CHECK_INT(ilv_pipe_send_descriptor(ends.near, 0, NULL), ENOTSUP);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(ends.near, &descriptor, NULL), ENOTSUP);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(ends.near, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pipe_descriptor(NULL), -1);
    ILV_CHECK_INT(ilv_pipe_close(NULL), 0);
    ILV_CHECK_INT(close_ends(&ends), 0);
}

/* The other end goes. */

static void the_end_comes_after_what_was_sent(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    char bytes[8];
    size_t length;
    ILV_CHECK_INT(ilv_pipe_send(ends.far, "last", 4), 0);
    ILV_CHECK_INT(ilv_pipe_close(ends.far), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), 0);
    ILV_CHECK_U64(length, 4);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), ENODATA);
    ILV_CHECK_INT(ilv_pipe_try_receive(ends.near, bytes, 8, &length), ENODATA);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, NULL), ENODATA);
    ILV_CHECK_INT(ilv_pipe_send(ends.near, "a", 1), EPIPE);
    ILV_CHECK_INT(ilv_pipe_try_send(ends.near, "a", 1), EPIPE);
    ILV_CHECK_INT(ilv_pipe_close(ends.near), 0);
}

static int die_in_the_midst(void *argument)
{
    static const char big[1 << 20];
    struct ends *ends = argument;
    (void)ilv_pipe_close(ends->near);
    (void)ilv_pipe_send(ends->far, "whole", 5);
    return ilv_pipe_send(ends->far, big, sizeof big);
}

static void a_sender_killed_in_the_midst_of_a_message_delays_nobody(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    struct ilv_process *process = start(die_in_the_midst, &ends);
    char bytes[8];
    size_t length = 0;
    await_sleeping(ilv_process_pid(process));
    ILV_CHECK_INT(ilv_process_kill(process), 0);
    ILV_CHECK_INT(end_of(process), -SIGKILL);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), 0);
    ILV_CHECK_U64(length, 5);
    ILV_CHECK_INT(ilv_pipe_receive_until(ends.near, bytes, 8, &length, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pipe_send(ends.far, "other", 5), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), 0);
    ILV_CHECK(memcmp(bytes, "other", 5) == 0);
    ILV_CHECK_INT(ilv_pipe_close(ends.far), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), ENODATA);
    ILV_CHECK_INT(ilv_pipe_close(ends.near), 0);
}

/* Gives up in the midst of a message, part of which stays in the pipe. */
static int leave_a_part(void *argument)
{
    static const char big[1 << 20];
    struct ends *ends = argument;
    return ilv_pipe_try_send(ends->far, big, sizeof big) == EAGAIN ? 0 : 1;
}

static int send_of_three_packets(void *argument)
{
    static const char bytes[9000];
    struct ends *ends = argument;
    return ilv_pipe_send(ends->far, bytes, sizeof bytes);
}

/* Fills the pipe but for one packet; gives how many messages that took. */
static unsigned fill_but_for_one(struct ends *ends)
{
    unsigned count = 0;
    char byte;
    size_t length = 0;
    while (ilv_pipe_try_send(ends->far, "s", 1) == 0) {
        count++;
    }
    ILV_CHECK_INT(ilv_pipe_receive(ends->near, &byte, 1, &length), 0);
    return count - 1;
}

static void receive_small(struct ends *ends, unsigned count)
{
    char byte;
    size_t length = 0;
    for (unsigned i = 0; i < count; i++) {
        ILV_CHECK_INT(ilv_pipe_receive(ends->near, &byte, 1, &length), 0);
    }
}

static void receive_nothing(struct ends *ends)
{
    char bytes[1];
    size_t length;
    ILV_CHECK_INT(ilv_pipe_try_receive(ends->near, bytes, 1, &length), EAGAIN);
}

/* The first packet of a message is received, then others begin, then the sender ends and the rest
 * of the message comes: that the sender is dead and the parts are many does not make it an
 * orphan. */
static void receive_from_the_dead_among(unsigned parts)
{
    struct ends ends = open_ends(ILV_PIPE_ONE_WAY);
    char bytes[9000];
    size_t length = 0;
    for (unsigned i = 0; i < parts; i++) {
        ILV_CHECK_INT(end_of(start(leave_a_part, &ends)), 0);
        receive_nothing(&ends);
    }
    unsigned small = fill_but_for_one(&ends);
    struct ilv_process *sender = start(send_of_three_packets, &ends);
    await_sleeping(ilv_process_pid(sender));
    ILV_CHECK_INT(ilv_process_signal(sender, SIGSTOP), 0);
    receive_small(&ends, small);
    receive_nothing(&ends);
    small = fill_but_for_one(&ends);
    ILV_CHECK_INT(end_of(start(leave_a_part, &ends)), 0);
    receive_small(&ends, small);
    ILV_CHECK_INT(ilv_process_signal(sender, SIGCONT), 0);
    ILV_CHECK_INT(end_of(sender), 0);
    ILV_CHECK_INT(ilv_pipe_receive_until(ends.near, bytes, sizeof bytes, &length, &past), 0);
    ILV_CHECK_U64(length, sizeof bytes);
    ILV_CHECK_INT(close_ends(&ends), 0);
}

static void a_message_is_received_though_its_sender_died_behind_it(void)
{
    for (unsigned parts = 13; parts < 19; parts++) {
        receive_from_the_dead_among(parts);
    }
}

static int wait_for_a_message(void *argument)
{
    struct ends *ends = argument;
    char byte;
    size_t length;
    (void)ilv_pipe_close(ends->far);
    return ilv_pipe_receive(ends->near, &byte, 1, &length);
}

static void who_waits_sees_the_end_when_the_other_dies(void)
{
    struct ends ends = open_ends(ILV_PIPE_DUPLEX);
    struct ilv_process *waiting = start(wait_for_a_message, &ends);
    struct ilv_process *silent = start(echo, &ends);
    ILV_CHECK_INT(close_ends(&ends), 0);
    await_sleeping(ilv_process_pid(waiting));
    ILV_CHECK_INT(ilv_process_kill(silent), 0);
    ILV_CHECK_INT(end_of(silent), -SIGKILL);
    ILV_CHECK_INT(end_of(waiting), ENODATA);
}

static struct ends step_ends;
static unsigned char step_bytes[10000];

static void send_one(void *unused)
{
    (void)unused;
    (void)ilv_pipe_send(step_ends.far, step_bytes, sizeof step_bytes);
}

static void a_message_is_there_or_is_not_wherever_its_sender_is_killed(void)
{
    static unsigned char got[sizeof step_bytes];
    step_ends = open_ends(ILV_PIPE_ONE_WAY);
    fill(step_bytes, sizeof step_bytes, 1);
    unsigned long steps = count_steps(send_one, NULL);
    unsigned whole = 0;
    unsigned none = 0;
    size_t length = 0;
    ILV_CHECK_INT(ilv_pipe_receive(step_ends.near, got, sizeof got, &length), 0);
    for (unsigned long k = 0, stride = stride_of(steps, 300); k <= steps + stride; k += stride) {
        (void)kill_after(k, send_one, NULL);
        ILV_CHECK_INT(ilv_pipe_send(step_ends.far, "mark", 4), 0);
        int error = ilv_pipe_receive(step_ends.near, got, sizeof got, &length);
        if (error == 0 && length == sizeof got) {
            ILV_CHECK(is_filled(got, sizeof got, 1));
            error = ilv_pipe_receive(step_ends.near, got, sizeof got, &length);
            whole++;
        } else {
            none++;
        }
        ILV_CHECK_INT(error, 0);
        ILV_CHECK_U64(length, 4);
    }
    ILV_CHECK(whole > 0 && none > 0);
    ILV_CHECK_INT(close_ends(&step_ends), 0);
}

/* Several senders. */

enum { SENDERS = 3, EACH = 40 };

static struct ilv_pipe *shared_end;

static void *send_many(void *which)
{
    unsigned seed = *(unsigned *)which;
    unsigned char bytes[9000];
    for (unsigned i = 0; i < EACH; i++) {
        size_t length = i % 2 ? 5 : sizeof bytes;
        fill(bytes, length, seed * 64 + i);
        bytes[0] = (unsigned char)seed;
        bytes[1] = (unsigned char)i;
        if (ilv_pipe_send(shared_end, bytes, length) != 0) {
            return which;
        }
    }
    return NULL;
}

static void messages_of_several_threads_do_not_mix(void)
{
    struct ends ends = open_ends(ILV_PIPE_ONE_WAY);
    pthread_t threads[SENDERS];
    unsigned seeds[SENDERS] = {0, 1, 2};
    unsigned next[SENDERS] = {0};
    static unsigned char bytes[9000];
    shared_end = ends.far;
    for (int i = 0; i < SENDERS; i++) {
        ILV_CHECK_INT(pthread_create(&threads[i], NULL, send_many, &seeds[i]), 0);
    }
    for (int i = 0; i < SENDERS * EACH; i++) {
        size_t length = 0;
        ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, sizeof bytes, &length), 0);
        unsigned sender = bytes[0] % SENDERS;
        unsigned seed = sender * 64 + bytes[1];
        ILV_CHECK_INT(bytes[1], next[sender]++);
        bytes[0] = (unsigned char)seed;
        bytes[1] = (unsigned char)(seed + 7);
        ILV_CHECK(is_filled(bytes, length, seed));
    }
    for (int i = 0; i < SENDERS; i++) {
        void *failed = &ends;
        ILV_CHECK_INT(pthread_join(threads[i], &failed), 0);
        ILV_CHECK(failed == NULL);
    }
    ILV_CHECK_INT(close_ends(&ends), 0);
}

/* Descriptors. */

static int send_files(void *argument)
{
    struct ends *ends = argument;
    int files[2];
    (void)ilv_pipe_close(ends->near);
    if (pipe2(files, O_CLOEXEC) != 0 || write(files[1], "through", 7) != 7) {
        return 1;
    }
    return ilv_pipe_send(ends->far, "before", 6) +
           ilv_pipe_send_descriptor(ends->far, files[0], NULL) +
           ilv_pipe_send(ends->far, "after", 5);
}

static void descriptors_come_in_their_place(void)
{
    struct ends ends = open_ends(ILV_PIPE_DESCRIPTORS);
    struct ilv_process *process = start(send_files, &ends);
    char bytes[8] = "";
    size_t length = 0;
    int file = -1;
    (void)ilv_pipe_close(ends.far);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(ends.near, &file, NULL), EPROTO);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), EPROTO);
    ILV_CHECK_INT(ilv_pipe_poll(ends.near, NULL), 0);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(ends.near, &file, NULL), 0);
    ILV_CHECK_INT(fcntl(file, F_GETFD), FD_CLOEXEC);
    ILV_CHECK_INT(read(file, bytes, 8), 7);
    ILV_CHECK(memcmp(bytes, "through", 7) == 0);
    ILV_CHECK_INT(ilv_pipe_receive(ends.near, bytes, 8, &length), 0);
    ILV_CHECK_U64(length, 5);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(ends.near, &file, NULL), ENODATA);
    ILV_CHECK_INT(end_of(process), 0);
    (void)close(file);
    (void)ilv_pipe_close(ends.near);
}

static void many_descriptors_may_be_under_way(void)
{
    struct ends ends = open_ends(ILV_PIPE_DESCRIPTORS);
    enum { MANY = 30 };
    int sent = 0;
    int got = 0;
    int file;
    while (sent < MANY && ilv_pipe_send_descriptor(ends.near, 0, &past) == 0) {
        sent++;
    }
    ILV_CHECK(sent > 0);
    ILV_CHECK_INT(ilv_pipe_send_descriptor(ends.far, 1000, &past), EBADF);
    while (ilv_pipe_receive_descriptor(ends.far, &file, &past) == 0) {
        got++;
        (void)close(file);
    }
    ILV_CHECK_INT(got, sent);
    ILV_CHECK_INT(close_ends(&ends), 0);
}

static void a_pipe_that_is_opened_and_closed_leaves_no_descriptor(void)
{
    int before = fcntl(0, F_DUPFD, 0);
    (void)close(before);
    for (int i = 0; i < 3; i++) {
        struct ends ends = open_ends((enum ilv_pipe_kind)i);
        (void)ilv_pipe_send_descriptor(ends.far, 0, &past);
        ILV_CHECK_INT(close_ends(&ends), 0);
    }
    int after = fcntl(0, F_DUPFD, 0);
    ILV_CHECK_INT(after, before);
}

ILV_SUITE(pipe, ILV_TEST(messages_of_any_size_come_back_whole),
          ILV_TEST(a_one_way_pipe_goes_one_way), ILV_TEST(a_message_that_does_not_fit_stays),
          ILV_TEST(timed_and_trying_forms_do_not_wait),
          ILV_TEST(a_message_that_was_given_up_is_not_received), ILV_TEST(misuse_gives_an_error),
          ILV_TEST(the_end_comes_after_what_was_sent),
          ILV_TEST(a_sender_killed_in_the_midst_of_a_message_delays_nobody),
          ILV_TEST(a_message_is_received_though_its_sender_died_behind_it),
          ILV_TEST(who_waits_sees_the_end_when_the_other_dies),
          ILV_TEST(a_message_is_there_or_is_not_wherever_its_sender_is_killed),
          ILV_TEST(messages_of_several_threads_do_not_mix),
          ILV_TEST(descriptors_come_in_their_place), ILV_TEST(many_descriptors_may_be_under_way),
          ILV_TEST(a_pipe_that_is_opened_and_closed_leaves_no_descriptor));
