/* SPDX-License-Identifier: MIT */
/* task.c: what tasks wait for, and what is asked of them. See loop_parts.h. */
#include <errno.h>
#include <ilv/deadline.h>
#include <stdlib.h>

#include "internal.h"
#include "loop_parts.h"

/* The loop in a task of which the caller is, or NULL. */
static struct ilv_loop *around_caller(void)
{
    struct ilv_loop *loop = ilv__loop_mine();
    return loop != NULL && loop->running != NULL ? loop : NULL;
}

static int rest(struct ilv_task_list *in, const struct timespec *deadline)
{
    return ilv__task_rest(ilv__loop_mine(), in, deadline);
}

int ilv_task_pass(void)
{
    struct ilv_loop *loop = around_caller();
    if (loop == NULL)
        return EPERM;
    if (loop->running->cancelled)
        return ECANCELED;
    loop->running->order = ++loop->asked;
    loop->running->woken_with = 0;
    return ilv__task_rest(loop, &loop->ready, NULL);
}

int ilv_task_sleep_until(const struct timespec *deadline)
{
    if (!ilv__deadline_valid(deadline))
        return EINVAL;
    if (around_caller() == NULL)
        return EPERM;
    int error = rest(NULL, deadline);
    return error == ETIMEDOUT ? 0 : error;
}

int ilv_task_sleep(int64_t nanoseconds)
{
    struct timespec deadline = ilv_deadline_in(nanoseconds);
    return nanoseconds < 0 ? EINVAL : ilv_task_sleep_until(&deadline);
}

static int await(int fd, short events, const struct timespec *deadline)
{
    struct ilv_loop *loop = around_caller();
    if (!ilv__deadline_valid(deadline))
        return EINVAL;
    if (loop == NULL || fd < 0)
        return loop == NULL ? EPERM : EBADF;
    loop->running->fd = fd;
    loop->running->events = events;
    return rest(&loop->watching, deadline);
}

int ilv_task_readable(int fd, const struct timespec *deadline)
{
    return await(fd, POLLIN, deadline);
}

int ilv_task_writable(int fd, const struct timespec *deadline)
{
    return await(fd, POLLOUT, deadline);
}

/* Until it has ended. */
static int await_end(struct ilv_task *task, const struct timespec *deadline)
{
    const struct ilv_loop *loop = around_caller();
    if (task == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    if (task->loop == NULL)
        return 0;
    if (loop == NULL || task->loop != loop)
        return EPERM;
    return task != loop->running ? rest(&task->joiners, deadline) : EDEADLK;
}

int ilv_task_join_until(struct ilv_task *task, int *outcome, const struct timespec *deadline)
{
    int error = await_end(task, deadline);
    if (error == 0 && outcome != NULL)
        *outcome = task->outcome;
    return error;
}

int ilv_task_join(struct ilv_task *task, int *outcome)
{
    return ilv_task_join_until(task, outcome, NULL);
}

int ilv_task_gather(struct ilv_task *const tasks[], size_t count, int outcomes[],
                    const struct timespec *deadline)
{
    int error = tasks != NULL || count == 0 ? 0 : EINVAL;
    for (size_t i = 0; i < count && error == 0; i++)
        error = await_end(tasks[i], deadline);
    for (size_t i = 0; i < count && error == 0 && outcomes != NULL; i++)
        outcomes[i] = tasks[i]->outcome;
    return error;
}

int ilv_task_outcome(const struct ilv_task *task, int *outcome)
{
    if (task == NULL || outcome == NULL)
        return EINVAL;
    if (task->loop != NULL)
        return EBUSY;
    *outcome = task->outcome;
    return 0;
}

bool ilv_task_ended(const struct ilv_task *task)
{
    return task == NULL || task->loop == NULL;
}

struct ilv_task *ilv_task_current(void)
{
    const struct ilv_loop *loop = around_caller();
    return loop != NULL ? loop->running : NULL;
}

int ilv_task_free(struct ilv_task *task)
{
    if (task != NULL && task->loop != NULL)
        return EBUSY;
    free(task);
    return 0;
}
