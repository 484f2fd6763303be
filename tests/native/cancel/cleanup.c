/* SPDX-License-Identifier: MIT */
/* Clean-up handlers, destructors of keys (also those that set their key again), and what a thread
 * leaves behind that ends in each of the ways there are. */
#include <limits.h>
#include <semaphore.h>
#include <stdint.h>
#include <unistd.h>

#include "../sync/result.h"

#define NAME(text) ((void *)(uintptr_t)(text))

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t asleep;
static pthread_key_t plain;
static pthread_key_t stubborn;
static pthread_key_t twice;
static __thread int rounds;

static void say(void *what)
{
    printf("  clean-up %s\n", (const char *)what);
}

static void destroy(void *what)
{
    printf("  destructor %s\n", (const char *)what);
}

static void set_again(void *value)
{
    rounds++;
    pthread_setspecific(stubborn, value);
}

static void set_once_more(void *value)
{
    if (rounds == 0)
        rounds = 100;
    printf("  twice %ld\n", (long)(intptr_t)value);
    if ((intptr_t)value == 2)
        pthread_setspecific(twice, (void *)1);
}

static void held_mutex(void *unused)
{
    (void)unused;
    printf("  the mutex is held: %s\n", name_of(pthread_mutex_trylock(&mutex)));
    printf("  unlock: %s\n", name_of(pthread_mutex_unlock(&mutex)));
}

static void *returns(void *value)
{
    pthread_setspecific(plain, "plain");
    return value;
}

static void *exits(void *value)
{
    pthread_cleanup_push(say, NAME("outer"));
    pthread_cleanup_push(say, NAME("inner"));
    pthread_setspecific(plain, "plain");
    pthread_exit(value);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *pops(void *value)
{
    pthread_cleanup_push(say, NAME("executed"));
    pthread_cleanup_push(say, NAME("not executed"));
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    return value;
}

static void *is_cancelled(void *value)
{
    pthread_cleanup_push(say, NAME("cancelled"));
    pthread_setspecific(plain, "plain");
    pthread_cancel(pthread_self());
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return value;
}

static void *waits(void *value)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(held_mutex, NULL);
    sem_post(&asleep);
    for (;;)
        pthread_cond_wait(&cond, &mutex);
    pthread_cleanup_pop(0);
    return value;
}

static void *keys(void *value)
{
    pthread_setspecific(stubborn, value);
    pthread_setspecific(twice, (void *)2);
    return value;
}

static void run(const char *name, void *(*start)(void *))
{
    pthread_t thread;
    void *result = NULL;
    printf("%s\n", name);
    pthread_create(&thread, NULL, start, (void *)5);
    if (start == waits) {
        sem_wait(&asleep);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        pthread_cancel(thread);
    }
    int error = pthread_join(thread, &result);
    printf("  join: %s %ld\n", name_of(error), (long)result);
}

int main(void)
{
    sem_init(&asleep, 0, 0);
    pthread_key_create(&plain, destroy);
    pthread_key_create(&stubborn, set_again);
    pthread_key_create(&twice, set_once_more);
    run("returns", returns);
    run("exits", exits);
    run("pops", pops);
    run("is cancelled", is_cancelled);
    run("waits", waits);
    run("keys", keys);
    SHOW(pthread_mutex_trylock(&mutex));
    return 0;
}
