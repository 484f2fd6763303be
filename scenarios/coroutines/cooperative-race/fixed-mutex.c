/* SPDX-License-Identifier: MIT */
/*
 * A mutex for tasks, held over the wait: the second counter looks when the first has sold.
 */
#include "common.h"

static struct ilv_task_mutex lock = ILV_TASK_MUTEX_INIT;

static bool sell(void)
{
    scenario_must(ilv_task_mutex_lock(&lock, NULL), "ilv_task_mutex_lock");
    bool available = tickets > 0;
    if (available) {
        check_card();
        tickets--;
    }
    scenario_must(ilv_task_mutex_unlock(&lock), "ilv_task_mutex_unlock");
    return available;
}
