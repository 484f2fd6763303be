/* SPDX-License-Identifier: MIT */
/*
 * identity.c: who the program is and where it runs, virtual.
 */
#include "objects/identity.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "rng.h"

#define FIRST_PID 1000
#define PARENT_PID 999
#define CHANCE UINT64_C(0x1e7e71eaf) /* where all sequences of chance begin */
#define MASK_WORD 8

static uint64_t affinity; /* as the program set it; 0: all processors */
static struct {
    struct ilv_rng rng;
    bool begun;
} chance[ILV_MAX_TASKS];

int ilv__virtual_pid(void)
{
    return FIRST_PID;
}

int ilv__virtual_tid(const struct task *t)
{
    return FIRST_PID + t->index;
}

/* The parent is the same stranger in every run. */
static int virtual_ppid(void)
{
    return PARENT_PID;
}

unsigned ilv__virtual_cpus(void)
{
    unsigned cpus = ilv__world.block->config.cpus;
    return cpus == 0 ? 1 : cpus > 64 ? 64 : cpus;
}

/* Each task has a sequence of its own, so that the bytes do not depend on who came first. */
void ilv__random_bytes(void *to, size_t size)
{
    const struct task *t = ilv__self;
    if (!chance[t->index].begun)
        ilv_rng_seed(&chance[t->index].rng, t->info->id ^ CHANCE);
    chance[t->index].begun = true;
    unsigned char *bytes = to;
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word = ilv_rng_next(&chance[t->index].rng);
        size_t n = size - i < sizeof word ? size - i : sizeof word;
        memcpy(bytes + i, &word, n);
    }
}

long ilv__sys_getrandom(const long *a)
{
    if (((unsigned long)a[2] & ~7ul) != 0)
        return -EINVAL;
    ilv__random_bytes((void *)a[0], (size_t)a[1]);
    return a[1];
}

long ilv__sys_getpid(const long *a)
{
    (void)a;
    return ilv__virtual_pid();
}

long ilv__sys_gettid(const long *a)
{
    (void)a;
    return ilv__virtual_tid(ilv__self);
}

long ilv__sys_getppid(const long *a)
{
    (void)a;
    return virtual_ppid();
}

/* The process leads no group and no session of its own: those of its parent. */
long ilv__sys_getpgid(const long *a)
{
    return a[0] == 0 || a[0] == ilv__virtual_pid() ? virtual_ppid() : -ESRCH;
}

long ilv__sys_getpgrp(const long *a)
{
    (void)a;
    return virtual_ppid();
}

long ilv__sys_getsid(const long *a)
{
    return ilv__sys_getpgid(a);
}

long ilv__sys_getcpu(const long *a)
{
    unsigned *cpu = (unsigned *)a[0];
    unsigned *node = (unsigned *)a[1];
    if (cpu != NULL)
        *cpu = ilv__self->index % ilv__virtual_cpus();
    if (node != NULL)
        *node = 0;
    return 0;
}

static uint64_t all_cpus(void)
{
    unsigned cpus = ilv__virtual_cpus();
    return cpus == 64 ? UINT64_MAX : (UINT64_C(1) << cpus) - 1;
}

static bool known_tid(long tid)
{
    return tid == 0 || (tid >= FIRST_PID && tid < FIRST_PID + (long)ilv__world.run->task_count);
}

long ilv__sys_sched_getaffinity(const long *a)
{
    uint64_t mask = affinity != 0 ? affinity : all_cpus();
    if (!known_tid(a[0]))
        return -ESRCH;
    if (a[1] < MASK_WORD || a[1] % MASK_WORD != 0)
        return -EINVAL;
    memcpy((void *)a[2], &mask, MASK_WORD);
    return MASK_WORD;
}

long ilv__sys_sched_setaffinity(const long *a)
{
    uint64_t mask = 0;
    if (!known_tid(a[0]))
        return -ESRCH;
    memcpy(&mask, (const void *)a[2], a[1] < MASK_WORD ? (size_t)a[1] : MASK_WORD);
    if ((mask & all_cpus()) == 0)
        return -EINVAL;
    affinity = mask & all_cpus();
    return 0;
}

long ilv__virtual_sysconf(int name)
{
    bool processors = name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF;
    return processors ? (long)ilv__virtual_cpus() : -1;
}
