/* SPDX-License-Identifier: MIT */
#include "actor.h"

#include <ilv/deadline.h>
#include <malloc.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct timespec far_away = {.tv_sec = 1L << 40, .tv_nsec = 0};

void linger(void)
{
    if (chance(16) == 0)
        sched_yield();
    for (uint64_t i = chance(64); i > 0; i--)
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

struct timespec soon(void)
{
    return ilv_deadline_in((int64_t)chance(100000));
}

bool lives(pid_t pid)
{
    int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd look = {.fd = descriptor, .events = POLLIN, .revents = 0};
    bool ended = descriptor < 0 || poll(&look, 1, 0) > 0;
    if (descriptor >= 0)
        close(descriptor);
    return !ended;
}

/* Counts. */

static void add_one(uint64_t *word)
{
    __atomic_store_n(word, *word + 1, __ATOMIC_RELEASE);
}

void count_try(struct counts *counts, unsigned actor)
{
    add_one(&counts->tried[actor]);
}

void count_done(struct counts *counts, unsigned actor)
{
    add_one(&counts->acknowledged[actor]);
}

static uint64_t sum(const uint64_t *words)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < ACTORS; i++)
        all += __atomic_load_n(&words[i], __ATOMIC_ACQUIRE);
    return all;
}

uint64_t all_tried(const struct counts *counts)
{
    return sum(counts->tried);
}

uint64_t all_acknowledged(const struct counts *counts)
{
    return sum(counts->acknowledged);
}

bool counts_explain(const struct counts *counts, uint64_t there, struct outcome *outcome)
{
    uint64_t tried = all_tried(counts);
    uint64_t acknowledged = all_acknowledged(counts);
    outcome->acknowledged += acknowledged;
    outcome->unknown += tried - acknowledged;
    outcome->lost += there < acknowledged ? acknowledged - there : 0;
    return there >= acknowledged && there <= tried;
}

/* A life. */

static void die_in(uint64_t nanoseconds)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    const struct itimerspec life = {
        .it_value = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)}};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &life, NULL) != 0)
        abort();
}

static void measure(struct size *size)
{
    int descriptor = dup(STDOUT_FILENO);
    close(descriptor);
    size->descriptor = (uint64_t)descriptor;
    size->bytes = mallinfo2().uordblks;
}

/* Survivors leave time to the victims, of which there is always a new one. */
static void rest(struct world *world, unsigned actor)
{
    const struct timespec nap = {0, (long)chance(200000)};
    if (chance(256) == 0)
        measure(&world->sizes[actor]);
    if (chance(32) == 0)
        nanosleep(&nap, NULL);
}

void act(struct world *world, unsigned actor, uint64_t seed, uint64_t life)
{
    struct tally *tally = &world->tallies[actor];
    const char *wrong = NULL;
    seed_chance_by(seed);
    if (life > 0)
        die_in(life);
    while (wrong == NULL) {
        add_one(&tally->begun);
        wrong = world->kind->work(world->own, actor);
        add_one(&tally->done);
        if (life == 0)
            rest(world, actor);
    }
    __atomic_store_n(&world->wrong, wrong, __ATOMIC_RELEASE);
    _exit(1);
}
