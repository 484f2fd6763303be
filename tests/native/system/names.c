/* SPDX-License-Identifier: MIT */
/* Names of the whole machine: made, found again, refused twice, removed. */
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "result.h"

#define KEY 0x11a7e

static mqd_t queue;

static void *send_one(void *unused)
{
    return mq_send(queue, "hello", 5, 3) == 0 ? unused : &queue;
}

static void memory(void)
{
    int fd = shm_open("/ilv-native", O_CREAT | O_EXCL | O_RDWR, 0600);
    printf("made %d\n", fd >= 0);
    SHOW(shm_open("/ilv-native", O_CREAT | O_EXCL | O_RDWR, 0600));
    SHOW(ftruncate(fd, 4096));
    int again = shm_open("/ilv-native", O_RDWR, 0);
    SHOW(write(again, "x", 1));
    char c = 0;
    SHOW(pread(fd, &c, 1, 0));
    SHOW(shm_unlink("/ilv-native"));
    SHOW(shm_unlink("/ilv-native"));
    SHOW(shm_open("/ilv-native", O_RDWR, 0));
    SHOW(close(fd));
    SHOW(close(again));
}

static void message_queue(void)
{
    pthread_t thread;
    struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 16};
    struct timespec past = {1, 0};
    char text[16];
    unsigned priority = 0;
    void *failed = &queue;
    queue = mq_open("/ilv-native", O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
    if (queue < 0) {
        printf("no queue\n");
        return;
    }
    SHOW(mq_timedreceive(queue, text, sizeof text, &priority, &past));
    pthread_create(&thread, NULL, send_one, NULL);
    SHOW(mq_receive(queue, text, sizeof text, &priority));
    printf("priority %u\n", priority);
    pthread_join(thread, &failed);
    printf("failed %d\n", failed != NULL);
    SHOW(mq_close(queue));
    SHOW(mq_unlink("/ilv-native"));
    SHOW(mq_unlink("/ilv-native"));
}

static void system_v(void)
{
    int m = shmget(KEY, 4096, IPC_CREAT | IPC_EXCL | 0600);
    SHOW(shmget(KEY, 4096, IPC_CREAT | IPC_EXCL | 0600));
    printf("found %d\n", shmget(KEY, 0, 0) == m);
    SHOW(shmctl(m, IPC_RMID, NULL));
    int s = semget(KEY, 1, IPC_CREAT | IPC_EXCL | 0600);
    struct sembuf up = {0, 1, 0};
    struct sembuf down = {0, -1, 0};
    struct sembuf try = {0, -1, IPC_NOWAIT};
    SHOW(semop(s, &up, 1));
    SHOW(semop(s, &down, 1));
    SHOW(semop(s, &try, 1));
    SHOW(semctl(s, 0, IPC_RMID));
}

int main(void)
{
    shm_unlink("/ilv-native");
    mq_unlink("/ilv-native");
    memory();
    message_queue();
    system_v();
    return 0;
}
