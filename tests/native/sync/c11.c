/* SPDX-License-Identifier: MIT */
/* <threads.h>: every call and its result. */
#include <stdatomic.h>
#include <threads.h>

#include "result.h"

static mtx_t mutex;
static cnd_t cond;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int turn;
static int initialised;
static atomic_int destroyed;

static const char *word(int result)
{
    static const char *const words[] = {
        [thrd_success] = "success", [thrd_busy] = "busy",         [thrd_error] = "error",
        [thrd_nomem] = "nomem",     [thrd_timedout] = "timedout",
    };
    return result >= 0 && result <= thrd_timedout ? words[result] : "?";
}
#define SHOW11(call) printf("%s: %s\n", #call, word(call))

static void initialise(void)
{
    initialised++;
}

static void destroy(void *value)
{
    (void)value;
    atomic_fetch_add(&destroyed, 1);
}

static int take_turn(void *unused)
{
    (void)unused;
    call_once(&once, initialise);
    tss_set(key, &turn);
    mtx_lock(&mutex);
    while (turn == 0)
        cnd_wait(&cond, &mutex);
    turn++;
    mtx_unlock(&mutex);
    thrd_exit(-7);
}

static int try_lock(void *m)
{
    mtx_t *other = m;
    struct timespec t = from_now(CLOCK_REALTIME, 5);
    SHOW11(mtx_trylock(other));
    SHOW11(mtx_timedlock(other, &t));
    t.tv_nsec = -1;
    SHOW11(mtx_timedlock(other, &t));
    return 42;
}

static void mutexes(void)
{
    mtx_t m;
    thrd_t thread;
    int result = 0;
    SHOW11(mtx_init(&m, 99));
    SHOW11(mtx_init(&m, mtx_plain));
    SHOW11(mtx_lock(&m));
    SHOW11(mtx_trylock(&m));
    SHOW11(mtx_unlock(&m));
    mtx_destroy(&m);
    SHOW11(mtx_init(&m, mtx_recursive | mtx_timed));
    SHOW11(mtx_lock(&m));
    SHOW11(mtx_lock(&m));
    SHOW11(mtx_trylock(&m));
    thrd_create(&thread, try_lock, &m); /* it prints: what creation returns is shown in main() */
    SHOW11(thrd_join(thread, &result));
    SHOW_VALUE(result);
    for (int i = 0; i < 4; i++)
        SHOW11(mtx_unlock(&m));
    mtx_destroy(&m);
}

static void conditions(void)
{
    struct timespec t = from_now(CLOCK_REALTIME, 10);
    mtx_lock(&mutex);
    SHOW11(cnd_timedwait(&cond, &mutex, &t));
    t.tv_nsec = 1000000000;
    SHOW11(cnd_timedwait(&cond, &mutex, &t));
    SHOW11(mtx_unlock(&mutex));
}

int main(void)
{
    thrd_t thread[2];
    int result = 0;
    SHOW11(mtx_init(&mutex, mtx_timed));
    SHOW11(cnd_init(&cond));
    SHOW11(tss_create(&key, destroy));
    for (int i = 0; i < 2; i++)
        SHOW11(thrd_create(&thread[i], take_turn, NULL));
    thrd_yield();
    mtx_lock(&mutex);
    turn = 1;
    SHOW11(cnd_signal(&cond));
    SHOW11(cnd_broadcast(&cond));
    mtx_unlock(&mutex);
    for (int i = 0; i < 2; i++) {
        SHOW11(thrd_join(thread[i], &result));
        SHOW_VALUE(result);
    }
    SHOW_VALUE(turn);
    SHOW_VALUE(initialised);
    SHOW_VALUE(atomic_load(&destroyed));
    mutexes();
    conditions();
    SHOW_VALUE(thrd_sleep(&(struct timespec){0, 1000000}, NULL));
    SHOW_VALUE(thrd_sleep(&(struct timespec){0, -1}, NULL));
    SHOW_VALUE(thrd_equal(thrd_current(), thrd_current()) != 0);
    cnd_destroy(&cond);
    mtx_destroy(&mutex);
    tss_delete(key);
    return 0;
}
