/* SPDX-License-Identifier: MIT */
/* What an end of a pipe keeps: parts of messages, descriptors beside it; and several receivers. */
#include <ilv/pipe.h>
#include <ilv/process.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ilv_test.h"
#include "others.h"

enum { BIG = 1 << 20, SENDERS = 100, FEW = 40, MANY = 2000, FDS = 64 };

static const struct timespec past = {0, 0};
static const char big[BIG];

static struct ilv_pipe *near;
static struct ilv_pipe *far;

static void open_ends(enum ilv_pipe_kind kind)
{
    if (!ILV_CHECK_INT(ilv_pipe_open(&near, &far, kind), 0)) {
        exit(1);
    }
}

static void close_ends(void)
{
    ILV_CHECK_INT(ilv_pipe_close(near), 0);
    ILV_CHECK_INT(ilv_pipe_close(far), 0);
}

/* Bytes that are allocated; always the same where another allocator stands in for libc's. */
static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Memory. */

static int leave_a_part(void *unused)
{
    (void)unused;
    return ilv_pipe_try_send(far, big, sizeof big) == EAGAIN ? 0 : 1;
}

static void receive_a_part_of_the_dead(void)
{
    struct ilv_process *process = NULL;
    char byte;
    size_t length;
    int code = -1;
    ILV_CHECK_INT(ilv_process_run(&process, NULL, leave_a_part, NULL), 0);
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), 0);
    ILV_CHECK_INT(code, 0);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    ILV_CHECK_INT(ilv_pipe_try_receive(near, &byte, 1, &length), EAGAIN);
}

static void what_the_dead_left_in_parts_is_not_kept_for_ever(void)
{
    open_ends(ILV_PIPE_ONE_WAY);
    size_t before = allocated();
    for (int i = 0; i < SENDERS; i++) {
        receive_a_part_of_the_dead();
    }
    size_t after_all = allocated();
    ILV_CHECK(after_all <= before + (size_t)FEW * BIG);
    close_ends();
    ILV_CHECK(allocated() <= before);
}

/* Descriptors. */

static void fill(void)
{
    while (ilv_pipe_try_send(near, "s", 1) == 0) {
    }
}

static void empty(void)
{
    char byte;
    size_t length;
    while (ilv_pipe_try_receive(far, &byte, 1, &length) == 0) {
    }
}

static bool is_same_file(int one, int other)
{
    struct stat a;
    struct stat b;
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

static int files[2];

/* The descriptor went before its packet, for which there was no room. */
static void a_descriptor_is_found_behind_others_that_were_given_up(void)
{
    int got = -1;
    open_ends(ILV_PIPE_DESCRIPTORS);
    ILV_CHECK_INT(pipe(files), 0);
    fill();
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(ilv_pipe_send_descriptor(near, files[0], &past), ETIMEDOUT);
    }
    empty();
    ILV_CHECK_INT(ilv_pipe_send_descriptor(near, files[1], &past), 0);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(far, &got, &past), 0);
    ILV_CHECK(fcntl(got, F_GETFL) == fcntl(files[1], F_GETFL) && is_same_file(got, files[1]));
    ILV_CHECK_INT(close(got) + close(files[0]) + close(files[1]), 0);
    close_ends();
}

/* Takes away at most so many that wait beside the pipes; how many there were. */
static int take_strays(int most)
{
    int count = 0;
    char mark[64];
    struct stat stat;
    for (int fd = 0; fd < FDS; fd++) {
        while (count < most && fstat(fd, &stat) == 0 && S_ISSOCK(stat.st_mode) &&
               recv(fd, mark, sizeof mark, MSG_DONTWAIT) > 0) {
            count++;
        }
    }
    return count;
}

/* As many as there is room for, without their packets. */
static void leave_strays(void)
{
    fill();
    for (int i = 0; i < MANY; i++) {
        (void)ilv_pipe_send_descriptor(near, files[0], &past);
    }
    empty();
    ILV_CHECK_INT(ilv_pipe_send_descriptor(near, files[0], &past), ETIMEDOUT);
}

static int send_a_file(void)
{
    return ilv_pipe_send_descriptor(near, files[1], NULL);
}

static void a_descriptor_waits_for_room_beside_the_pipe(void)
{
    struct other other;
    int got = -1;
    open_ends(ILV_PIPE_DESCRIPTORS);
    ILV_CHECK_INT(pipe(files), 0);
    leave_strays();
    int strays = take_strays(MANY);
    leave_strays();
    begin_other(&other, send_a_file);
    await_asleep(&other);
    ILV_CHECK_INT(take_strays(strays), strays);
    ILV_CHECK_INT(ilv_pipe_receive_descriptor(far, &got, NULL), 0);
    ILV_CHECK(fcntl(got, F_GETFL) == fcntl(files[1], F_GETFL) && is_same_file(got, files[1]));
    ILV_CHECK_INT(end_other(&other), 0);
    ILV_CHECK_INT(close(got) + close(files[0]) + close(files[1]), 0);
    close_ends();
}

/* Several receive from one end. */

static int receive_new(void)
{
    void *data = NULL;
    size_t length = 0;
    int error = ilv_pipe_receive_new(far, &data, &length, &past);
    int first = error ? -error : *(char *)data;
    free(data);
    return first;
}

static int receive_descriptor(void)
{
    int got = -1;
    int error = ilv_pipe_receive_descriptor(far, &got, &past);
    return error ? error : close(got);
}

static void messages_may_be_received_by_several_threads(void)
{
    int ours = 0;
    open_ends(ILV_PIPE_DESCRIPTORS);
    ILV_CHECK_INT(ilv_pipe_send(near, "a", 1), 0);
    ILV_CHECK_INT(ilv_pipe_send(near, "b", 1), 0);
    ILV_CHECK_INT(after(receive_new, receive_new, &ours), 'a');
    ILV_CHECK_INT(ours, 'b');
    close_ends();
}

static void descriptors_may_be_received_by_several_threads(void)
{
    int ours = -1;
    open_ends(ILV_PIPE_DESCRIPTORS);
    ILV_CHECK_INT(ilv_pipe_send_descriptor(near, 0, &past), 0);
    ILV_CHECK_INT(ilv_pipe_send_descriptor(near, 0, &past), 0);
    ILV_CHECK_INT(after(receive_descriptor, receive_descriptor, &ours), 0);
    ILV_CHECK_INT(ours, 0);
    close_ends();
}

ILV_SUITE(pipe_kept, ILV_TEST(what_the_dead_left_in_parts_is_not_kept_for_ever),
          ILV_TEST(a_descriptor_is_found_behind_others_that_were_given_up),
          ILV_TEST(a_descriptor_waits_for_room_beside_the_pipe),
          ILV_TEST(messages_may_be_received_by_several_threads),
          ILV_TEST(descriptors_may_be_received_by_several_threads));
