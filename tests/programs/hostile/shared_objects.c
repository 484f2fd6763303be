/* SPDX-License-Identifier: MIT */
/* Makes shared objects under fixed names, and leaves them. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

static void *post(void *semaphore)
{
    sem_post(semaphore);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    int fd = shm_open("/ilv-hostile", O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || ftruncate(fd, 4096) != 0)
        return 1;
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    sem_t *semaphore = sem_open("/ilv-hostile", O_CREAT | O_EXCL, 0600, 0);
    if (shared == MAP_FAILED || semaphore == SEM_FAILED || shared[0] != 0)
        return 1;
    shared[0] = 1;
    if (pthread_create(&thread, NULL, post, semaphore) != 0)
        return 2;
    sem_wait(semaphore);
    pthread_join(thread, NULL);
}
