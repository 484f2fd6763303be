/* SPDX-License-Identifier: MIT */
/* Makes everything that outlives a process, and removes nothing. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>

#define KEY 0x5150
#define SIZE 77777 /* by which leaves_nothing knows it */
#define SEMAPHORES 13

int main(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
    int memory = shm_open("/leaves-system", O_CREAT | O_EXCL | O_RDWR, 0600);
    int segment = shmget(KEY, SIZE, IPC_CREAT | IPC_EXCL | 0600);
    int set = semget(KEY, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600);
    mqd_t queue = mq_open("/leaves-system", O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
    printf("%d %d %d %d\n", memory >= 0, segment >= 0, set >= 0, (int)queue >= 0);
    return 0;
}
