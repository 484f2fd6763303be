/* SPDX-License-Identifier: MIT */
/*
 * Two threads want the settings, which are made when they are wanted first. Looking must be cheap,
 * so it is done without a lock, and the lock is for making. How the one who looks learns that all
 * is there is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define READERS 2

struct settings {
    int width;
    int height;
};

static struct settings *settings(void);

static void *reader(void *unused)
{
    struct settings *found = settings();
    scenario_check(found->width == 80 && found->height == 24, "settings are complete when seen");
    return unused;
}

int main(void)
{
    pthread_t first = scenario_start(reader, NULL);
    pthread_t second = scenario_start(reader, NULL);
    scenario_join(first);
    scenario_join(second);
    return 0;
}
