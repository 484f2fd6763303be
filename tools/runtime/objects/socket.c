/* SPDX-License-Identifier: MIT */
/*
 * socket.c: making and connecting sockets.
 *
 * A socket is a channel until it is connected to an address that is not on this machine; then it
 * leads outside. Connecting never blocks the process: it is begun without waiting, and a task
 * that has to wait for it waits until the socket is writable.
 */
#include "objects/socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "objects/channel.h"
#include "objects/clock.h"
#include "objects/names.h"

static long raw(long number, const long *a)
{
    return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static bool is_socket(long fd)
{
    const struct descriptor *d = ilv__descriptor((int)fd);
    return d->kind != ILV_FD_HIDDEN && (d->flags & ILV_FD_SOCKET) != 0;
}

/* A step on a socket that always is possible. */
static void step_on(long fd)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CONTROL, ilv__descriptor_object_of((int)fd));
    ilv__point(&op, NULL);
}

long ilv__sys_socket(const long *a)
{
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_OPEN, ilv__descriptor_object(ILV_CLASS_CHANNEL));
    ilv__point(&op, NULL);
    long fd = raw(SYS_socket, a);
    if (fd >= 0)
        ilv__descriptor_set((int)fd, ILV_FD_CHANNEL, ILV_FD_SOCKET, op.object);
    ilv__done(fd < 0 ? (int)-fd : 0, 0);
    return fd;
}

long ilv__sys_bind(const long *a)
{
    if (!is_socket(a[0]) || a[1] == 0 || (unsigned long)a[2] > sizeof(struct sockaddr_storage))
        return raw(SYS_bind, a);
    step_on(a[0]);
    return ilv__channel_done(ilv__name_bind((int)a[0], (const void *)a[1], (socklen_t)a[2]));
}

long ilv__sys_listen(const long *a)
{
    if (!is_socket(a[0]))
        return raw(SYS_listen, a);
    step_on(a[0]);
    return ilv__channel_done(raw(SYS_listen, a));
}

long ilv__sys_shutdown(const long *a)
{
    if (!is_socket(a[0]))
        return raw(SYS_shutdown, a);
    struct ilv_op op = ilv__op(ILV_EV_CHANNEL_CLOSE, ilv__descriptor_object_of((int)a[0]));
    ilv__point(&op, NULL);
    return ilv__channel_done(raw(SYS_shutdown, a));
}

/* ---- connecting --------------------------------------------------------------------------- */

static long error_of(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    ilv__syscall_raw(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, (long)&error, (long)&size, 0);
    return -error;
}

/* Begun, and to be waited for: AF_INET says EINPROGRESS, AF_UNIX with a full queue EAGAIN. */
static long await_connection(struct channel_wait *wait, const long *call, long result)
{
    while (result == -EINPROGRESS || result == -EAGAIN) {
        bool begun = result == -EINPROGRESS;
        ilv__channel_done(result);
        ilv__channels_changed();
        wait->stalled = begun ? 0 : ilv__channels_changes();
        enum outcome outcome = ilv__channel_wait(wait);
        if (outcome != ILV_GO)
            return ilv__channel_gave_up(outcome);
        result = begun ? error_of(wait->fd) : ilv__channel_try(wait->fd, SYS_connect, call);
    }
    return result;
}

long ilv__sys_connect(const long *a)
{
    int fd = (int)a[0];
    struct sockaddr_storage room;
    socklen_t size = (socklen_t)a[2];
    if (!is_socket(a[0]) || a[1] == 0 || size > sizeof room)
        return raw(SYS_connect, a);
    void *address = ilv__name_inward(fd, (const void *)a[1], &size, &room);
    if (ilv__name_outside(address, size))
        ilv__descriptor(fd)->kind = ILV_FD_OUTSIDE;
    const long call[6] = {fd, (long)address, (long)size};
    bool block = ilv__channel_blocks(fd, 0);
    struct channel_wait wait = {.kind = ILV_EV_CHANNEL_WRITE, .events = POLLOUT, .fd = fd};
    ilv__channel_wait(&wait);
    long result = ilv__channel_try(fd, SYS_connect, call);
    wait.block = block;
    if (block)
        result = await_connection(&wait, call, result);
    result = ilv__channel_done(result);
    ilv__channels_changed();
    ilv__channel_release(&wait);
    return result;
}

long ilv__sys_accept4(const long *a)
{
    int fd = (int)a[0];
    if (!is_socket(a[0]))
        return raw(SYS_accept4, a);
    struct channel_wait wait = {
        .kind = ILV_EV_CHANNEL_READ,
        .events = POLLIN,
        .fd = fd,
        .block = ilv__channel_blocks(fd, 0),
    };
    enum outcome outcome = ilv__channel_wait(&wait);
    long result = ilv__channel_gave_up(outcome);
    const long call[6] = {wait.fd, a[1], a[2], a[3]};
    if (outcome == ILV_GO)
        result = ilv__channel_try(wait.fd, SYS_accept4, call);
    if (result >= 0) {
        uint32_t object = ilv__descriptor_object(ILV_CLASS_CHANNEL);
        ilv__descriptor_set((int)result, ILV_FD_CHANNEL, ILV_FD_SOCKET, object);
        if (a[1] != 0)
            ilv__name_outward(fd, (void *)a[1], (socklen_t *)a[2]);
    }
    ilv__channel_done(result);
    ilv__channel_release(&wait);
    return result;
}

/* ---- names and settings ------------------------------------------------------------------- */

static long name_of(long number, const long *a)
{
    long result = raw(number, a);
    if (result == 0 && is_socket(a[0]))
        ilv__name_outward((int)a[0], (void *)a[1], (socklen_t *)a[2]);
    return result;
}

long ilv__sys_getsockname(const long *a)
{
    return name_of(SYS_getsockname, a);
}

long ilv__sys_getpeername(const long *a)
{
    return name_of(SYS_getpeername, a);
}

long ilv__sys_setsockopt(const long *a)
{
    long result = raw(SYS_setsockopt, a);
    bool receives = a[2] == SO_RCVTIMEO;
    if (result != 0 || a[1] != SOL_SOCKET || (!receives && a[2] != SO_SNDTIMEO))
        return result;
    struct timeval span;
    memcpy(&span, (const void *)a[3], sizeof span);
    uint64_t ns = (uint64_t)span.tv_sec * ILV_NS_PER_S + (uint64_t)span.tv_usec * 1000;
    struct descriptor *d = ilv__descriptor((int)a[0]);
    *(receives ? &d->receive_limit : &d->send_limit) = ns;
    return result;
}
