/* SPDX-License-Identifier: MIT */
/*
 * All kinds of synchronisation, each the only thing that orders the accesses around it: what the
 * sanitizer believes of them must be what the models believe, or it would accuse the program.
 */
/* beneath: thread address */
/* fault 1: one of the threads does not take the read-write lock */
/* finds 1: sanitizer | thread only */
/* tells 1: ThreadSanitizer: data race */
/* tells 1: (reads|writes) shared \(everything\.c:\d+\) */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 3

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_here = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t baton;
static int arrived, shared, spun, passed, made, freed;

static void make(void)
{
    made++;
}

static void give_back(void *memory)
{
    pthread_mutex_lock(&mutex);
    freed++;
    pthread_mutex_unlock(&mutex);
    free(memory);
}

static void meet(void)
{
    pthread_mutex_lock(&mutex);
    if (++arrived == THREADS)
        pthread_cond_broadcast(&all_here);
    while (arrived < THREADS)
        pthread_cond_wait(&all_here, &mutex);
    pthread_mutex_unlock(&mutex);
}

static void try_to_wait(void)
{
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&mutex);
    while (pthread_cond_timedwait(&never, &mutex, &now) != ETIMEDOUT) {
    }
    pthread_mutex_unlock(&mutex);
}

static void add_shared(int locked)
{
    if (locked)
        pthread_rwlock_wrlock(&rwlock);
    shared++;
    if (locked)
        pthread_rwlock_unlock(&rwlock);
    pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
}

static void *work(void *number)
{
    const int *n = number;
    pthread_setspecific(key, malloc(8));
    pthread_once(&once, make);
    if (made != 1)
        exit(3);
    meet();
    add_shared(FAULT != 1 || *n != 0);
    pthread_spin_lock(&spin);
    spun++;
    pthread_spin_unlock(&spin);
    sem_wait(&baton);
    passed++;
    sem_post(&baton);
    try_to_wait();
    int last = pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    return last && passed != THREADS ? number : NULL;
}

int main(void)
{
    static int numbers[THREADS] = {0, 1, 2};
    pthread_t thread[THREADS];
    void *wrong = NULL;
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&baton, 0, 1);
    pthread_key_create(&key, give_back);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, &numbers[i]);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        wrong = result != NULL ? result : wrong;
    }
    int sum = shared + spun + passed + freed;
    return wrong == NULL && (FAULT != 0 || sum == 4 * THREADS) ? 0 : 1;
}
