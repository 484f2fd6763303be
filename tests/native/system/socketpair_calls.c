/* SPDX-License-Identifier: MIT */
/* Socket pairs: streams, datagrams, sequenced packets, messages, time limits, shutdown. */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "result.h"

static int s[2];
static char report[128]; /* by a thread, printed when it is joined */

static void *echo(void *unused)
{
    char text[64];
    long n;
    while ((n = recv(s[1], text, sizeof text, 0)) > 0)
        if (send(s[1], text, (size_t)n, 0) != n)
            printf("short echo\n");
    snprintf(report, sizeof report, "echo ends %ld", n);
    return unused;
}

static void *flood(void *unused)
{
    static char large[500000];
    long sent = send(s[1], large, sizeof large, 0);
    snprintf(report, sizeof report, "sent %ld, closed %d", sent, close(s[1]));
    return unused;
}

static void packets(int type)
{
    char text[64];
    SHOW(socketpair(AF_UNIX, type, 0, s));
    SHOW(send(s[0], "one", 3, 0));
    SHOW(send(s[0], "three", 5, 0));
    SHOW(recv(s[1], text, 2, 0));
    SHOW(recv(s[1], text, sizeof text, MSG_PEEK));
    SHOW(recv(s[1], text, sizeof text, MSG_TRUNC));
    SHOW(recv(s[1], text, sizeof text, MSG_DONTWAIT));
    SHOW(close(s[0]));
    SHOW(close(s[1]));
}

static void messages(void)
{
    char a[4] = {0};
    char b[8] = {0};
    char abc[] = "abc";
    char defgh[] = "defgh";
    struct iovec out[2] = {{abc, 3}, {defgh, 5}};
    struct iovec in[2] = {{a, 3}, {b, 7}};
    struct msghdr m = {.msg_iov = out, .msg_iovlen = 2};
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    SHOW(sendmsg(s[0], &m, 0));
    m.msg_iov = in;
    SHOW(recvmsg(s[1], &m, 0));
    printf("%s %s\n", a, b);
    SHOW(close(s[0]));
    SHOW(close(s[1]));
}

int main(void)
{
    pthread_t thread;
    char text[64] = {0};
    struct timeval limit = {0, 20000};
    static char large[500000];
    signal(SIGPIPE, SIG_IGN);
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    pthread_create(&thread, NULL, echo, NULL);
    SHOW(write(s[0], "hello", 5));
    SHOW(recv(s[0], text, 5, MSG_WAITALL));
    SHOW(strcmp(text, "hello"));
    SHOW(shutdown(s[0], SHUT_WR));
    pthread_join(thread, NULL);
    printf("%s\n", report);
    SHOW(send(s[0], "x", 1, 0));
    SHOW(close(s[1]));
    SHOW(recv(s[0], text, 5, 0));
    SHOW(close(s[0]));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    SHOW(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    SHOW(recv(s[0], text, 1, 0));
    limit.tv_usec = 0;
    SHOW(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    pthread_create(&thread, NULL, flood, NULL);
    SHOW(recv(s[0], large, sizeof large, MSG_WAITALL));
    pthread_join(thread, NULL);
    printf("%s\n", report);
    SHOW(recv(s[0], text, 1, 0));
    SHOW(close(s[0]));
    packets(SOCK_DGRAM);
    packets(SOCK_SEQPACKET);
    messages();
    return 0;
}
