/* SPDX-License-Identifier: MIT */
/*
 * rwlock.c: the model of pthread_rwlock_t (POSIX.1-2017, pthread_rwlock_rdlock and its kin).
 *
 *   state     writer   readers   a read lock                      a write lock
 *   free      0        0         takes it                         takes it
 *   read      0        n         takes it (nonrecursive kind:     waits, its own readers too
 *                                only while no writer waits)
 *   written   t        0         waits; EDEADLK for t             waits; EDEADLK for t
 *
 * The kinds of glibc: with PREFER_READER (the default) and PREFER_WRITER a reader joins the
 * readers whoever waits, and whoever comes first has a lock that became free; with
 * PREFER_WRITER_NONRECURSIVE a reader takes nothing while a writer waits. For this kind it counts
 * whether the writer has arrived, so that it arrives at a choice of its own.
 *
 * Unlocking what one does not hold takes a reader away, if there is one, and is not refused: so
 * does glibc. The stamp lies in the counters; the word with the kind (__flags) is glibc's.
 */
#include "objects/rwlock.h"

#include <errno.h>

struct rwlock {
    uint16_t writer; /* task index + 1, 0 = nobody */
    bool nonrecursive;
    uint32_t readers;
    uint32_t waiting; /* writers that have arrived; counted for the nonrecursive kind only */
};
_Static_assert(sizeof(struct rwlock) <= ILV_OBJECT_STATE, "a rwlock fits into its object");

static struct rwlock *model(uint32_t object)
{
    return (struct rwlock *)(void *)ilv__object(object)->state;
}

static struct stamp *stamp_of(pthread_rwlock_t *lock)
{
    return (struct stamp *)(void *)lock;
}

static uint32_t make(pthread_rwlock_t *lock)
{
    uint32_t object = ilv__object_make(ILV_CLASS_RWLOCK, lock, sizeof *lock);
    model(object)->nonrecursive =
        lock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
    if (lock->__data.__shared != 0)
        ilv__object_info(object)->flags |= ILV_SHARED;
    *stamp_of(lock) = (struct stamp){ILV_STAMP_MAGIC, object};
    return object;
}

static uint32_t object_of(pthread_rwlock_t *lock)
{
    uint32_t object = ilv__stamped(stamp_of(lock), ILV_CLASS_RWLOCK, lock);
    return ilv_likely(object != 0) ? object : make(lock);
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ilv__object_info(object)->flags & ILV_SHARED;
    return op;
}

static bool is_writer(const struct rwlock *l, const struct task *t)
{
    return l->writer == t->index + 1;
}

static bool readable(const struct rwlock *l)
{
    return l->writer == 0 && l->waiting == 0;
}

static bool writable(const struct rwlock *l)
{
    return l->writer == 0 && l->readers == 0;
}

/* A relock by the writer is possible: it is refused. */
static bool read_possible(const struct task *t)
{
    const struct rwlock *l = model(t->info->op.object);
    return readable(l) || is_writer(l, t);
}

static bool write_possible(const struct task *t)
{
    const struct rwlock *l = model(t->info->op.object);
    return writable(l) || is_writer(l, t);
}

/* glibc looks at the deadline first, whether it is needed or not. */
static int set_deadline(struct ilv_op *op, clockid_t clock, const struct timespec *deadline)
{
    if (deadline == NULL)
        return 0;
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return EINVAL;
    op->flags |= ILV_TIMED;
    return ilv__deadline(clock, deadline, &op->deadline);
}

static int take_read(uint32_t object)
{
    struct rwlock *l = model(object);
    if (is_writer(l, ilv__self))
        return EDEADLK;
    l->readers++;
    ilv__changed(object);
    return 0;
}

static int take_write(uint32_t object)
{
    struct rwlock *l = model(object);
    if (is_writer(l, ilv__self))
        return EDEADLK;
    l->writer = (uint16_t)(ilv__self->index + 1);
    ilv__changed(object);
    return 0;
}

int ilv__rwlock_rdlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_RDLOCK, object);
    int error = set_deadline(&op, clock, deadline);
    if (error != 0)
        return error;
    enum outcome outcome = ilv__point(&op, read_possible);
    error = outcome == ILV_TIMEOUT ? ETIMEDOUT : take_read(object);
    ilv__done(error, 0);
    return error;
}

/* The writer arrives (nonrecursive kind): from here on readers do not join others. */
static enum outcome arrive_and_wait(const struct ilv_op *op)
{
    struct rwlock *l = model(op->object);
    ilv__point(op, NULL);
    if (write_possible(ilv__self))
        return ILV_GO;
    l->waiting++;
    ilv__changed(op->object);
    enum outcome outcome = ilv__point(op, write_possible);
    l->waiting--;
    ilv__changed(op->object);
    return outcome;
}

int ilv__rwlock_wrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_WRLOCK, object);
    int error = set_deadline(&op, clock, deadline);
    if (error != 0)
        return error;
    enum outcome outcome =
        model(object)->nonrecursive ? arrive_and_wait(&op) : ilv__point(&op, write_possible);
    error = outcome == ILV_TIMEOUT ? ETIMEDOUT : take_write(object);
    ilv__done(error, 0);
    return error;
}

int ilv__rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_TRYRDLOCK, object);
    ilv__point(&op, NULL);
    int error = readable(model(object)) ? take_read(object) : EBUSY;
    ilv__done(error, 0);
    return error;
}

int ilv__rwlock_trywrlock(pthread_rwlock_t *lock)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_TRYWRLOCK, object);
    ilv__point(&op, NULL);
    int error = writable(model(object)) ? take_write(object) : EBUSY;
    ilv__done(error, 0);
    return error;
}

int ilv__rwlock_unlock(pthread_rwlock_t *lock)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_UNLOCK, object);
    ilv__point(&op, NULL);
    struct rwlock *l = model(object);
    if (is_writer(l, ilv__self))
        l->writer = 0;
    else if (l->readers > 0)
        l->readers--;
    ilv__changed(object);
    ilv__done(0, 0);
    return 0;
}

int ilv__rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
    uint32_t before = ilv__stamped(stamp_of(lock), ILV_CLASS_RWLOCK, lock);
    struct ilv_op op = ilv__op(ILV_EV_RWLOCK_INIT, before);
    ilv__point(&op, NULL);
    int error = ilv__real()->pthread_rwlock_init(lock, attributes);
    if (error == 0)
        ilv__self->info->op.object = make(lock);
    ilv__done(error, before);
    return error;
}

int ilv__rwlock_destroy(pthread_rwlock_t *lock)
{
    uint32_t object = object_of(lock);
    struct ilv_op op = operation(ILV_EV_RWLOCK_DESTROY, object);
    ilv__point(&op, NULL);
    ilv__done(0, 0);
    ilv__object_info(object)->state = ILV_OBJECT_DESTROYED;
    return 0;
}
