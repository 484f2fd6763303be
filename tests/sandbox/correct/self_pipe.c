/* SPDX-License-Identifier: MIT */
/* A handler that writes into a pipe which main polls: a signal between the look and the wait is
 * not lost. */
/* fault 1: the handler sets a flag only */
/* finds 1: deadlock (stuck) | deadlock (channel) */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "threads.h"

static int ends[2];
static pthread_t receiver;
static volatile sig_atomic_t asked;

static void handler(int number)
{
    char byte = (char)number;
    asked = 1;
    if (fault != 1)
        must(write(ends[1], &byte, 1) != 1);
}

static void *sender(void *argument)
{
    must(pthread_kill(receiver, SIGUSR1));
    return argument;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    must(pipe(ends) || sigaction(SIGUSR1, &action, NULL));
    receiver = pthread_self();
    pthread_t id = thread(sender, NULL);
    struct pollfd pollfd = {.fd = ends[0], .events = POLLIN};
    while (!asked)
        must(poll(&pollfd, 1, -1) < 0 && errno != EINTR);
    join(id);
}
