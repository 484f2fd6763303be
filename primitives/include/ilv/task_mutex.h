/* SPDX-License-Identifier: MIT */
/*
 * task_mutex.h: one task at a time, over its waits. For tasks of one loop; it blocks no thread.
 *
 *     static struct ilv_task_mutex lock = ILV_TASK_MUTEX_INIT;
 *
 *     if (ilv_task_mutex_lock(&lock, NULL) == 0) {
 *         if (stock > 0) {
 *             ilv_task_sleep(ILV_SECOND);
 *             stock--;
 *         }
 *         ilv_task_mutex_unlock(&lock);
 *     }
 *
 * It is handed to those who wait in the order of their asking. Between two waits nobody interferes:
 * what does not wait needs none. A task that ends as its holder leaves it locked for ever: then
 * ilv_loop_run() says EDEADLK of those who wait. It must stay where it is while it is in use.
 */
#ifndef ILV_TASK_MUTEX_H
#define ILV_TASK_MUTEX_H

#include <ilv/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_task_list {
    struct ilv_task *first;
    struct ilv_task *last;
};

/* Valid when all zero. */
struct ilv_task_mutex {
    struct ilv_task *holder;
    struct ilv_task_list waiting;
};

#define ILV_TASK_MUTEX_INIT \
    {                       \
        0,                  \
        {                   \
            0, 0            \
        }                   \
    }

/*
 * 0: the calling task is the holder. EDEADLK: it is already. ECANCELED: only if it would have to
 * wait. ETIMEDOUT. EPERM: not in a task. Try: EBUSY instead of waiting.
 */
int ilv_task_mutex_lock(struct ilv_task_mutex *mutex, const struct timespec *deadline);
int ilv_task_mutex_try_lock(struct ilv_task_mutex *mutex);

/* EPERM: the calling task does not hold it. Never waits. */
int ilv_task_mutex_unlock(struct ilv_task_mutex *mutex);

#ifdef __cplusplus
}
#endif

#endif
