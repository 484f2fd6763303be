/* SPDX-License-Identifier: MIT */
/*
 * identity.c: the doors of what a program sees of itself, of libc's syscall(), and of how a
 * process ends or makes others.
 */
#include "objects/identity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "intercept/doors.h"
#include "intercept/syscalls.h"

#define ENTROPY_MAX 256

ssize_t ilv_door_getrandom(void *buffer, size_t size, unsigned flags)
{
    ILV_DOOR_ERRNO(ssize_t, getrandom(buffer, size, flags),
                   ilv__syscall(SYS_getrandom, (long)buffer, (long)size, (long)flags, 0, 0, 0));
}

int ilv_door_getpid(void)
{
    ILV_DOOR_ERRNO(int, getpid(), ilv__syscall(SYS_getpid, 0, 0, 0, 0, 0, 0));
}

int ilv_door_gettid(void)
{
    ILV_DOOR_ERRNO(int, gettid(), ilv__syscall(SYS_gettid, 0, 0, 0, 0, 0, 0));
}

int ilv_door_getppid(void)
{
    ILV_DOOR_ERRNO(int, getppid(), ilv__syscall(SYS_getppid, 0, 0, 0, 0, 0, 0));
}

int ilv_door_sched_setaffinity(int tid, size_t size, const cpu_set_t *mask)
{
    ILV_DOOR_ERRNO(int, sched_setaffinity(tid, size, mask),
                   ilv__syscall(SYS_sched_setaffinity, tid, (long)size, (long)mask, 0, 0, 0));
}

static long entropy(void *buffer, size_t size)
{
    if (size > ENTROPY_MAX)
        return -EIO;
    ilv__random_bytes(buffer, size);
    return 0;
}

int ilv_door_getentropy(void *buffer, size_t size)
{
    ILV_DOOR_ERRNO(int, getentropy(buffer, size), entropy(buffer, size));
}

/* libc clears what the kernel does not fill. */
static long affinity(int tid, size_t size, cpu_set_t *mask)
{
    long filled = ilv__syscall(SYS_sched_getaffinity, tid, (long)size, (long)mask, 0, 0, 0);
    if (filled < 0)
        return filled;
    memset((char *)mask + filled, 0, size - (size_t)filled);
    return 0;
}

int ilv_door_sched_getaffinity(int tid, size_t size, cpu_set_t *mask)
{
    ILV_DOOR_ERRNO(int, sched_getaffinity(tid, size, mask), affinity(tid, size, mask));
}

static int processor(void)
{
    return (int)(ilv__self->index % ilv__virtual_cpus());
}

int ilv_door_sched_getcpu(void)
{
    ILV_DOOR(int, sched_getcpu(), processor());
}

static long configuration(int name)
{
    long virtual = ilv__virtual_sysconf(name);
    return virtual >= 0 ? virtual : ilv__real()->sysconf(name);
}

long ilv_door_sysconf(int name)
{
    ILV_DOOR(long, sysconf(name), configuration(name));
}

int ilv_door_get_nprocs(void)
{
    ILV_DOOR(int, get_nprocs(), (int)ilv__virtual_cpus());
}

int ilv_door_get_nprocs_conf(void)
{
    ILV_DOOR(int, get_nprocs_conf(), (int)ilv__virtual_cpus());
}

long ilv_door_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    ILV_DOOR_ERRNO(long, syscall(number, a, b, c, d, e, f), ilv__syscall(number, a, b, c, d, e, f));
}

/* ---- the end ------------------------------------------------------------------------------ */

static void end(int status)
{
    ilv__enter();
    ilv__syscall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

void ilv_door__exit(int status)
{
    if (ilv__managed())
        end(status);
    ilv__real()->_exit(status);
}

void ilv_door__Exit(int status)
{
    if (ilv__managed())
        end(status);
    ilv__real()->_Exit(status);
}

/* ---- other processes ---------------------------------------------------------------------- */

/* Not modelled yet: named, and the run ends as limited. Before the run begins they are real. */
static void refuse(const char *name)
{
    if (!ilv__managed() || !ilv__world.active)
        return;
    ilv__enter();
    ilv__limited(name);
}

int ilv_door_fork(void)
{
    refuse("fork");
    return ilv__real()->fork();
}

int ilv_door__Fork(void)
{
    refuse("_Fork");
    return ilv__real()->_Fork();
}

/* A child that shares the stack cannot be made by a function that returns: fork instead. */
int ilv_door_vfork(void)
{
    refuse("vfork");
    return ilv__real()->fork();
}

int ilv_door_system(const char *command)
{
    refuse("system");
    return ilv__real()->system(command);
}

FILE *ilv_door_popen(const char *command, const char *mode)
{
    refuse("popen");
    return ilv__real()->popen(command, mode);
}

int ilv_door_posix_spawn(int *pid, const char *path, const void *actions, const void *attributes,
                         char *const *arguments, char *const *environment)
{
    refuse("posix_spawn");
    return ilv__real()->posix_spawn(pid, path, actions, attributes, arguments, environment);
}

int ilv_door_posix_spawnp(int *pid, const char *path, const void *actions, const void *attributes,
                          char *const *arguments, char *const *environment)
{
    refuse("posix_spawnp");
    return ilv__real()->posix_spawnp(pid, path, actions, attributes, arguments, environment);
}

int ilv_door_execve(const char *path, char *const *arguments, char *const *environment)
{
    refuse("execve");
    return ilv__real()->execve(path, arguments, environment);
}
