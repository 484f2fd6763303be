/* SPDX-License-Identifier: MIT */
/*
 * epoll.c: epoll sets. The kernel keeps the set and knows level and edge; whether events are
 * there is asked by polling the set itself, which takes none away. A wait is on whatever the set
 * holds, now and later: its operation names no channel, which stands for all.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "objects/channel.h"
#include "objects/clock.h"
#include "objects/poll.h"

enum { SET };

static uint32_t watched_outside; /* descriptors outside in any set */

long ilv__sys_epoll_create1(const long *a)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_OPEN, ilv__descriptor_object(ILV_CLASS_CHANNEL));
    ilv__point(&op, NULL);
    long fd = ilv__syscall_raw(SYS_epoll_create1, a[0], 0, 0, 0, 0, 0);
    if (fd >= 0)
        ilv__descriptor_set((int)fd, ILV_FD_CHANNEL, ILV_FD_EPOLL, op.object);
    ilv__done(fd < 0 ? (int)-fd : 0, 0);
    return fd;
}

long ilv__sys_epoll_ctl(const long *a)
{
    int fd = (int)a[2];
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CONTROL, ilv__descriptor_object_of((int)a[0]));
    op.value = (uint64_t)a[1];
    ilv__point(&op, NULL);
    if (ilv__descriptor_hidden(fd))
        return ilv__channel_done(-EBADF);
    long result = ilv__syscall_raw(SYS_epoll_ctl, a[0], a[1], fd, a[3], 0, 0);
    if (result == 0 && a[1] == EPOLL_CTL_ADD && ilv__descriptor(fd)->kind == ILV_FD_OUTSIDE)
        watched_outside++;
    return ilv__channel_done(result);
}

static bool epoll_ready(const struct task *t)
{
    struct pollfd look = {.fd = (int)t->scratch[SET], .events = POLLIN};
    return ilv__syscall_raw(SYS_poll, (long)&look, 1, 0, 0, 0, 0) != 0;
}

static long do_wait(const long *a, uint64_t deadline, bool at_once)
{
    struct task *t = ilv__self;
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_POLL, 0);
    op.deadline = at_once ? 0 : deadline;
    op.flags = op.deadline != 0 ? ILV_TIMED : 0;
    t->scratch[SET] = (uint64_t)a[0];
    t->scratch[ILV_WAIT_OUTSIDE] = watched_outside;
    t->interruptible = ILV_ALWAYS;
    enum outcome outcome = ilv__point(&op, at_once ? NULL : epoll_ready);
    long result = -EINTR;
    if (outcome != ILV_INTERRUPT)
        result = ilv__syscall_raw(SYS_epoll_wait, a[0], a[1], a[2], 0, 0, 0);
    return ilv__channel_done(result);
}

long ilv__sys_epoll_wait(const long *a)
{
    int milliseconds = (int)a[3];
    return do_wait(a, ilv__poll_deadline(milliseconds), milliseconds == 0);
}

long ilv__sys_epoll_pwait(const long *a)
{
    uint64_t before = ilv__poll_mask((const uint64_t *)a[4]);
    long result = ilv__sys_epoll_wait(a);
    ilv__poll_unmask(before);
    return result;
}

long ilv__sys_epoll_pwait2(const long *a)
{
    const struct timespec *span = (const struct timespec *)a[3];
    uint64_t ns = 0;
    int error = span != NULL ? ilv__clock_span(span, &ns) : 0;
    if (error != 0)
        return -error;
    uint64_t before = ilv__poll_mask((const uint64_t *)a[4]);
    long result = do_wait(a, span != NULL ? ilv__clock_deadline(ns) : 0, span != NULL && ns == 0);
    ilv__poll_unmask(before);
    return result;
}
