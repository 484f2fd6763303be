/* SPDX-License-Identifier: MIT */
/*
 * attributes.c: what a program may ask of a thread and set of it, which the kernel would answer
 * natively: name, CPUs, scheduling, CPU clock. All virtual, none a step.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#include "backend.h"
#include "objects/cancel.h"
#include "objects/clock.h"

#define NAME_SIZE 16

struct attributes {
    uint64_t cpus; /* 0: all that the program sees */
    int policy;
    int priority;
};

static struct attributes attributes_of[ILV_MAX_TASKS];

static struct task *alive(pthread_t thread)
{
    struct task *t = ilv__task_of(thread);
    return t != NULL && t->info->state == ILV_TASK_LIVE ? t : NULL;
}

/* glibc reads the rest from the thread's descriptor, and asks the kernel about its CPUs: for a
 * fiber there is no kernel thread, so another one's id stands there for the time of the call. */
int ilv__thread_attributes(pthread_t thread, pthread_attr_t *attributes)
{
    if (ilv__task_of(thread) == NULL)
        return ESRCH;
    int32_t *word = ilv__tid_word(thread);
    int32_t tid = *word;
    if (ilv__world.fiber)
        *word = (int32_t)ilv__syscall_raw(SYS_gettid, 0, 0, 0, 0, 0, 0);
    int error = ilv__real()->pthread_getattr_np(thread, attributes);
    *word = tid;
    cpu_set_t cpus;
    if (error == 0 && ilv__thread_affinity(thread, sizeof cpus, &cpus) == 0)
        error = pthread_attr_setaffinity_np(attributes, sizeof cpus, &cpus);
    return error;
}

int ilv__thread_set_name(pthread_t thread, const char *name)
{
    struct task *t = alive(thread);
    size_t length = strlen(name);
    if (length >= NAME_SIZE)
        return ERANGE;
    if (t == NULL)
        return ESRCH;
    memset(t->info->name, 0, NAME_SIZE);
    memcpy(t->info->name, name, length);
    return 0;
}

int ilv__thread_name(pthread_t thread, char *name, size_t size)
{
    const struct task *t = alive(thread);
    if (size < NAME_SIZE)
        return ERANGE;
    if (t == NULL)
        return ESRCH;
    const char *shown = t->info->name[0] != 0 ? t->info->name : program_invocation_short_name;
    memset(name, 0, NAME_SIZE);
    memcpy(name, shown, strnlen(shown, NAME_SIZE - 1));
    return 0;
}

static uint64_t all_cpus(void)
{
    unsigned n = ilv__world.block->config.cpus;
    return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

int ilv__thread_set_affinity(pthread_t thread, size_t size, const cpu_set_t *cpus)
{
    struct task *t = alive(thread);
    uint64_t wanted = 0;
    memcpy(&wanted, cpus, size < sizeof wanted ? size : sizeof wanted);
    wanted &= all_cpus();
    if (t == NULL)
        return ESRCH;
    if (wanted == 0)
        return EINVAL;
    attributes_of[t->index].cpus = wanted;
    return 0;
}

int ilv__thread_affinity(pthread_t thread, size_t size, cpu_set_t *cpus)
{
    const struct task *t = alive(thread);
    if (t == NULL)
        return ESRCH;
    if (size < sizeof(uint64_t))
        return EINVAL;
    uint64_t set = attributes_of[t->index].cpus;
    if (set == 0)
        set = all_cpus();
    memset(cpus, 0, size);
    memcpy(cpus, &set, sizeof set);
    return 0;
}

static bool real_time(int policy)
{
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* As for a user without privileges: no real-time scheduling. */
int ilv__thread_set_scheduling(pthread_t thread, int policy, int priority)
{
    struct task *t = alive(thread);
    bool known = policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
    if (t == NULL)
        return ESRCH;
    if (real_time(policy) && priority >= 1 && priority <= 99)
        return EPERM;
    if (!known || priority != 0)
        return EINVAL;
    attributes_of[t->index].policy = policy;
    attributes_of[t->index].priority = priority;
    return 0;
}

int ilv__thread_scheduling(pthread_t thread, int *policy, struct sched_param *parameters)
{
    const struct task *t = alive(thread);
    if (t == NULL)
        return ESRCH;
    *policy = attributes_of[t->index].policy;
    parameters->sched_priority = attributes_of[t->index].priority;
    return 0;
}

int ilv__thread_clock(pthread_t thread, clockid_t *clock)
{
    const struct task *t = alive(thread);
    if (t == NULL)
        return ESRCH;
    *clock = ilv__clock_of_task(t);
    return 0;
}
