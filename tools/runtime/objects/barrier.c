/* SPDX-License-Identifier: MIT */
/*
 * barrier.c: the model of pthread_barrier_t (POSIX.1-2017, pthread_barrier_wait).
 *
 * A task arrives (always possible) and leaves when the round in which it arrived is over. The
 * last to arrive ends the round, leaves at once and is the serial one, as in glibc. Others may
 * arrive for the next round before all have left the last one.
 *
 * pthread_barrier_init is the only way to make a barrier; its count is read where glibc put it.
 */
#include "objects/barrier.h"

#include <errno.h>

/* As glibc lays out what pthread_barrier_init writes. */
struct bytes {
    struct stamp stamp;
    uint32_t count;
    int32_t shared;
};
_Static_assert(sizeof(struct bytes) <= sizeof(pthread_barrier_t), "within a barrier's bytes");

struct barrier {
    uint32_t count;
    uint32_t arrived; /* in this round */
    uint32_t inside;  /* have arrived and not left */
    uint64_t round;
};
_Static_assert(sizeof(struct barrier) <= ILV_OBJECT_STATE, "a barrier fits into its object");

static struct barrier *model(uint32_t object)
{
    return (struct barrier *)(void *)ilv__object(object)->state;
}

static struct bytes *bytes_of(pthread_barrier_t *barrier)
{
    return (struct bytes *)(void *)barrier;
}

static uint32_t make(pthread_barrier_t *barrier)
{
    struct bytes *bytes = bytes_of(barrier);
    uint32_t object = ilv__object_make(ILV_CLASS_BARRIER, barrier, sizeof *barrier);
    model(object)->count = bytes->count;
    if (bytes->shared != 0)
        ilv__object_info(object)->flags |= ILV_SHARED;
    bytes->stamp = (struct stamp){ILV_STAMP_MAGIC, object};
    return object;
}

static uint32_t object_of(pthread_barrier_t *barrier)
{
    uint32_t object = ilv__stamped(&bytes_of(barrier)->stamp, ILV_CLASS_BARRIER, barrier);
    return ilv_likely(object != 0) ? object : make(barrier);
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ilv__object_info(object)->flags & ILV_SHARED;
    return op;
}

/* op.value is the round in which the task arrived. */
static bool leave_possible(const struct task *t)
{
    return model(t->info->op.object)->round != t->info->op.value;
}

static void leave(uint32_t object, uint64_t round)
{
    struct ilv_op op = operation(ILV_EV_BARRIER_LEAVE, object);
    op.value = round;
    ilv__point(&op, leave_possible);
    model(object)->inside--;
    ilv__changed(object);
    ilv__done(0, round);
}

static void open_barrier(uint32_t object)
{
    struct barrier *b = model(object);
    b->round++;
    b->arrived = 0;
    b->inside--;
    ilv__changed(object);
}

int ilv__barrier_wait(pthread_barrier_t *barrier)
{
    uint32_t object = object_of(barrier);
    struct ilv_op op = operation(ILV_EV_BARRIER_WAIT, object);
    ilv__point(&op, NULL);
    struct barrier *b = model(object);
    uint64_t round = b->round;
    uint32_t arrived = ++b->arrived;
    bool last = arrived >= b->count;
    b->inside++;
    if (last)
        open_barrier(object);
    ilv__done(0, arrived);
    if (!last)
        leave(object, round);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int ilv__barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
                      unsigned count)
{
    uint32_t before = ilv__stamped(&bytes_of(barrier)->stamp, ILV_CLASS_BARRIER, barrier);
    struct ilv_op op = ilv__op(ILV_EV_BARRIER_INIT, before);
    ilv__point(&op, NULL);
    int error = ilv__real()->pthread_barrier_init(barrier, attributes, count);
    if (error == 0)
        ilv__self->info->op.object = make(barrier);
    ilv__done(error, before);
    return error;
}

static bool all_left(const struct task *t)
{
    return model(t->info->op.object)->inside == 0;
}

int ilv__barrier_destroy(pthread_barrier_t *barrier)
{
    uint32_t object = object_of(barrier);
    struct ilv_op op = operation(ILV_EV_BARRIER_DESTROY, object);
    ilv__point(&op, all_left);
    ilv__done(0, 0);
    ilv__object_info(object)->state = ILV_OBJECT_DESTROYED;
    return 0;
}
