/* SPDX-License-Identifier: MIT */
/* A broken pipe calls the handler of SIGPIPE before write comes back. */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "result.h"

static volatile sig_atomic_t handled;

static void on_pipe(int signal)
{
    handled += signal;
}

int main(void)
{
    int p[2];
    struct sigaction action = {.sa_handler = on_pipe};
    sigaction(SIGPIPE, &action, NULL);
    SHOW(pipe(p));
    SHOW(close(p[0]));
    SHOW(write(p[1], "x", 1));
    printf("handled %d\n", (int)handled);
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    SHOW(close(p[0]));
    SHOW(send(p[1], "x", 1, MSG_NOSIGNAL));
    printf("handled %d\n", (int)handled);
    SHOW(send(p[1], "x", 1, 0));
    printf("handled %d\n", (int)handled);
    return 0;
}
