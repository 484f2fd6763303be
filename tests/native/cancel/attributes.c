/* SPDX-License-Identifier: MIT */
/* What a program may ask of a thread and set of it. */
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <unistd.h>

#include "../sync/result.h"

static void names(void)
{
    char name[32];
    SHOW(pthread_setname_np(pthread_self(), "worker"));
    SHOW(pthread_getname_np(pthread_self(), name, sizeof name));
    puts(name);
    SHOW(pthread_setname_np(pthread_self(), "sixteen letters."));
    SHOW(pthread_setname_np(pthread_self(), "fifteen letters"));
    SHOW(pthread_getname_np(pthread_self(), name, 15));
    SHOW(pthread_getname_np(pthread_self(), name, 16));
    puts(name);
}

static void stack(size_t wanted)
{
    pthread_attr_t attributes;
    void *address = NULL;
    size_t size = 0;
    int state = -1;
    char here;
    SHOW(pthread_getattr_np(pthread_self(), &attributes));
    pthread_attr_getstack(&attributes, &address, &size);
    pthread_attr_getdetachstate(&attributes, &state);
    SHOW_VALUE((uintptr_t)&here - (uintptr_t)address < size);
    if (wanted != 0)
        SHOW_VALUE(size == wanted);
    SHOW_VALUE(state == PTHREAD_CREATE_JOINABLE);
    SHOW(pthread_attr_destroy(&attributes));
}

static void affinity(void)
{
    cpu_set_t cpus;
    cpu_set_t none;
    CPU_ZERO(&none);
    SHOW(pthread_getaffinity_np(pthread_self(), sizeof cpus, &cpus));
    SHOW_VALUE(CPU_COUNT(&cpus) > 0);
    SHOW(pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus));
    SHOW(pthread_setaffinity_np(pthread_self(), sizeof none, &none));
    size_t first = 0;
    while (!CPU_ISSET(first, &cpus))
        first++;
    CPU_ZERO(&cpus);
    CPU_SET(first, &cpus);
    SHOW(pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus));
    SHOW(pthread_getaffinity_np(pthread_self(), sizeof cpus, &cpus));
    SHOW_VALUE(CPU_COUNT(&cpus));
}

static void scheduling(void)
{
    struct sched_param parameters = {.sched_priority = 77};
    int policy = -1;
    SHOW(pthread_getschedparam(pthread_self(), &policy, &parameters));
    printf("%d %d\n", policy == SCHED_OTHER, parameters.sched_priority);
    SHOW(pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters));
    parameters.sched_priority = 1;
    SHOW(pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters));
    SHOW(pthread_setschedparam(pthread_self(), 77, &parameters));
    SHOW(pthread_setschedprio(pthread_self(), 0));
    SHOW(sched_yield());
}

static void clocks(void)
{
    clockid_t clock;
    struct timespec before;
    struct timespec after;
    SHOW(pthread_getcpuclockid(pthread_self(), &clock));
    SHOW_ERRNO(clock_gettime(clock, &before));
    SHOW_ERRNO(clock_gettime(clock, &after));
    SHOW_VALUE(after.tv_sec >= before.tv_sec);
}

static void *ask(void *wanted)
{
    names();
    stack(*(size_t *)wanted);
    affinity();
    scheduling();
    clocks();
    return NULL;
}

int main(void)
{
    size_t sizes[] = {0, 262144};
    pthread_attr_t attributes;
    pthread_t thread;
    ask(&sizes[0]);
    in_thread(ask, &sizes[0]);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, sizes[1]);
    pthread_create(&thread, &attributes, ask, &sizes[1]);
    pthread_join(thread, NULL);
    return 0;
}
