/* SPDX-License-Identifier: MIT */
/*
 * The handler writes a byte into a pipe; the server reads it between requests.
 *
 * write() is one of the few calls that a handler may make. Unlike a flag, a pipe can be waited for
 * with poll() beside everything else, so a sleeping server is woken by it. Both ends do not
 * block: a full pipe already says what a further byte would say.
 */
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int questions[2];

static void on_question(int signal)
{
    (void)signal;
    int kept = errno;
    ssize_t written = write(questions[1], "?", 1);
    (void)written;
    errno = kept;
}

static void prepare(void)
{
    scenario_check(pipe2(questions, O_NONBLOCK | O_CLOEXEC) == 0, "there is a pipe");
    on_sigusr1(on_question);
}

static void answer_if_asked(void)
{
    char byte;
    if (read(questions[0], &byte, 1) == 1)
        show();
}
