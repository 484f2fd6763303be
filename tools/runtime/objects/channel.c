/* SPDX-License-Identifier: MIT */
/*
 * channel.c: how tasks wait on descriptors.
 *
 * Before a call that might block, its task publishes what it is about to do, with a predicate
 * that asks the kernel whether the descriptor is ready (poll with no time). Only one task runs,
 * so what was ready when the task was chosen still is when it makes the call. After every step
 * that may have changed a descriptor, all tasks that wait on some are looked at again: which
 * descriptors lead to the same pipe or socket is the kernel's business.
 *
 * scratch of a waiting task: FD, EVENTS, STALLED, HELD and ILV_WAIT_OUTSIDE (channel.h).
 *
 * A descriptor that is closed while a task waits on it: the kernel's wait goes on on what it led
 * to. So that task gets a copy of its own (HELD), out of the program's sight.
 */
#include "objects/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#define HELD_FROM 900 /* copies for waiting tasks lie above this descriptor */
#define OUTSIDE_NAP_NS 500000

enum { FD, EVENTS, STALLED, HELD };

static uint64_t changes = 1;

static bool waits_on_descriptors(const struct task *t)
{
    unsigned kind = t->info->op.kind;
    return t->possible != NULL && (kind == ILV_EV_CHANNEL_READ || kind == ILV_EV_CHANNEL_WRITE ||
                                   kind == ILV_EV_CHANNEL_POLL || kind == ILV_EV_OUTSIDE);
}

void ilv__channels_changed(void)
{
    struct world *w = &ilv__world;
    changes++;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *t = &w->task[w->order[i]];
        if (t != ilv__self && waits_on_descriptors(t))
            t->ready = t->possible(t);
    }
}

uint64_t ilv__channels_changes(void)
{
    return changes;
}

static bool channel_ready(const struct task *t)
{
    struct pollfd look = {.fd = (int)t->scratch[FD], .events = (short)t->scratch[EVENTS]};
    if (t->scratch[STALLED] == changes)
        return false;
    return ilv__syscall_raw(SYS_poll, (long)&look, 1, 0, 0, 0, 0) != 0;
}

bool ilv__channel_blocks(int fd, int message_flags)
{
    if ((message_flags & MSG_DONTWAIT) != 0)
        return false;
    long flags = ilv__syscall_raw(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    return flags >= 0 && (flags & O_NONBLOCK) == 0;
}

long ilv__channel_gave_up(enum outcome outcome)
{
    return outcome == ILV_TIMEOUT ? -EAGAIN : -EINTR;
}

enum outcome ilv__channel_wait(struct channel_wait *wait)
{
    struct task *t = ilv__self;
    bool outside = ilv__descriptor(wait->fd)->kind == ILV_FD_OUTSIDE;
    struct ilv_op op = ilv__op(outside ? ILV_EV_OUTSIDE : wait->kind, 0);
    op.object = ilv__descriptor_object_of(wait->fd);
    op.value = wait->size;
    op.deadline = wait->block ? wait->deadline : 0;
    op.flags = op.deadline != 0 ? ILV_TIMED : 0;
    t->scratch[FD] = (uint64_t)wait->fd;
    t->scratch[EVENTS] = (uint64_t)wait->events;
    t->scratch[STALLED] = wait->stalled;
    t->scratch[HELD] = (uint64_t)wait->held;
    t->scratch[ILV_WAIT_OUTSIDE] = outside;
    t->interruptible = op.deadline != 0 ? ILV_ALWAYS : ILV_RESTART;
    enum outcome outcome = ilv__point(&op, wait->block ? channel_ready : NULL);
    wait->fd = (int)t->scratch[FD];
    wait->held = (int)t->scratch[HELD];
    return outcome;
}

long ilv__channel_done(long result)
{
    if (result >= 0)
        ilv__channels_changed();
    ilv__done(result < 0 ? (int)-result : 0, result < 0 ? 0 : (uint64_t)result);
    return result;
}

void ilv__channel_release(const struct channel_wait *wait)
{
    if (wait->held == 0)
        return;
    ilv__descriptor_forget(wait->held);
    ilv__syscall_raw(SYS_close, wait->held, 0, 0, 0, 0, 0);
    ilv__channels_changed();
}

static bool waits_on(const struct task *t, int fd)
{
    unsigned kind = t->info->op.kind;
    return t->possible == channel_ready && kind != ILV_EV_CHANNEL_POLL &&
           t->scratch[FD] == (uint64_t)fd;
}

void ilv__channel_keep(int fd)
{
    const struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *t = &ilv__world.task[w->order[i]];
        if (t == ilv__self || !waits_on(t, fd))
            continue;
        long copy = ilv__syscall_raw(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HELD_FROM, 0, 0, 0);
        if (copy < 0)
            ilv__limited("close of a descriptor on which a task waits is not modelled");
        ilv__descriptor_copy(fd, (int)copy);
        t->scratch[FD] = t->scratch[HELD] = (uint64_t)copy;
    }
}

long ilv__channel_try(int fd, long number, const long *a)
{
    long flags = ilv__syscall_raw(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    bool change = flags >= 0 && (flags & O_NONBLOCK) == 0;
    if (change)
        ilv__syscall_raw(SYS_fcntl, fd, F_SETFL, flags | O_NONBLOCK, 0, 0, 0);
    long result = ilv__syscall_raw(number, fd, a[1], a[2], a[3], a[4], a[5]);
    if (change)
        ilv__syscall_raw(SYS_fcntl, fd, F_SETFL, flags, 0, 0, 0);
    return result;
}

/* ---- the outside -------------------------------------------------------------------------- */

static bool waits_outside(const struct task *t)
{
    return !t->ready && waits_on_descriptors(t) && t->scratch[ILV_WAIT_OUTSIDE] != 0;
}

static uint32_t look_outside(bool *somebody)
{
    const struct world *w = &ilv__world;
    uint32_t ready = 0;
    *somebody = false;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *t = &ilv__world.task[w->order[i]];
        if (!waits_outside(t))
            continue;
        *somebody = true;
        t->ready = t->possible(t);
        ready += t->ready;
    }
    return ready;
}

/* While all wait and somebody waits on the outside, virtual time is real time. */
bool ilv__outside_wait(uint64_t deadline)
{
    struct world *w = &ilv__world;
    struct timespec nap = {0, OUTSIDE_NAP_NS};
    bool somebody;
    for (;;) {
        uint32_t ready = look_outside(&somebody);
        if (!somebody)
            return false;
        if (ready != 0 || w->time >= deadline)
            return true;
        ilv__syscall_raw(SYS_nanosleep, (long)&nap, 0, 0, 0, 0, 0);
        w->time += OUTSIDE_NAP_NS;
        if (w->time > deadline)
            w->time = deadline;
    }
}
