/* SPDX-License-Identifier: MIT */
/*
 * poll.c: poll and select.
 *
 * The predicate of a waiting task asks the kernel about a copy of what the program gave, so that
 * nothing of the program's is written before the call comes back. A wait on one or two channels
 * names them; on more it names none, which stands for all.
 */
#include "objects/poll.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "objects/channel.h"
#include "objects/clock.h"

#define POLL_MAX 4096
#define SELECT_MAX 4096 /* descriptors in a set */
#define NS_PER_MS UINT64_C(1000000)
#define UNMASKABLE (UINT64_C(1) << (SIGKILL - 1) | UINT64_C(1) << (SIGSTOP - 1))

enum { LIST, COUNT };                                /* scratch of a poll */
enum { READ_SET, WRITE_SET, EXCEPT_SET, SET_COUNT }; /* of a select */

/* ---- masks and deadlines ------------------------------------------------------------------ */

uint64_t ilv__poll_mask(const uint64_t *set)
{
    uint64_t before = ilv__self->mask;
    if (set != NULL)
        ilv__self->mask = *set & ~UNMASKABLE;
    return before;
}

void ilv__poll_unmask(uint64_t before)
{
    ilv__self->mask = before;
}

uint64_t ilv__poll_deadline(int milliseconds)
{
    return milliseconds < 0 ? 0 : ilv__clock_deadline((uint64_t)milliseconds * NS_PER_MS);
}

static int deadline_of_span(const struct timespec *span, uint64_t *deadline, bool *at_once)
{
    uint64_t ns = 0;
    *deadline = 0;
    *at_once = false;
    if (span == NULL)
        return 0;
    int error = ilv__clock_span(span, &ns);
    *deadline = ilv__clock_deadline(ns);
    *at_once = ns == 0;
    return error;
}

/* What is left of a wait's time is written back, as Linux does it. */
static uint64_t time_left(uint64_t deadline)
{
    return deadline > ilv__world.time ? deadline - ilv__world.time : 0;
}

static enum outcome wait(struct ilv_op *op, uint64_t deadline, possible_fn *ready)
{
    op->deadline = ready != NULL ? deadline : 0;
    op->flags = op->deadline != 0 ? ILV_TIMED : 0;
    ilv__self->interruptible = ILV_ALWAYS;
    return ilv__point(op, ready);
}

/* The wait is over: what the kernel says now is the result. */
static long finish(enum outcome outcome, long result)
{
    if (outcome == ILV_INTERRUPT)
        result = -EINTR;
    ilv__done(result < 0 ? (int)-result : 0, result < 0 ? 0 : (uint64_t)result);
    return result;
}

/* ---- poll --------------------------------------------------------------------------------- */

static bool poll_ready(const struct task *t)
{
    static struct pollfd copy[POLL_MAX];
    const struct pollfd *list = (const void *)(uintptr_t)t->scratch[LIST];
    size_t n = t->scratch[COUNT];
    if (n > 0)
        memcpy(copy, list, n * sizeof copy[0]);
    return ilv__syscall_raw(SYS_poll, (long)copy, (long)n, 0, 0, 0, 0) != 0;
}

static bool is_wait(int fd)
{
    unsigned kind = ilv__descriptor(fd)->kind;
    return fd >= 0 && (kind == ILV_FD_CHANNEL || kind == ILV_FD_OUTSIDE);
}

static struct ilv_op poll_operation(const struct pollfd *list, size_t n)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_POLL, 0);
    size_t channels = 0;
    ilv__self->scratch[ILV_WAIT_OUTSIDE] = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_wait(list[i].fd))
            continue;
        uint32_t object = ilv__descriptor_object_of(list[i].fd);
        if (ilv__descriptor(list[i].fd)->kind == ILV_FD_OUTSIDE ||
            (ilv__descriptor(list[i].fd)->flags & ILV_FD_EPOLL) != 0)
            channels = 3;
        if (ilv__descriptor(list[i].fd)->kind == ILV_FD_OUTSIDE)
            ilv__self->scratch[ILV_WAIT_OUTSIDE] = 1;
        if (++channels == 1)
            op.object = object;
        else if (object != op.object)
            op.object2 = object;
    }
    if (channels > 2)
        op.object = op.object2 = 0;
    return op;
}

static long do_poll(struct pollfd *list, size_t n, uint64_t deadline, bool at_once)
{
    if (n > POLL_MAX)
        return -EINVAL;
    struct ilv_op op = poll_operation(list, n);
    ilv__self->scratch[LIST] = (uint64_t)(uintptr_t)list;
    ilv__self->scratch[COUNT] = n;
    enum outcome outcome = wait(&op, deadline, at_once ? NULL : poll_ready);
    long result = ilv__syscall_raw(SYS_poll, (long)list, (long)n, 0, 0, 0, 0);
    return finish(outcome, result);
}

long ilv__sys_poll(const long *a)
{
    int milliseconds = (int)a[2];
    return do_poll((struct pollfd *)a[0], (size_t)a[1], ilv__poll_deadline(milliseconds),
                   milliseconds == 0);
}

long ilv__sys_ppoll(const long *a)
{
    uint64_t deadline;
    bool at_once;
    struct timespec *span = (struct timespec *)a[2];
    int error = deadline_of_span(span, &deadline, &at_once);
    if (error != 0)
        return -error;
    uint64_t before = ilv__poll_mask((const uint64_t *)a[3]);
    long result = do_poll((struct pollfd *)a[0], (size_t)a[1], deadline, at_once);
    ilv__poll_unmask(before);
    if (span != NULL)
        *span = ilv__clock_timespec(time_left(deadline));
    return result;
}

/* ---- select ------------------------------------------------------------------------------- */

struct sets {
    unsigned long bits[3][SELECT_MAX / 64];
};

static size_t set_bytes(uint64_t n)
{
    return (size_t)((n + 63) / 64 * 8);
}

static void *select_set(const struct task *t, unsigned which)
{
    return (void *)(uintptr_t)t->scratch[which];
}

/* Asks about copies of the sets of t. */
static long ask(const struct task *t, struct sets *copy)
{
    struct timespec none = {0, 0};
    size_t bytes = set_bytes(t->scratch[SET_COUNT]);
    long at[3];
    for (unsigned i = 0; i < 3; i++) {
        at[i] = t->scratch[i] != 0 ? (long)copy->bits[i] : 0;
        if (at[i] != 0)
            memcpy(copy->bits[i], select_set(t, i), bytes);
    }
    return ilv__syscall_raw(SYS_pselect6, (long)t->scratch[SET_COUNT], at[0], at[1], at[2],
                            (long)&none, 0);
}

static bool select_ready(const struct task *t)
{
    static struct sets copy;
    return ask(t, &copy) != 0;
}

static bool wants(const struct task *t, unsigned fd)
{
    for (unsigned i = 0; i < 3; i++) {
        const unsigned long *bits = select_set(t, i);
        if (bits != NULL && (bits[fd / 64] >> fd % 64 & 1) != 0)
            return true;
    }
    return false;
}

/* As a list of descriptors, for the operation; at most three count. */
static struct ilv_op select_operation(struct task *t)
{
    struct pollfd list[3];
    size_t n = 0;
    bool outside = false;
    for (unsigned fd = 0; fd < t->scratch[SET_COUNT]; fd++) {
        if (!wants(t, fd) || !is_wait((int)fd))
            continue;
        outside = outside || ilv__descriptor((int)fd)->kind == ILV_FD_OUTSIDE;
        if (n < 3)
            list[n++] = (struct pollfd){.fd = (int)fd};
    }
    struct ilv_op op = poll_operation(list, n);
    t->scratch[ILV_WAIT_OUTSIDE] = outside;
    return op;
}

static long do_select(const long *a, uint64_t deadline, bool at_once)
{
    static struct sets result_sets;
    struct task *t = ilv__self;
    if (a[0] < 0 || a[0] > SELECT_MAX)
        return -EINVAL;
    for (unsigned i = 0; i < 3; i++)
        t->scratch[i] = (uint64_t)a[i + 1];
    t->scratch[SET_COUNT] = (uint64_t)a[0];
    struct ilv_op op = select_operation(t);
    enum outcome outcome = wait(&op, deadline, at_once ? NULL : select_ready);
    long result = outcome == ILV_INTERRUPT ? -EINTR : ask(t, &result_sets);
    for (unsigned i = 0; result >= 0 && i < 3; i++)
        if (t->scratch[i] != 0)
            memcpy(select_set(t, i), result_sets.bits[i], set_bytes(t->scratch[SET_COUNT]));
    return finish(outcome, result);
}

long ilv__sys_select(const long *a)
{
    struct timeval *span = (struct timeval *)a[4];
    struct timespec exact = {0, 0};
    uint64_t deadline;
    bool at_once;
    if (span != NULL)
        exact = (struct timespec){span->tv_sec, span->tv_usec * 1000};
    int error = deadline_of_span(span != NULL ? &exact : NULL, &deadline, &at_once);
    if (error != 0)
        return -error;
    long result = do_select(a, deadline, at_once);
    if (span != NULL) {
        exact = ilv__clock_timespec(time_left(deadline));
        *span = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    }
    return result;
}

long ilv__sys_pselect6(const long *a)
{
    struct timespec *span = (struct timespec *)a[4];
    const long *mask = (const long *)a[5]; /* pointer and size */
    uint64_t deadline;
    bool at_once;
    int error = deadline_of_span(span, &deadline, &at_once);
    if (error != 0)
        return -error;
    uint64_t before = ilv__poll_mask(mask != NULL ? (const uint64_t *)mask[0] : NULL);
    long result = do_select(a, deadline, at_once);
    ilv__poll_unmask(before);
    if (span != NULL)
        *span = ilv__clock_timespec(time_left(deadline));
    return result;
}
