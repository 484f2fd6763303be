/* SPDX-License-Identifier: MIT */
/*
 * One lock over everything, as an interpreter has it: a thread holds it while it computes and gives
 * it up while it waits for something outside.
 *
 * Four jobs, one after the other and then in four threads. Computing stands as a sleep that holds
 * the lock, so that it needs no processor and has an exact length. Threads wait side by side, and
 * compute one after the other all the same, however many processors there are. With a lock for
 * each, as processes have it, they compute side by side as well.
 */
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <ilv/mutex.h>

#include "scenario_ilv.h"

#define JOBS 4
#define MILLISECOND INT64_C(1000000)
#define JOB (10 * MILLISECOND)

struct job {
    struct ilv_mutex *lock;
    bool computes; /* else it waits */
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * (1000 * MILLISECOND) + time.tv_nsec;
}

static void pass(int64_t nanoseconds)
{
    const struct timespec time = {.tv_nsec = (long)nanoseconds};
    nanosleep(&time, NULL);
}

static int do_job(void *argument)
{
    const struct job *job = argument;
    ilv_mutex_lock(job->lock);
    if (job->computes) {
        pass(JOB);
    } else {
        ilv_mutex_unlock(job->lock);
        pass(JOB);
        ilv_mutex_lock(job->lock);
    }
    ilv_mutex_unlock(job->lock);
    return 0;
}

static void one_after_the_other(struct job jobs[JOBS])
{
    for (int i = 0; i < JOBS; i++)
        do_job(&jobs[i]);
}

static void in_threads(struct job jobs[JOBS])
{
    struct ilv_thread *threads[JOBS];
    for (int i = 0; i < JOBS; i++)
        threads[i] = scenario_run(do_job, &jobs[i]);
    for (int i = 0; i < JOBS; i++)
        scenario_end(threads[i]);
}

/* In milliseconds, rounded to the length of a job. */
static int duration_of(void (*all)(struct job jobs[JOBS]), struct job jobs[JOBS])
{
    int64_t start = now();
    all(jobs);
    return (int)((now() - start + JOB / 2) / JOB * JOB / MILLISECOND);
}

static void show(const char *what, bool computes, struct ilv_mutex *locks, int distance)
{
    struct job jobs[JOBS];
    for (int i = 0; i < JOBS; i++)
        jobs[i] = (struct job){.lock = &locks[i * distance], .computes = computes};
    int alone = duration_of(one_after_the_other, jobs);
    printf("%-32s%6d ms%15d ms\n", what, alone, duration_of(in_threads, jobs));
}

int main(void)
{
    static struct ilv_mutex big_lock;
    static struct ilv_mutex own_locks[JOBS];
    printf("4 jobs of 10 ms              one by one   four at a time\n");
    show("computing, under the big lock", true, &big_lock, 0);
    show("waiting, the big lock given up", false, &big_lock, 0);
    show("computing, a lock for each", true, own_locks, 1);
    return 0;
}
