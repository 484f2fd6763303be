/* SPDX-License-Identifier: MIT */
/* A thread waits in a call of dl_iterate_phdr, where the list of libraries is locked, while another
 * one goes on and makes what stacks are recorded for; it fails, so that this is played back. */
/* status: 1 */
/* tells: exit-status: the program ended with status 7 */
/* says: FOUND exit-status in run 0: iterates_libraries-exit-status-1.sched */
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t inside, go_on;

static int look(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)info;
    (void)size;
    (void)data;
    sem_post(&inside);
    sem_wait(&go_on);
    return 1;
}

static void *iterate(void *unused)
{
    dl_iterate_phdr(look, NULL);
    return unused;
}

static void *let_go_on(void *unused)
{
    sem_post(&go_on);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    if (sem_init(&inside, 0, 0) != 0 || sem_init(&go_on, 0, 0) != 0 ||
        pthread_create(&a, NULL, iterate, NULL) != 0)
        return 2;
    sem_wait(&inside);
    if (pthread_create(&b, NULL, let_go_on, NULL) != 0)
        return 2;
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 7;
}
