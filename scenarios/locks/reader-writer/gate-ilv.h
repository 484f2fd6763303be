/* SPDX-License-Identifier: MIT */
/* The gate's lock and its condition, of our primitives. */
#include <ilv/condition.h>
#include <ilv/mutex.h>

static struct ilv_mutex gate;
static struct ilv_condition gate_changed;

static void lock_gate(void)
{
    ilv_mutex_lock(&gate);
}

static void unlock_gate(void)
{
    ilv_mutex_unlock(&gate);
}

static void await_change(void)
{
    ilv_condition_wait(&gate_changed, &gate);
}

static void tell_change(void)
{
    ilv_condition_notify_all(&gate_changed);
}

#include "gate.h"
