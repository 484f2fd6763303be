/* SPDX-License-Identifier: MIT */
/* task_mutex.c: a holder, and those who wait to be it. Only tasks of one thread come here. */
#include <errno.h>
#include <ilv/task_mutex.h>

#include "internal.h"
#include "loop_parts.h"

/* EBUSY: somebody else holds it. */
static int take(struct ilv_task_mutex *mutex, struct ilv_task *task)
{
    if (mutex->holder == task)
        return EDEADLK;
    if (mutex->holder != NULL)
        return EBUSY;
    mutex->holder = task;
    return 0;
}

int ilv_task_mutex_try_lock(struct ilv_task_mutex *mutex)
{
    struct ilv_task *task = ilv_task_current();
    if (mutex == NULL)
        return EINVAL;
    return task != NULL ? take(mutex, task) : EPERM;
}

int ilv_task_mutex_lock(struct ilv_task_mutex *mutex, const struct timespec *deadline)
{
    if (!ilv__deadline_valid(deadline))
        return EINVAL;
    int error = ilv_task_mutex_try_lock(mutex);
    if (error != EBUSY)
        return error;
    return ilv__task_rest(ilv__loop_mine(), &mutex->waiting, deadline);
}

int ilv_task_mutex_unlock(struct ilv_task_mutex *mutex)
{
    if (mutex == NULL)
        return EINVAL;
    struct ilv_task *task = ilv_task_current();
    if (task == NULL || mutex->holder != task)
        return EPERM;
    mutex->holder = mutex->waiting.first;
    if (mutex->holder != NULL)
        ilv__task_wake(mutex->holder, 0);
    return 0;
}
