/* SPDX-License-Identifier: MIT */
/*
 * descriptor.c: the table of descriptors. Private memory of the run: it goes with it.
 */
#include "objects/descriptor.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define DESCRIPTORS 4096
#define MAJOR_MEMORY 1 /* /dev/null, /dev/zero, /dev/random, ... */
#define MINOR_RANDOM 8
#define MINOR_URANDOM 9

/* Objects that stand for what a descriptor leads to lie nowhere in memory: they are found by
 * addresses that no program has. */
#define NOWHERE (UINT64_C(1) << 63)
#define NOWHERE_STEP 64

static struct descriptor table[DESCRIPTORS];
static uint64_t objects_made;

static unsigned kind_of_device(dev_t device)
{
    if (major(device) != MAJOR_MEMORY)
        return ILV_FD_OUTSIDE;
    bool random = minor(device) == MINOR_RANDOM || minor(device) == MINOR_URANDOM;
    return random ? ILV_FD_RANDOM : ILV_FD_FILE;
}

/* libc reads some of these when its heap shrinks or it counts processors, which is not the same
 * in all backends. */
static bool is_system(int fd, const struct stat *st)
{
    struct statfs fs;
    if (!S_ISREG(st->st_mode) || major(st->st_dev) != 0 ||
        ilv__syscall_raw(SYS_fstatfs, fd, (long)&fs, 0, 0, 0, 0) != 0)
        return false;
    return fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC;
}

/* Pipes and sockets that came without a door: before the run began their peers may be anywhere;
 * after that they were passed from task to task. */
static void classify(int fd, struct descriptor *d)
{
    struct stat st;
    *d = (struct descriptor){0};
    unsigned peer = ilv__world.active ? ILV_FD_CHANNEL : ILV_FD_OUTSIDE;
    if (ilv__syscall_raw(SYS_fstat, fd, (long)&st, 0, 0, 0, 0) != 0)
        return;
    d->kind = (uint8_t)peer;
    if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode))
        d->kind = ILV_FD_FILE;
    else if (S_ISCHR(st.st_mode))
        d->kind = (uint8_t)kind_of_device(st.st_rdev);
    if (is_system(fd, &st))
        d->flags = ILV_FD_SYSTEM;
    if (S_ISSOCK(st.st_mode))
        d->flags = ILV_FD_SOCKET;
    if (S_ISFIFO(st.st_mode))
        d->flags = ILV_FD_PIPE;
    if (S_ISFIFO(st.st_mode) && (fd == 1 || fd == 2))
        d->kind = ILV_FD_OUTPUT;
}

struct descriptor *ilv__descriptor(int fd)
{
    static struct descriptor beyond;
    bool in_table = fd >= 0 && fd < DESCRIPTORS;
    struct descriptor *d = in_table ? &table[fd] : &beyond;
    if (!in_table || d->kind == ILV_FD_UNKNOWN)
        classify(fd, d);
    return d;
}

uint32_t ilv__descriptor_object(unsigned cls)
{
    uintptr_t address = NOWHERE + ++objects_made * NOWHERE_STEP;
    return ilv__object_make(cls, (const void *)address, 0);
}

uint32_t ilv__descriptor_object_of(int fd)
{
    struct descriptor *d = ilv__descriptor(fd);
    if (d->object != 0 || d->kind == ILV_FD_UNKNOWN || d->kind == ILV_FD_HIDDEN)
        return d->object;
    bool file = d->kind == ILV_FD_FILE || d->kind == ILV_FD_RANDOM;
    d->object = ilv__descriptor_object(file ? ILV_CLASS_FILE : ILV_CLASS_CHANNEL);
    return d->object;
}

void ilv__descriptor_set(int fd, unsigned kind, unsigned flags, uint32_t object)
{
    if (fd >= 0 && fd < DESCRIPTORS)
        table[fd] = (struct descriptor){(uint8_t)kind, (uint8_t)flags, object, 0, 0};
    else if (kind == ILV_FD_CHANNEL)
        ilv__limited("more than 4096 descriptors");
}

void ilv__descriptor_copy(int fd, int copy)
{
    ilv__descriptor_object_of(fd);
    if (copy >= 0 && copy < DESCRIPTORS)
        table[copy] = *ilv__descriptor(fd);
}

void ilv__descriptor_forget(int fd)
{
    if (fd >= 0 && fd < DESCRIPTORS)
        table[fd] = (struct descriptor){0};
}

void ilv__descriptor_hide(int fd)
{
    ilv__descriptor_set(fd, ILV_FD_HIDDEN, 0, 0);
}

bool ilv__descriptor_hidden(int fd)
{
    return fd >= 0 && fd < DESCRIPTORS && table[fd].kind == ILV_FD_HIDDEN;
}
