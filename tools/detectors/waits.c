/* SPDX-License-Identifier: MIT */
/* Who could end a wait. */
#include "internal.h"

uint32_t ilv__lock_awaited(const struct ilv__signals *signals, const struct ilv_op *op)
{
    static const bool waits_for_lock[ILV_EV_COUNT] = {
        [ILV_EV_MUTEX_LOCK] = true, [ILV_EV_RWLOCK_RDLOCK] = true, [ILV_EV_RWLOCK_WRLOCK] = true,
        [ILV_EV_SPIN_LOCK] = true,  [ILV_EV_ONCE_BEGIN] = true,
    };
    if (op->kind == ILV_EV_COND_WAKE) {
        return ilv__woken(signals, op) ? op->object2 : 0;
    }
    return op->kind < ILV_EV_COUNT && waits_for_lock[op->kind] ? op->object : 0;
}

int ilv__joined(const struct ilv_view *view, const struct ilv_op *op)
{
    if (op->kind != ILV_EV_TASK_JOIN || op->object >= view->object_count) {
        return -1;
    }
    const struct ilv_object_info *object = &view->objects[op->object];
    bool known = object->cls == ILV_CLASS_TASK && object->address < view->task_count;
    return known ? (int)object->address : -1;
}

/* A mutex that its owner may take again, or is told off for taking again, is no wait for him. */
static bool waits_for_itself(const struct ilv_view *view, uint32_t object)
{
    return object < view->object_count &&
           (view->objects[object].flags & (ILV_RECURSIVE | ILV_ERRORCHECK)) == 0;
}

/* A task that waits for the lock to write, or -1. */
static int a_writer(const struct ilv_view *view, uint32_t lock)
{
    for (uint32_t t = 0; t < view->task_count; t++) {
        const struct ilv_task_info *task = &view->tasks[t];
        if (task->state == ILV_TASK_LIVE && task->op.kind == ILV_EV_RWLOCK_WRLOCK &&
            task->op.object == lock) {
            return (int)t;
        }
    }
    return -1;
}

static int readers_ender(const struct ilv__holds *holds, unsigned task, uint32_t lock, bool any)
{
    uint32_t readers = 0;
    int reader = ilv__a_reader(holds, lock, task, &readers);
    return !holds->blind && (readers == 1 || any) ? reader : -1;
}

static int lock_ender(const struct ilv__holds *holds, const struct ilv_view *view, unsigned task,
                      uint32_t lock, bool any)
{
    unsigned kind = view->tasks[task].op.kind;
    int owner = ilv__owner(holds, lock);
    if (owner >= 0) {
        return owner != (int)task || waits_for_itself(view, lock) ? owner : -1;
    }
    if (kind == ILV_EV_RWLOCK_WRLOCK) {
        return readers_ender(holds, task, lock, any);
    }
    return kind == ILV_EV_RWLOCK_RDLOCK && any ? a_writer(view, lock) : -1;
}

/* Of two tasks that join each other the second is refused (EDEADLK) and does not wait. */
static int join_ender(const struct ilv_view *view, unsigned task)
{
    int other = ilv__joined(view, &view->tasks[task].op);
    return other >= 0 && ilv__joined(view, &view->tasks[other].op) != (int)task ? other : -1;
}

int ilv__ender(const struct ilv__holds *holds, const struct ilv__signals *signals,
               const struct ilv_view *view, unsigned task, bool any)
{
    const struct ilv_op *op = &view->tasks[task].op;
    if ((op->flags & ILV_TIMED) != 0 && op->kind != ILV_EV_COND_WAKE) {
        return -1;
    }
    uint32_t lock = ilv__lock_awaited(signals, op);
    return lock != 0 ? lock_ender(holds, view, task, lock, any) : join_ender(view, task);
}
