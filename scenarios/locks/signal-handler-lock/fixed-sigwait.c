/* SPDX-License-Identifier: MIT */
/*
 * No handler at all: the signal is blocked, and the server takes it when it is ready for it.
 *
 * What was an interruption becomes a message. The mask is set before other threads are made, so
 * that they inherit it. sigwait() in a thread of its own, or a signalfd among the descriptors that
 * are polled, are the same fix for a server that sleeps.
 */
#include "common.h"

#include <time.h>

static sigset_t questions;

static void prepare(void)
{
    sigemptyset(&questions);
    sigaddset(&questions, SIGUSR1);
    scenario_must(pthread_sigmask(SIG_BLOCK, &questions, NULL), "pthread_sigmask");
}

static void answer_if_asked(void)
{
    static const struct timespec at_once = {0, 0};
    if (sigtimedwait(&questions, NULL, &at_once) == SIGUSR1)
        show();
}
