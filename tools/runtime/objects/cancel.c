/* SPDX-License-Identifier: MIT */
/*
 * cancel.c: cancellation (POSIX.1-2017, System Interfaces 2.9.5).
 *
 *   requested    cancel_pending; stays until acted upon
 *   reaches      enabled, and the task is at a cancellation point (deferred) or anywhere
 *                (asynchronous): a candidate of the core, or at once when the task arrives at the
 *                point with the request already there
 *   under way    cancelling: the wait was ended, the door is being left
 *   acted upon   disabled for good; the real pthread_exit unwinds the stack
 */
#include "objects/cancel.h"

#include <errno.h>

#include "objects/signal.h"

/* Operations in which a task waits and may be cancelled. */
static const bool cancellation_point[ILV_EV_COUNT] = {
    [ILV_EV_TASK_JOIN] = true,     [ILV_EV_TASK_TESTCANCEL] = true, [ILV_EV_COND_WAKE] = true,
    [ILV_EV_SEM_WAIT] = true,      [ILV_EV_SIGNAL_WAIT] = true,     [ILV_EV_CHANNEL_READ] = true,
    [ILV_EV_CHANNEL_WRITE] = true, [ILV_EV_CHANNEL_POLL] = true,    [ILV_EV_CLOCK_SLEEP] = true,
    [ILV_EV_OUTSIDE] = true,
};

bool ilv__cancel_reaches(const struct task *t)
{
    if (!t->cancel_pending || t->cancel_disabled || t->cancelling)
        return false;
    if (t->info->op.kind == ILV_EV_TASK_START)
        return false;
    return t->cancel_async || cancellation_point[t->info->op.kind];
}

bool ilv__cancel_interrupts(struct task *t)
{
    t->cancelling = true;
    if (!cancellation_point[t->info->op.kind])
        ilv__exit();
    return true;
}

/* The last thing of a door: the stack is the program's from here on. */
void ilv__leave_call(void)
{
    ilv__cancel_close();
    ilv__real()->pthread_exit(PTHREAD_CANCELED);
}

void ilv__cancel_close(void)
{
    struct task *t = ilv__self;
    t->cancelling = false;
    t->cancel_pending = false;
    t->cancel_disabled = 1;
    t->cancel_async = 0;
}

void ilv__cancel_inherit(struct task *child, const struct task *parent)
{
    (void)parent;
    child->cancel_disabled = 0;
    child->cancel_async = 0;
}

/* Enabling, or allowing it anywhere, lets a request in that was already there. */
static void act_if_due(struct task *t)
{
    ILV_ASSERT(t != NULL);
    if (t->cancel_pending && t->cancel_async && !t->cancel_disabled)
        t->cancelling = true;
}

int ilv__cancel_set_state(int state, int *old)
{
    struct task *t = ilv__self;
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old != NULL)
        *old = t->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    t->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
    act_if_due(t);
    return 0;
}

int ilv__cancel_set_type(int type, int *old)
{
    struct task *t = ilv__self;
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old != NULL)
        *old = t->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
    t->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
    act_if_due(t);
    return 0;
}

void ilv__cancel_test(void)
{
    struct ilv_op op = ilv__op(ILV_EV_TASK_TESTCANCEL, ilv__self->object);
    ilv__point(&op, NULL);
    ilv__done(0, 0);
}

int ilv__cancel(pthread_t thread)
{
    struct task *other = ilv__task_of(thread);
    struct ilv_op op = ilv__op(ILV_EV_TASK_CANCEL, other != NULL ? other->object : 0);
    ilv__point(&op, NULL);
    int error = other == NULL ? ESRCH : 0;
    if (error == 0 && other->info->state == ILV_TASK_LIVE)
        other->cancel_pending = true;
    ilv__done(error, 0);
    if (other == ilv__self)
        act_if_due(other);
    return error;
}
