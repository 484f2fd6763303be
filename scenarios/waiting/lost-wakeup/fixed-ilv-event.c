/* SPDX-License-Identifier: MIT */
/*
 * An event, which remembers: it stays set, whoever comes, and whenever.
 */
#include "common.h"

#include <ilv/event.h>

static struct ilv_event announced;

static void announce(void)
{
    ilv_event_set(&announced);
}

static void await(void)
{
    ilv_event_wait(&announced);
}
