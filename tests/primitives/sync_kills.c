/* SPDX-License-Identifier: MIT */
/*
 * sync_kills: processes that use a primitive under load are killed with SIGKILL at random moments.
 *
 *     primitives_sync_kills KILLS [KIND...]          the seed is in ILV_TEST_SEED, else 1
 *
 * Four workers do one operation of the kind after another. One of them is killed, whichever,
 * whenever; another takes its place; and all four must get on, or the watchdog says that they hang.
 * An operation that finds the kind broken ends its worker with a status, and with it the campaign.
 * After the last kill what can be counted is counted. One line a kind; exit status 1 if one failed.
 */
#include <errno.h>
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/condition.h>
#include <ilv/event.h>
#include <ilv/once.h>
#include <ilv/rwlock.h>
#include <ilv/semaphore.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 4
#define BOUND 2
#define ONCES 64
#define WATCHDOG_SECONDS 30.0

struct world {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_rwlock rwlock;
    struct ilv_condition condition;
    struct ilv_event event;
    struct ilv_semaphore semaphore;
    struct ilv_bounded_semaphore bounded;
    struct ilv_barrier barrier;
    struct ilv_once once[ONCES];
    uint32_t made[ONCES];
    uint32_t items; /* guarded by the mutex */
    uint32_t first; /* these two are equal when nobody holds the lock */
    uint32_t second;
    uint32_t inside;
    uint64_t progress[WORKERS]; /* operations done, each written by one worker */
};

struct kind {
    const char *name;
    int (*work)(struct world *world);  /* one operation: 0, or what is wrong */
    void (*feed)(struct world *world); /* what the parent does for them, again and again; or NULL */
    int (*count)(struct world *world); /* when all are dead: 0, or what is wrong; or NULL */
};

/* Two numbers that a holder changes one after the other. */

static int change_both(struct world *world)
{
    if (world->first != world->second)
        return 11;
    __atomic_store_n(&world->first, world->first + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&world->second, world->second + 1, __ATOMIC_RELAXED);
    return 0;
}

static int use_mutex(struct world *world)
{
    int error = ilv_mutex_lock(&world->mutex);
    if (error == EOWNERDEAD) {
        world->second = world->first;
        error = ilv_mutex_consistent(&world->mutex);
    }
    if (error == 0)
        error = change_both(world);
    return error != 0 ? error : ilv_mutex_unlock(&world->mutex);
}

static int use_rlock(struct world *world)
{
    int error = ilv_rlock_lock(&world->rlock);
    if (error == EOWNERDEAD) {
        world->second = world->first;
        error = ilv_rlock_consistent(&world->rlock);
    }
    if (error == 0)
        error = ilv_rlock_lock(&world->rlock);
    if (error == 0)
        error = change_both(world);
    if (error == 0)
        error = ilv_rlock_unlock(&world->rlock);
    return error != 0 ? error : ilv_rlock_unlock(&world->rlock);
}

static int use_rwlock(struct world *world)
{
    static unsigned turn;
    bool writes = ++turn % 4 == 0;
    int error =
        writes ? ilv_rwlock_write_lock(&world->rwlock) : ilv_rwlock_read_lock(&world->rwlock);
    if (error == EOWNERDEAD) {
        world->second = world->first;
        writes = true;
        error = ilv_rwlock_consistent(&world->rwlock);
    }
    if (error == 0 && writes)
        error = change_both(world);
    else if (error == 0 && world->first != world->second)
        error = 12;
    return error != 0 ? error : ilv_rwlock_unlock(&world->rwlock);
}

/* Workers take items, the parent puts as many as there are workers, notifying for each. */
static int take_item(struct world *world)
{
    int error = ilv_mutex_lock(&world->mutex);
    if (error == EOWNERDEAD)
        error = ilv_mutex_consistent(&world->mutex);
    while (error == 0 && world->items == 0) {
        error = ilv_condition_wait(&world->condition, &world->mutex);
        if (error == EOWNERDEAD)
            error = ilv_mutex_consistent(&world->mutex);
    }
    if (error != 0)
        return error;
    world->items--;
    return ilv_mutex_unlock(&world->mutex);
}

static void put_items(struct world *world)
{
    if (ilv_mutex_lock(&world->mutex) == EOWNERDEAD)
        ilv_mutex_consistent(&world->mutex);
    bool empty = world->items == 0;
    world->items += empty ? WORKERS : 0;
    ilv_mutex_unlock(&world->mutex);
    for (int i = 0; empty && i < WORKERS; i++)
        ilv_condition_notify_one(&world->condition);
}

static int await_event(struct world *world)
{
    return ilv_event_wait(&world->event);
}

static void pulse(struct world *world)
{
    ilv_event_set(&world->event);
    ilv_event_clear(&world->event);
}

static int take_unit(struct world *world)
{
    return ilv_semaphore_acquire(&world->semaphore);
}

static void put_units(struct world *world)
{
    if (ilv_semaphore_units(&world->semaphore) == 0)
        ilv_semaphore_release_many(&world->semaphore, WORKERS);
}

static int use_unit(struct world *world)
{
    int error = ilv_bounded_semaphore_acquire(&world->bounded);
    sched_yield();
    return error != 0 ? error : ilv_bounded_semaphore_release(&world->bounded);
}

static int count_units(struct world *world)
{
    return ilv_bounded_semaphore_units(&world->bounded) == BOUND ? 0 : 13;
}

/* A round that broke is tried again; the parent resets the barrier. */
static int meet(struct world *world)
{
    int error;
    while ((error = ilv_barrier_wait(&world->barrier, NULL)) == EOWNERDEAD || error == ECANCELED)
        sched_yield();
    return error;
}

static void reset_broken(struct world *world)
{
    if (world->barrier.round % 4 != 0)
        ilv_barrier_reset(&world->barrier);
}

static int make_one(void *argument)
{
    __atomic_store_n((uint32_t *)argument, 1, __ATOMIC_RELAXED);
    return 0;
}

static int do_all_once(struct world *world)
{
    for (int i = 0; i < ONCES; i++) {
        int error = ilv_once_do(&world->once[i], make_one, &world->made[i]);
        if (error != 0 || __atomic_load_n(&world->made[i], __ATOMIC_RELAXED) != 1)
            return error != 0 ? error : 14;
    }
    return 0;
}

/* Makes all as if they had not been done, but for those that somebody is at. */
static void forget_all(struct world *world)
{
    for (int i = 0; i < ONCES; i++) {
        int error = ilv_mutex_try_lock(&world->once[i].mutex);
        if (error == EOWNERDEAD)
            ilv_mutex_consistent(&world->once[i].mutex);
        if (error != 0 && error != EOWNERDEAD)
            continue;
        __atomic_store_n(&world->once[i].done, 0, __ATOMIC_RELEASE);
        ilv_mutex_unlock(&world->once[i].mutex);
    }
}

static const struct kind kinds[] = {
    {.name = "mutex", .work = use_mutex},
    {.name = "rlock", .work = use_rlock},
    {.name = "rwlock", .work = use_rwlock},
    {.name = "condition", .work = take_item, .feed = put_items},
    {.name = "event", .work = await_event, .feed = pulse},
    {.name = "semaphore", .work = take_unit, .feed = put_units},
    {.name = "bounded_semaphore", .work = use_unit, .count = count_units},
    {.name = "barrier", .work = meet, .feed = reset_broken},
    {.name = "once", .work = do_all_once, .feed = forget_all},
};

/* The campaign. */

static uint64_t state;

static uint64_t chance(uint64_t below)
{
    state += 0x9e3779b97f4a7c15U;
    uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
    return (z ^ (z >> 27)) % below;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static pid_t start_worker(const struct kind *kind, struct world *world, int slot)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    for (;;) {
        int error = kind->work(world);
        if (error != 0)
            _exit(error);
        __atomic_fetch_add(&world->progress[slot], 1, __ATOMIC_RELEASE);
    }
}

static bool all_got_on(struct world *world, const uint64_t *before)
{
    for (int i = 0; i < WORKERS; i++)
        if (__atomic_load_n(&world->progress[i], __ATOMIC_ACQUIRE) <= before[i])
            return false;
    return true;
}

/* A worker that ended by itself says why; 0 if there is none. */
static int gave_up(void)
{
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    return pid <= 0 ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* All four do one more operation: how long it took, or less than 0. */
static double await_progress(const struct kind *kind, struct world *world)
{
    uint64_t before[WORKERS];
    double start = now();
    for (int i = 0; i < WORKERS; i++)
        before[i] = __atomic_load_n(&world->progress[i], __ATOMIC_ACQUIRE);
    while (!all_got_on(world, before)) {
        if (kind->feed != NULL)
            kind->feed(world);
        sched_yield();
        int reason = gave_up();
        if (reason != 0 || now() - start > WATCHDOG_SECONDS) {
            printf("%s: %s (%d)\n", kind->name, reason != 0 ? "a worker gave up" : "they hang",
                   reason);
            return -1;
        }
    }
    return now() - start;
}

static void let_pass(uint64_t nanoseconds)
{
    double end = now() + (double)nanoseconds / 1e9;
    while (now() < end)
        sched_yield();
}

static void kill_worker(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static struct world *new_world(void)
{
    struct world *world =
        mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (world == MAP_FAILED)
        exit(2);
    ilv_bounded_semaphore_init(&world->bounded, BOUND);
    ilv_barrier_init(&world->barrier, WORKERS);
    return world;
}

/* Kills so many, one after the other; 0, or 1 if the kind did not bear it. */
static int campaign(const struct kind *kind, int kills)
{
    struct world *world = new_world();
    pid_t workers[WORKERS];
    double longest = 0;
    double start = now();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start_worker(kind, world, i);
    double took = await_progress(kind, world);
    for (int i = 0; i < kills && took >= 0; i++) {
        int victim = (int)chance(WORKERS);
        let_pass(chance(300000));
        kill_worker(workers[victim]);
        workers[victim] = start_worker(kind, world, victim);
        took = await_progress(kind, world);
        longest = took > longest ? took : longest;
    }
    for (int i = 0; i < WORKERS; i++)
        kill_worker(workers[i]);
    int wrong = took >= 0 && kind->count != NULL ? kind->count(world) : 0;
    if (took >= 0)
        printf("%s: %d kills in %.1f s, all went on after at most %.0f ms%s\n", kind->name, kills,
               now() - start, longest * 1e3, wrong != 0 ? ", but the count is wrong" : "");
    munmap(world, sizeof *world);
    return took < 0 || wrong != 0;
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc <= 2;
}

int main(int argc, char **argv)
{
    const char *seed = getenv("ILV_TEST_SEED");
    int kills = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100;
    int failed = 0;
    state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (wanted(kinds[i].name, argc, argv))
            failed |= campaign(&kinds[i], kills);
    return failed;
}
