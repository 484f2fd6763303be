/* SPDX-License-Identifier: MIT */
/*
 * A driver that is taken out while it is in use. `users` counts who is inside, and the driver
 * itself is one of them; the last to leave stops it. A user enters, works, leaves. A stopper closes
 * the door and leaves in the driver's name. How the door works is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int users = 1; /* guarded by lock, as is the next; 1 is the driver itself */
static bool stopped;  /* what the driver works with is gone */
static bool closed;   /* the door */

static bool enter(void);
static void close_door(void);

static void leave(void)
{
    pthread_mutex_lock(&lock);
    users--;
    if (users == 0)
        stopped = true;
    pthread_mutex_unlock(&lock);
}

static void work(void)
{
    pthread_mutex_lock(&lock);
    scenario_check(!stopped, "a driver that somebody uses has not been stopped");
    pthread_mutex_unlock(&lock);
}

static void *user(void *unused)
{
    if (enter()) {
        work();
        leave();
    }
    return unused;
}

static void *stopper(void *unused)
{
    close_door();
    leave();
    return unused;
}

int main(void)
{
    pthread_t uses = scenario_start(user, NULL);
    pthread_t stops = scenario_start(stopper, NULL);
    scenario_join(uses);
    scenario_join(stops);
    return 0;
}
