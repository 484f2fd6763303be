/* SPDX-License-Identifier: MIT */
/*
 * mutex.c: the model of pthread_mutex_t (POSIX.1-2017, pthread_mutex_lock and its kin).
 *
 *   state       owner   depth   pthread_mutex_lock by the owner       by another task
 *   free        none    0       -                                     takes it
 *   held        t       1       normal: waits for ever                waits
 *                               errorcheck: EDEADLK
 *                               recursive: depth + 1
 *   held        t       n > 1   recursive: depth + 1                  waits
 *   orphaned    none    0       -                                     takes it, EOWNERDEAD (robust)
 *   abandoned   ended   1       -                                     waits for ever (not robust)
 *   lost        none    0       ENOTRECOVERABLE                       ENOTRECOVERABLE
 *
 * The first time that a mutex is used decides its type: pthread_mutex_init writes it into
 * __data.__kind and static initialisers have it there. The stamp lies in __data.__list, which a
 * mutex that only we lock does not use; the words that debuggers show (__lock, __owner) follow
 * the model.
 */
#include "objects/mutex.h"

#include <errno.h>

#define KIND_MASK 3    /* PTHREAD_MUTEX_NORMAL (0), RECURSIVE, ERRORCHECK, ADAPTIVE (3) */
#define KIND_ROBUST 16 /* PTHREAD_MUTEX_ROBUST_NORMAL_NP in glibc's __kind */
#define KIND_SHARED 128
#define DEPTH_MAX UINT32_MAX /* as glibc: EAGAIN when the count is full */

struct mutex {
    uint16_t owner; /* task index + 1, 0 = nobody */
    uint8_t type;   /* PTHREAD_MUTEX_* */
    bool robust;
    bool orphaned;     /* its owner died and nobody has taken it since */
    bool inconsistent; /* taken with EOWNERDEAD, not made consistent yet */
    bool lost;         /* unlocked while inconsistent */
    uint32_t depth;
};
_Static_assert(sizeof(struct mutex) <= ILV_OBJECT_STATE, "a mutex fits into its object");

static struct mutex *model(uint32_t object)
{
    return (struct mutex *)(void *)ilv__object(object)->state;
}

static struct stamp *stamp_of(pthread_mutex_t *mutex)
{
    return (struct stamp *)(void *)&mutex->__data.__list;
}

static uint32_t make(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__object_make(ILV_CLASS_MUTEX, mutex, sizeof *mutex);
    struct mutex *m = model(object);
    int kind = mutex->__data.__kind;
    m->type = (uint8_t)(kind & KIND_MASK);
    m->robust = (kind & KIND_ROBUST) != 0;
    struct ilv_object_info *info = ilv__object_info(object);
    info->flags |= m->type == PTHREAD_MUTEX_RECURSIVE ? ILV_RECURSIVE : 0;
    info->flags |= m->type == PTHREAD_MUTEX_ERRORCHECK ? ILV_ERRORCHECK : 0;
    info->flags |= m->robust ? ILV_ROBUST : 0;
    info->flags |= (kind & KIND_SHARED) != 0 ? ILV_SHARED : 0;
    *stamp_of(mutex) = (struct stamp){ILV_STAMP_MAGIC, object};
    return object;
}

uint32_t ilv__mutex_object(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__stamped(stamp_of(mutex), ILV_CLASS_MUTEX, mutex);
    return ilv_likely(object != 0) ? object : make(mutex);
}

static bool holds(const struct mutex *m, const struct task *t)
{
    return m->owner == t->index + 1;
}

bool ilv__mutex_free_for(uint32_t object, const struct task *t)
{
    const struct mutex *m = model(object);
    return m->owner == 0 ||
           (holds(m, t) && m->type != PTHREAD_MUTEX_NORMAL && m->type != PTHREAD_MUTEX_ADAPTIVE_NP);
}

static bool lock_possible(const struct task *t)
{
    return ilv__mutex_free_for(t->info->op.object, t);
}

static void show_owner(uint32_t object, const struct task *owner)
{
    void *address = (void *)(uintptr_t)ilv__object_info(object)->address;
    pthread_mutex_t *mutex = address;
    mutex->__data.__lock = owner != NULL;
    mutex->__data.__owner = owner != NULL ? owner->index + 1 : 0;
}

static void set_owner(uint32_t object, struct task *owner, uint32_t depth)
{
    struct mutex *m = model(object);
    m->owner = owner != NULL ? (uint16_t)(owner->index + 1) : 0;
    m->depth = depth;
    show_owner(object, owner);
    ilv__changed(object);
}

/* Takes a mutex that is free for the running task; depth times if it is not yet held. */
int ilv__mutex_take(uint32_t object, uint32_t depth)
{
    struct mutex *m = model(object);
    if (m->lost)
        return ENOTRECOVERABLE;
    if (m->owner != 0) {
        if (m->type == PTHREAD_MUTEX_ERRORCHECK)
            return EDEADLK;
        if (m->depth == DEPTH_MAX)
            return EAGAIN;
        m->depth++;
        return 0;
    }
    bool orphaned = m->orphaned;
    m->orphaned = false;
    m->inconsistent = m->inconsistent || orphaned;
    set_owner(object, ilv__self, depth);
    if (!orphaned)
        return 0;
    ilv__self->done_flags |= ILV_OWNER_DIED;
    return EOWNERDEAD;
}

static void let_go(uint32_t object)
{
    struct mutex *m = model(object);
    if (m->inconsistent) {
        m->inconsistent = false;
        m->lost = true;
    }
    set_owner(object, NULL, 0);
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ilv__object_info(object)->flags & (ILV_RECURSIVE | ILV_SHARED);
    return op;
}

int ilv__mutex_lock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
    uint32_t object = ilv__mutex_object(mutex);
    struct ilv_op op = operation(ILV_EV_MUTEX_LOCK, object);
    int error = 0;
    if (deadline != NULL) {
        op.flags |= ILV_TIMED;
        error = ilv__deadline(clock, deadline, &op.deadline);
        if (error != 0 && ilv__mutex_free_for(object, ilv__self))
            op.deadline = 0; /* a deadline that is not needed is not looked at */
        else if (error != 0)
            return error;
    }
    enum outcome outcome = ilv__point(&op, lock_possible);
    error = outcome == ILV_TIMEOUT ? ETIMEDOUT : ilv__mutex_take(object, 1);
    ilv__done(error, 0);
    return error;
}

int ilv__mutex_trylock(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__mutex_object(mutex);
    struct ilv_op op = operation(ILV_EV_MUTEX_TRYLOCK, object);
    ilv__point(&op, NULL);
    const struct mutex *m = model(object);
    bool again = holds(m, ilv__self) && m->type == PTHREAD_MUTEX_RECURSIVE;
    int error = m->owner == 0 || again ? ilv__mutex_take(object, 1) : EBUSY;
    ilv__done(error, 0);
    return error;
}

/* A normal mutex may be unlocked by anyone as glibc has it (undefined by POSIX: the detector
 * lock-misuse says so); the others refuse. */
static int unlock_error(const struct mutex *m)
{
    bool checks =
        m->type == PTHREAD_MUTEX_ERRORCHECK || m->type == PTHREAD_MUTEX_RECURSIVE || m->robust;
    return checks && !holds(m, ilv__self) ? EPERM : 0;
}

int ilv__mutex_release(uint32_t object)
{
    struct mutex *m = model(object);
    int error = unlock_error(m);
    if (error != 0)
        return -error;
    if (m->depth > 1)
        return (int)--m->depth;
    let_go(object);
    return 0;
}

int ilv__mutex_unlock(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__mutex_object(mutex);
    struct ilv_op op = operation(ILV_EV_MUTEX_UNLOCK, object);
    ilv__point(&op, NULL);
    int left = ilv__mutex_release(object);
    int error = left < 0 ? -left : 0;
    ilv__done(error, left < 0 ? 0 : (uint64_t)left);
    return error;
}

int ilv__mutex_consistent(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__mutex_object(mutex);
    struct ilv_op op = operation(ILV_EV_MUTEX_CONSISTENT, object);
    ilv__point(&op, NULL);
    struct mutex *m = model(object);
    int error = m->robust && m->inconsistent && holds(m, ilv__self) ? 0 : EINVAL;
    if (error == 0)
        m->inconsistent = false;
    ilv__done(error, 0);
    return error;
}

int ilv__mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    uint32_t before = ilv__stamped(stamp_of(mutex), ILV_CLASS_MUTEX, mutex);
    struct ilv_op op = ilv__op(ILV_EV_MUTEX_INIT, before);
    ilv__point(&op, NULL);
    int error = ilv__real()->pthread_mutex_init(mutex, attributes);
    if (error == 0)
        ilv__self->info->op.object = make(mutex);
    ilv__done(error, before);
    return error;
}

int ilv__mutex_destroy(pthread_mutex_t *mutex)
{
    uint32_t object = ilv__mutex_object(mutex);
    struct ilv_op op = operation(ILV_EV_MUTEX_DESTROY, object);
    ilv__point(&op, NULL);
    const struct mutex *m = model(object);
    int error = m->owner != 0 ? EBUSY : 0;
    ilv__done(error, 0);
    if (error == 0) {
        ilv__object_info(object)->state = ILV_OBJECT_DESTROYED;
        mutex->__data.__kind = -1; /* as glibc leaves it */
    }
    return error;
}

void ilv__mutex_owner_ended(const struct task *t)
{
    for (uint32_t i = 1; i < ilv__world.run->object_count; i++) {
        if (ilv__object(i)->cls != ILV_CLASS_MUTEX)
            continue;
        struct mutex *m = model(i);
        if (!m->robust || !holds(m, t))
            continue;
        m->orphaned = true;
        m->inconsistent = true;
        set_owner(i, NULL, 0);
    }
}
