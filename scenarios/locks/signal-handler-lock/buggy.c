/* SPDX-License-Identifier: MIT */
/*
 * The handler takes the lock that the code it interrupts may hold.
 *
 *     server                                operator
 *     lock count_lock
 *                                           pthread_kill(server, SIGUSR1)
 *     handler: lock count_lock   (waits for itself)
 *
 * The code that could unlock is below the handler on the same stack: it goes on when the handler
 * returns, which it never does. A recursive lock would not help, the data is half changed.
 */
#include "common.h"

static void on_question(int signal)
{
    (void)signal;
    show();
}

static void prepare(void)
{
    on_sigusr1(on_question);
}

static void answer_if_asked(void)
{
}
