/* SPDX-License-Identifier: MIT */
/* Who could end a wait. */
#include "internal.h"

bool ilv__asleep(const struct ilv_op *op)
{
    return (op->kind == ILV_EV_COND_WAKE || op->kind == ILV_EV_BARRIER_LEAVE) && op->value == 0;
}

uint32_t ilv__lock_awaited(const struct ilv_op *op)
{
    static const bool waits_for_lock[ILV_EV_COUNT] = {
        [ILV_EV_MUTEX_LOCK] = true, [ILV_EV_RWLOCK_RDLOCK] = true, [ILV_EV_RWLOCK_WRLOCK] = true,
        [ILV_EV_SPIN_LOCK] = true,  [ILV_EV_ONCE_BEGIN] = true,
    };
    if (op->kind == ILV_EV_COND_WAKE) {
        return ilv__asleep(op) ? 0 : op->object2;
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

static int lock_ender(const struct ilv__holds *holds, const struct ilv_view *view, unsigned task,
                      uint32_t lock, bool any)
{
    int owner = ilv__owner(holds, lock);
    if (owner == (int)task && !waits_for_itself(view, lock)) {
        return -1;
    }
    if (owner >= 0 || view->tasks[task].op.kind != ILV_EV_RWLOCK_WRLOCK || holds->blind) {
        return owner;
    }
    uint32_t readers = 0;
    int reader = ilv__a_reader(holds, lock, task, &readers);
    return readers == 1 || any ? reader : -1;
}

int ilv__ender(const struct ilv__holds *holds, const struct ilv_view *view, unsigned task, bool any)
{
    const struct ilv_op *op = &view->tasks[task].op;
    if ((op->flags & ILV_TIMED) != 0 && op->kind != ILV_EV_COND_WAKE) {
        return -1;
    }
    uint32_t lock = ilv__lock_awaited(op);
    return lock != 0 ? lock_ender(holds, view, task, lock, any) : ilv__joined(view, op);
}
