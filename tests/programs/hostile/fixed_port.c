/* SPDX-License-Identifier: MIT */
/* A server on a fixed port, and its client: every run has the port for itself. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in place = {.sin_family = AF_INET};

static void *ask(void *unused)
{
    char answer = 0;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (const struct sockaddr *)&place, sizeof place) != 0 || write(s, "a", 1) != 1 ||
        read(s, &answer, 1) != 1 || answer != 'b')
        _exit(1);
    close(s);
    return unused;
}

int main(void)
{
    pthread_t thread;
    char question = 0;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    place.sin_port = htons(17777);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (const struct sockaddr *)&place, sizeof place) != 0 || listen(s, 4) != 0)
        return 1;
    if (pthread_create(&thread, NULL, ask, NULL) != 0)
        return 2;
    int c = accept(s, NULL, NULL);
    if (c < 0 || read(c, &question, 1) != 1 || question != 'a' || write(c, "b", 1) != 1)
        return 1;
    pthread_join(thread, NULL);
    return 0;
}
