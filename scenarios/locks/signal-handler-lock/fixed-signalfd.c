/* SPDX-License-Identifier: MIT */
/*
 * No handler at all: the signal is blocked and read from a descriptor.
 *
 * What was an interruption becomes a message, read when the server is ready for it. The mask is
 * set before other threads are made, so that they inherit it.
 */
#include "common.h"

#include <sys/signalfd.h>
#include <unistd.h>

static int questions;

static void prepare(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    scenario_must(pthread_sigmask(SIG_BLOCK, &set, NULL), "pthread_sigmask");
    questions = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    scenario_check(questions >= 0, "there is a descriptor");
}

static void answer_if_asked(void)
{
    struct signalfd_siginfo question;
    if (read(questions, &question, sizeof question) == sizeof question)
        show();
}
