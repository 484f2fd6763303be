/* SPDX-License-Identifier: MIT */
/*
 * annotation.c: the meaning of annotations, by a table.
 *
 * Locks of the program's own order by what they announce: taken is an acquire, let go a release
 * at the lock's address. Within their own code (from PRE to POST) a task's plain accesses are not
 * looked at. Atomic operations stay what they are for the scheduler, points and steps of the
 * record; but they order nothing more than a relaxed one would.
 *
 * Before there is a run (in constructors) only races that are meant are remembered.
 */
#include "intercept/annotation.h"

#include <string.h>

#include "access.h"
#include "intercept/doors.h"
#include "objects/actors.h"
#include "objects/memory.h"

#define TRY_FAILED (1u << 5) /* __tsan_mutex_try_lock_failed */
#define NO_SYNC 1u           /* __tsan_switch_to_fiber_no_sync */

/* A note of an annotation: of the running task. */
typedef void note_fn(struct task *t, uint64_t address, uintptr_t value);

static void acquire(struct task *t, uint64_t address, uintptr_t value)
{
    (void)value;
    if (t->ignore_sync == 0)
        ilv_race_sync_at(ilv__watch.race, t->race, address, ILV_RACE_ACQUIRE);
}

static void release(struct task *t, uint64_t address, uintptr_t value)
{
    (void)value;
    if (t->ignore_sync == 0)
        ilv_race_sync_at(ilv__watch.race, t->race, address, ILV_RACE_RELEASE);
}

static void enter_lock(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_reads++;
    t->ignore_writes++;
    t->ignore_sync++;
}

static void leave_lock(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_reads = (uint16_t)(t->ignore_reads - (t->ignore_reads > 0));
    t->ignore_writes = (uint16_t)(t->ignore_writes - (t->ignore_writes > 0));
    t->ignore_sync = (uint16_t)(t->ignore_sync - (t->ignore_sync > 0));
}

static void post_lock(struct task *t, uint64_t address, uintptr_t value)
{
    leave_lock(t, address, value);
    if ((value & TRY_FAILED) == 0)
        acquire(t, address, value);
}

static void pre_unlock(struct task *t, uint64_t address, uintptr_t value)
{
    release(t, address, value);
    enter_lock(t, address, value);
}

static void reads_begin(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_reads++;
}

static void reads_end(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_reads = (uint16_t)(t->ignore_reads - (t->ignore_reads > 0));
}

static void writes_begin(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_writes++;
}

static void writes_end(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_writes = (uint16_t)(t->ignore_writes - (t->ignore_writes > 0));
}

static void sync_begin(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_sync++;
}

static void sync_end(struct task *t, uint64_t address, uintptr_t value)
{
    (void)address;
    (void)value;
    t->ignore_sync = (uint16_t)(t->ignore_sync - (t->ignore_sync > 0));
}

static void benign(struct task *t, uint64_t address, uintptr_t value)
{
    (void)t;
    ilv__memory_benign((const void *)(uintptr_t)address, value);
}

static void fresh(struct task *t, uint64_t address, uintptr_t value)
{
    (void)t;
    ilv__memory_fresh((const void *)(uintptr_t)address, value);
}

static void name(struct task *t, uint64_t address, uintptr_t value)
{
    (void)value;
    const char *text = (const char *)(uintptr_t)address;
    size_t n = text != NULL ? strnlen(text, sizeof t->info->name - 1) : 0;
    if (n > 0)
        memcpy(t->info->name, text, n);
    t->info->name[n] = 0;
}

static void fiber_gone(struct task *t, uint64_t address, uintptr_t value)
{
    (void)t;
    (void)value;
    ilv__actor_gone(address);
}

static void fiber_switch(struct task *t, uint64_t address, uintptr_t value)
{
    ilv__actor_switch(t, address, (value & NO_SYNC) == 0);
}

static note_fn *const notes[ILV_ANNOTATION_COUNT] = {
    [ILV_ANNOTATION_ACQUIRE] = acquire,
    [ILV_ANNOTATION_RELEASE] = release,
    [ILV_ANNOTATION_MUTEX_PRE_LOCK] = enter_lock,
    [ILV_ANNOTATION_MUTEX_POST_LOCK] = post_lock,
    [ILV_ANNOTATION_MUTEX_PRE_UNLOCK] = pre_unlock,
    [ILV_ANNOTATION_MUTEX_POST_UNLOCK] = leave_lock,
    [ILV_ANNOTATION_MUTEX_PRE_SIGNAL] = enter_lock,
    [ILV_ANNOTATION_MUTEX_POST_SIGNAL] = leave_lock,
    [ILV_ANNOTATION_MUTEX_PRE_DIVERT] = leave_lock,
    [ILV_ANNOTATION_MUTEX_POST_DIVERT] = enter_lock,
    [ILV_ANNOTATION_FIBER_DESTROY] = fiber_gone,
    [ILV_ANNOTATION_FIBER_SWITCH] = fiber_switch,
    [ILV_ANNOTATION_IGNORE_READS_BEGIN] = reads_begin,
    [ILV_ANNOTATION_IGNORE_READS_END] = reads_end,
    [ILV_ANNOTATION_IGNORE_WRITES_BEGIN] = writes_begin,
    [ILV_ANNOTATION_IGNORE_WRITES_END] = writes_end,
    [ILV_ANNOTATION_IGNORE_SYNC_BEGIN] = sync_begin,
    [ILV_ANNOTATION_IGNORE_SYNC_END] = sync_end,
    [ILV_ANNOTATION_BENIGN_RACE] = benign,
    [ILV_ANNOTATION_NEW_MEMORY] = fresh,
    [ILV_ANNOTATION_RWLOCK_ACQUIRED] = acquire,
    [ILV_ANNOTATION_RWLOCK_RELEASED] = release,
    [ILV_ANNOTATION_THREAD_NAME] = name,
};

/* Those that return something. */
static uintptr_t answer(struct task *t, unsigned annotation, uint64_t address)
{
    if (annotation == ILV_ANNOTATION_FIBER_CURRENT)
        return ilv__actor_current(t, address);
    if (annotation == ILV_ANNOTATION_FIBER_CREATE)
        return ilv__actor_made(t, address);
    return 0;
}

uintptr_t ilv__annotation(unsigned annotation, const void *address, uintptr_t value, const void *pc)
{
    (void)pc;
    uint64_t at = (uint64_t)(uintptr_t)address;
    uintptr_t answered = 0;
    if (annotation == ILV_ANNOTATION_BENIGN_RACE && !ilv__world.active)
        ilv__memory_benign(address, value);
    if (annotation >= ILV_ANNOTATION_COUNT || !ilv__managed() || ilv__watch.race == NULL)
        return 0;
    ilv__enter();
    if (notes[annotation] != NULL)
        notes[annotation](ilv__self, at, value);
    else
        answered = answer(ilv__self, annotation, at);
    ilv__exit();
    return answered;
}
