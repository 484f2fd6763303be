/* SPDX-License-Identifier: MIT */
/* Locks in memory that is used again: freed while locked, copied, zeroed, unmapped, on a stack,
 * from an allocator of the program's own. Nothing here is an error. */
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "result.h"

struct locks {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    pthread_rwlock_t rwlock;
};

static void use(struct locks *l)
{
    pthread_mutex_lock(&l->mutex);
    struct timespec t = from_now(CLOCK_REALTIME, 1);
    SHOW(pthread_cond_timedwait(&l->cond, &l->mutex, &t));
    SHOW(pthread_rwlock_tryrdlock(&l->rwlock));
    SHOW(pthread_mutex_trylock(&l->mutex));
}

static void from_the_heap(void)
{
    for (int i = 0; i < 3; i++) {
        struct locks *l = calloc(1, sizeof *l);
        use(l);
        l = realloc(l, 16);
        free(l);
    }
}

static void copied(void)
{
    static const struct locks fresh = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                                       PTHREAD_RWLOCK_INITIALIZER};
    struct locks *two = malloc(2 * sizeof *two);
    memcpy(&two[0], &fresh, sizeof fresh);
    pthread_mutex_lock(&two[0].mutex);
    pthread_mutex_unlock(&two[0].mutex);
    memcpy(&two[1], &two[0], sizeof fresh);
    use(&two[0]);
    use(&two[1]);
    memset(&two[0], 0, sizeof fresh);
    use(&two[0]);
    free(two);
}

static void mapped(void)
{
    for (int i = 0; i < 3; i++) {
        struct locks *l =
            mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        use(l);
        munmap(l, 4096);
    }
}

static void on_the_stack(int depth)
{
    struct locks l = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                      PTHREAD_RWLOCK_INITIALIZER};
    use(&l);
    if (depth > 0)
        on_the_stack(depth - 1);
}

static void *in_another_stack(void *unused)
{
    (void)unused;
    on_the_stack(1);
    return NULL;
}

static void from_an_arena(void)
{
    static _Alignas(16) char arena[2 * sizeof(struct locks)];
    size_t used = 0;
    for (int i = 0; i < 4; i++) {
        struct locks *l = (struct locks *)(void *)(arena + used);
        used = (used + sizeof *l) % sizeof arena;
        SHOW(pthread_mutex_init(&l->mutex, NULL));
        SHOW(pthread_cond_init(&l->cond, NULL));
        SHOW(pthread_rwlock_init(&l->rwlock, NULL));
        use(l);
        pthread_rwlock_unlock(&l->rwlock);
        pthread_mutex_unlock(&l->mutex);
        SHOW(pthread_rwlock_destroy(&l->rwlock));
        SHOW(pthread_cond_destroy(&l->cond));
        SHOW(pthread_mutex_destroy(&l->mutex));
    }
}

static void semaphores(void)
{
    int value = 0;
    for (int i = 0; i < 3; i++) {
        sem_t *sem = malloc(sizeof *sem);
        sem_init(sem, 0, 5);
        sem_wait(sem);
        sem_t *moved = malloc(sizeof *moved);
        memcpy(moved, sem, sizeof *sem);
        free(sem);
        SHOW_ERRNO(sem_getvalue(moved, &value));
        SHOW_VALUE(value);
        free(moved);
    }
}

int main(void)
{
    from_the_heap();
    copied();
    mapped();
    on_the_stack(2);
    on_the_stack(2);
    in_thread(in_another_stack, NULL);
    in_thread(in_another_stack, NULL);
    from_an_arena();
    semaphores();
    return 0;
}
