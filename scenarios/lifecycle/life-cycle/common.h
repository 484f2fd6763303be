/* SPDX-License-Identifier: MIT */
/*
 * What a thread says of itself. It waits in the middle of its life until it is told to go on, so
 * that main can look at it there.
 */
#include <stdbool.h>

#include <ilv/event.h>

#include "scenario_ilv.h"

#define EXIT_CODE 3

static struct ilv_event go_on = ILV_EVENT_INIT;

static int live(void *unused)
{
    (void)unused;
    ilv_event_wait(&go_on);
    return EXIT_CODE;
}
