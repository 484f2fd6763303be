/* SPDX-License-Identifier: MIT */
/*
 * files.c: making, copying, closing and changing descriptors.
 *
 * Making a channel and closing a descriptor of one are steps; opening files, copying descriptors
 * and asking for settings are not. The runtime's own descriptors do not exist for the program:
 * closing them is refused with EBADF, and close_range() leaves them out.
 */
#include "objects/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "objects/channel.h"
#include "objects/names.h"

#define DESCRIPTORS_MAX 4096

static long raw(long number, const long *a)
{
    return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- opening ------------------------------------------------------------------------------ */

static bool is_fifo(long directory, const char *path)
{
    struct stat st;
    long error = ilv__syscall_raw(SYS_newfstatat, directory, (long)path, (long)&st, 0, 0, 0);
    return error == 0 && S_ISFIFO(st.st_mode);
}

/* Opening a FIFO waits for somebody who opens the other end. */
static void refuse_fifo(long directory, const char *path, long flags)
{
    bool waits = (flags & O_NONBLOCK) == 0 && (flags & O_ACCMODE) != O_RDWR;
    if (waits && (flags & O_PATH) == 0 && is_fifo(directory, path))
        ilv__limited("open of a FIFO is not modelled");
}

long ilv__sys_openat(const long *a)
{
    char renamed[ILV_NAME_MAX];
    const char *path = ilv__name_path((const char *)a[1], renamed);
    refuse_fifo(a[0], path, a[2]);
    long fd = ilv__syscall_raw(SYS_openat, a[0], (long)path, a[2], a[3], 0, 0);
    if (fd >= 0)
        ilv__descriptor_forget((int)fd);
    return fd;
}

long ilv__sys_openat2(const long *a)
{
    const struct {
        uint64_t flags;
        uint64_t mode;
        uint64_t resolve;
    } *how = (const void *)a[2];
    refuse_fifo(a[0], (const char *)a[1], (long)how->flags);
    long fd = raw(SYS_openat2, a);
    if (fd >= 0)
        ilv__descriptor_forget((int)fd);
    return fd;
}

/* ---- closing ------------------------------------------------------------------------------ */

static long close_channel(int fd)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CLOSE, ilv__descriptor_object_of(fd));
    ilv__point(&op, NULL);
    ilv__channel_keep(fd);
    long result = ilv__syscall_raw(SYS_close, fd, 0, 0, 0, 0, 0);
    ilv__descriptor_forget(fd);
    return ilv__channel_done(result);
}

long ilv__sys_close(const long *a)
{
    int fd = (int)a[0];
    unsigned kind = ilv__descriptor(fd)->kind;
    if (kind == ILV_FD_HIDDEN)
        return -EBADF;
    if (kind == ILV_FD_CHANNEL)
        return close_channel(fd);
    ilv__channel_keep(fd);
    ilv__descriptor_forget(fd);
    return ilv__syscall_raw(SYS_close, fd, 0, 0, 0, 0, 0);
}

static void close_one(unsigned fd, unsigned flags)
{
    const long a[6] = {(long)fd};
    bool later = (flags & CLOSE_RANGE_CLOEXEC) != 0;
    if (later)
        ilv__syscall_raw(SYS_fcntl, (long)fd, F_SETFD, FD_CLOEXEC, 0, 0, 0);
    else
        ilv__sys_close(a);
}

long ilv__sys_close_range(const long *a)
{
    unsigned first = (unsigned)a[0];
    unsigned last = (unsigned)a[1];
    unsigned flags = (unsigned)a[2];
    if (first > last || (flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)) != 0)
        return -EINVAL;
    for (unsigned fd = first; fd <= last && fd < DESCRIPTORS_MAX; fd++)
        if (ilv__descriptor((int)fd)->kind != ILV_FD_UNKNOWN)
            close_one(fd, flags);
    if (last < DESCRIPTORS_MAX)
        return 0;
    long from = first > DESCRIPTORS_MAX ? first : DESCRIPTORS_MAX;
    return ilv__syscall_raw(SYS_close_range, from, (long)last, (long)flags, 0, 0, 0);
}

/* ---- copying ------------------------------------------------------------------------------ */

long ilv__sys_dup(const long *a)
{
    if (ilv__descriptor_hidden((int)a[0]))
        return -EBADF;
    long copy = ilv__syscall_raw(SYS_dup, a[0], 0, 0, 0, 0, 0);
    if (copy >= 0)
        ilv__descriptor_copy((int)a[0], (int)copy);
    return copy;
}

/* The descriptor that is overwritten is closed in the same step. */
static long overwrite(int fd, int copy, long flags)
{
    bool closes = ilv__descriptor(copy)->kind == ILV_FD_CHANNEL;
    if (ilv__descriptor_hidden(fd) || ilv__descriptor_hidden(copy))
        return -EBADF;
    if (closes) {
        struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CLOSE, ilv__descriptor_object_of(copy));
        ilv__point(&op, NULL);
        ilv__channel_keep(copy);
    }
    long result = ilv__syscall_raw(SYS_dup3, fd, copy, flags, 0, 0, 0);
    if (result >= 0)
        ilv__descriptor_copy(fd, copy);
    return closes ? ilv__channel_done(result) : result;
}

long ilv__sys_dup2(const long *a)
{
    if (a[0] == a[1])
        return raw(SYS_dup2, a);
    return overwrite((int)a[0], (int)a[1], 0);
}

long ilv__sys_dup3(const long *a)
{
    return a[0] == a[1] ? -EINVAL : overwrite((int)a[0], (int)a[1], a[2]);
}

/* ---- settings ----------------------------------------------------------------------------- */

/* Locks are held by processes: a wait for one would be a wait for somebody outside. */
static long lock_record(const long *a)
{
    const long try[6] = {a[0], a[1] == F_SETLKW ? F_SETLK : F_OFD_SETLK, a[2]};
    long result = raw(SYS_fcntl, try);
    if (result == -EAGAIN || result == -EACCES)
        ilv__limited("a wait for a record lock is not modelled");
    return result;
}

static long control(int fd, long number, const long *a)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CONTROL, ilv__descriptor_object_of(fd));
    ilv__point(&op, NULL);
    return ilv__channel_done(raw(number, a));
}

long ilv__sys_fcntl(const long *a)
{
    int fd = (int)a[0];
    bool copies = a[1] == F_DUPFD || a[1] == F_DUPFD_CLOEXEC;
    unsigned kind = ilv__descriptor(fd)->kind;
    if (kind == ILV_FD_HIDDEN)
        return -EBADF;
    if (a[1] == F_SETLKW || a[1] == F_OFD_SETLKW)
        return lock_record(a);
    if (kind == ILV_FD_CHANNEL && (a[1] == F_SETFL || a[1] == F_SETPIPE_SZ))
        return control(fd, SYS_fcntl, a);
    long result = raw(SYS_fcntl, a);
    if (copies && result >= 0)
        ilv__descriptor_copy(fd, (int)result);
    return result;
}

long ilv__sys_ioctl(const long *a)
{
    unsigned kind = ilv__descriptor((int)a[0])->kind;
    if (kind == ILV_FD_HIDDEN)
        return -EBADF;
    if (kind == ILV_FD_CHANNEL && (unsigned long)a[1] == FIONBIO)
        return control((int)a[0], SYS_ioctl, a);
    return raw(SYS_ioctl, a);
}

long ilv__sys_flock(const long *a)
{
    const long try[6] = {a[0], a[1] | LOCK_NB};
    long result = raw(SYS_flock, try);
    if (result == -EWOULDBLOCK && (a[1] & LOCK_NB) == 0)
        ilv__limited("a wait for flock is not modelled");
    return result;
}

/* ---- making channels ---------------------------------------------------------------------- */

#define WHOLE 1 /* value of the step: both ends are this object */

static long open_channel(long number, const long *a, int ends[2], unsigned flags)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_OPEN, ilv__descriptor_object(ILV_CLASS_CHANNEL));
    ilv__point(&op, NULL);
    long result = raw(number, a);
    if (result >= 0 && ends == NULL)
        ilv__descriptor_set((int)result, ILV_FD_CHANNEL, flags, op.object);
    for (int i = 0; result >= 0 && ends != NULL && i < 2; i++)
        ilv__descriptor_set(ends[i], ILV_FD_CHANNEL, flags, op.object);
    ilv__done(result < 0 ? (int)-result : 0, WHOLE);
    return result;
}

long ilv__sys_pipe2(const long *a)
{
    return open_channel(SYS_pipe2, a, (int *)a[0], ILV_FD_PIPE);
}

long ilv__sys_socketpair(const long *a)
{
    return open_channel(SYS_socketpair, a, (int *)a[3], ILV_FD_SOCKET);
}

long ilv__sys_eventfd2(const long *a)
{
    return open_channel(SYS_eventfd2, a, NULL, 0);
}
