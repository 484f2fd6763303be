/* SPDX-License-Identifier: MIT */
/* The gate's lock and its condition, of pthreads. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_changed = PTHREAD_COND_INITIALIZER;

static void lock_gate(void)
{
    pthread_mutex_lock(&gate);
}

static void unlock_gate(void)
{
    pthread_mutex_unlock(&gate);
}

static void await_change(void)
{
    pthread_cond_wait(&gate_changed, &gate);
}

static void tell_change(void)
{
    pthread_cond_broadcast(&gate_changed);
}

#include "gate.h"
