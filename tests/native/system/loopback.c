/* SPDX-License-Identifier: MIT */
/* A server and two clients on the loopback interface: TCP on a fixed port, UDP, abstract names. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "result.h"

#define PORT 18745

static struct sockaddr_in at = {.sin_family = AF_INET};
static struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0interleave-test"};
#define NAME_SIZE (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 16)

static void *client(void *unused)
{
    char text[8] = {0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    long connected = connect(fd, (struct sockaddr *)&at, sizeof at);
    long sent = send(fd, "ping", 4, 0);
    long got = recv(fd, text, 4, MSG_WAITALL);
    if (connected != 0 || sent != 4 || got != 4 || strcmp(text, "PONG") != 0)
        printf("client failed: %ld %ld %ld\n", connected, sent, got);
    close(fd);
    return unused;
}

static void serve(int listener)
{
    char text[8] = {0};
    struct sockaddr_in peer = {0};
    socklen_t size = sizeof peer;
    int fd = accept(listener, (struct sockaddr *)&peer, &size);
    long n = recv(fd, text, 4, MSG_WAITALL);
    printf("served %ld %s from %s\n", n, text, inet_ntoa(peer.sin_addr));
    SHOW(send(fd, "PONG", 4, 0));
    SHOW(recv(fd, text, 4, 0));
    close(fd);
}

static void tcp(void)
{
    pthread_t thread[2];
    struct sockaddr_in own = {0};
    socklen_t size = sizeof own;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int second = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    SHOW(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    SHOW(bind(listener, (struct sockaddr *)&at, sizeof at));
    SHOW(listen(listener, 5));
    SHOW(bind(second, (struct sockaddr *)&at, sizeof at));
    SHOW(getsockname(listener, (struct sockaddr *)&own, &size));
    printf("port %d\n", ntohs(own.sin_port));
    pthread_create(&thread[0], NULL, client, NULL);
    pthread_create(&thread[1], NULL, client, NULL);
    serve(listener);
    serve(listener);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    close(listener);
    close(second);
}

static void udp(void)
{
    char text[8] = {0};
    int a = socket(AF_INET, SOCK_DGRAM, 0);
    int b = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(bind(a, (struct sockaddr *)&at, sizeof at));
    SHOW(sendto(b, "datagram", 8, 0, (struct sockaddr *)&at, sizeof at));
    SHOW(recv(a, text, sizeof text, 0));
    close(a);
    close(b);
}

static void abstract(void)
{
    struct sockaddr_un own;
    socklen_t size = sizeof own;
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    SHOW(bind(listener, (struct sockaddr *)&name, NAME_SIZE));
    SHOW(listen(listener, 1));
    SHOW(getsockname(listener, (struct sockaddr *)&own, &size));
    printf("%d %.15s\n", (int)(size == NAME_SIZE), own.sun_path + 1);
    SHOW(connect(fd, (struct sockaddr *)&name, NAME_SIZE));
    close(fd);
    close(listener);
}

int main(void)
{
    at.sin_port = htons(PORT);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    tcp();
    udp();
    abstract();
    return 0;
}
