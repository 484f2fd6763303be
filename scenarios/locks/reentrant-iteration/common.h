/* SPDX-License-Identifier: MIT */
/*
 * A newspaper and its readers. The press delivers an issue by calling every reader on the list; the
 * list is guarded by a recursive lock, because a reader who has moved away answers the call by
 * taking himself off the list. How an issue is published is what the variants are about.
 */
#include <stdbool.h>

#include <ilv/rlock.h>

#include "scenario_ilv.h"

#define READERS 3

struct reader {
    bool moved; /* away; guarded by lock, as is the next */
    int issues;
};

static struct ilv_rlock lock = ILV_RLOCK_INIT;
static struct reader readers[READERS];
static struct reader *list[READERS] = {&readers[0], &readers[1], &readers[2]}; /* guarded by lock */
static int listed = READERS;                                                   /* guarded by lock */

static void publish(void);

static void unsubscribe(const struct reader *reader)
{
    ilv_rlock_lock(&lock);
    int kept = 0;
    for (int i = 0; i < listed; i++) {
        if (list[i] != reader)
            list[kept++] = list[i];
    }
    listed = kept;
    ilv_rlock_unlock(&lock);
}

/* The callback. */
static void deliver(struct reader *reader)
{
    ilv_rlock_lock(&lock);
    if (reader->moved)
        unsubscribe(reader);
    else
        reader->issues++;
    ilv_rlock_unlock(&lock);
}

static int press(void *unused)
{
    (void)unused;
    publish();
    return 0;
}

static int move(void *reader)
{
    ilv_rlock_lock(&lock);
    ((struct reader *)reader)->moved = true;
    ilv_rlock_unlock(&lock);
    return 0;
}

int main(void)
{
    struct ilv_thread *paper = scenario_run(press, NULL);
    scenario_rest();
    struct ilv_thread *first_reader = scenario_run(move, &readers[0]);
    scenario_end(paper);
    scenario_end(first_reader);
    scenario_check(readers[1].issues == 1, "who stays gets the issue");
    scenario_check(readers[2].issues == 1, "who stays gets the issue");
    return 0;
}
