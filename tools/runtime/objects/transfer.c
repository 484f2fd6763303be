/* SPDX-License-Identifier: MIT */
/*
 * transfer.c: reading and writing through descriptors.
 *
 *   leads to       read                              write
 *   a file         FILE_READ, the call               FILE_WRITE, the call
 *   the output     the call (refused)                FILE_WRITE, kept by ilv__output()
 *   chance         bytes that are the same always    the call
 *   a channel      CHANNEL_READ when there is some   CHANNEL_WRITE when there is room
 *   the outside    as a channel, operation OUTSIDE
 *
 * A blocking write of more than there is room for is written in parts, as the kernel does it,
 * each a step: the part that fits now is found by writing without blocking. Writes of at most
 * PIPE_BUF bytes to a pipe stay whole because the kernel keeps them whole.
 *
 * EPIPE comes with SIGPIPE: a virtual one. The kernel's own is avoided: sockets have a flag, and
 * a pipe without readers is known before the write by POLLERR.
 */
#include "objects/transfer.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "objects/channel.h"
#include "objects/clock.h"
#include "objects/identity.h"
#include "objects/names.h"
#include "objects/signal.h"

static long raw(long number, int fd, const long *a)
{
    return ilv__syscall_raw(number, fd, a[1], a[2], a[3], a[4], a[5]);
}

static bool is_vector(long number)
{
    return number != SYS_read && number != SYS_write && number != SYS_pread64 &&
           number != SYS_pwrite64;
}

static bool has_offset(long number)
{
    return number != SYS_read && number != SYS_write && number != SYS_readv && number != SYS_writev;
}

static uint64_t vector_size(const struct iovec *iov, uint64_t count)
{
    uint64_t size = 0;
    for (uint64_t i = 0; i < count; i++)
        size += iov[i].iov_len;
    return size;
}

/* The bytes of a call with a buffer or with a vector, as one vector. */
static struct msghdr message_of(long number, const long *a, struct iovec *one)
{
    struct msghdr m = {.msg_iov = one, .msg_iovlen = 1};
    *one = (struct iovec){.iov_base = (void *)a[1], .iov_len = (size_t)a[2]};
    if (is_vector(number)) {
        m.msg_iov = (struct iovec *)a[1];
        m.msg_iovlen = (size_t)a[2];
    }
    return m;
}

/* Files, and whatever else does not wait: one step around the call. */
static long plain(unsigned kind, int fd, long number, const long *a)
{
    struct ilv_op op = ilv__op(kind, ilv__descriptor_object_of(fd));
    ilv__point(&op, NULL);
    long result = raw(number, fd, a);
    ilv__done(result < 0 ? (int)-result : 0, result < 0 ? 0 : (uint64_t)result);
    return result;
}

/* ---- reading ------------------------------------------------------------------------------ */

static long read_random(const struct msghdr *m)
{
    uint64_t total = 0;
    for (size_t i = 0; i < m->msg_iovlen; i++) {
        ilv__random_bytes(m->msg_iov[i].iov_base, m->msg_iov[i].iov_len);
        total += m->msg_iov[i].iov_len;
    }
    return (long)total;
}

static uint64_t deadline_after(uint64_t limit)
{
    return limit != 0 ? ilv__clock_deadline(limit) : 0;
}

static long read_channel(int fd, long number, const long *a, uint64_t size, int flags)
{
    struct channel_wait wait = {
        .kind = ILV_EV_CHANNEL_READ,
        .events = POLLIN,
        .fd = fd,
        .block = size > 0 && ilv__channel_blocks(fd, flags),
        .size = size,
        .deadline = deadline_after(ilv__descriptor(fd)->receive_limit),
    };
    enum outcome outcome = ilv__channel_wait(&wait);
    long result = outcome == ILV_GO ? raw(number, wait.fd, a) : ilv__channel_gave_up(outcome);
    ilv__channel_done(result);
    ilv__channel_release(&wait);
    return result;
}

static bool is_channel(const struct descriptor *d)
{
    return d->kind == ILV_FD_CHANNEL || d->kind == ILV_FD_OUTSIDE;
}

long ilv__read(long number, const long *a)
{
    int fd = (int)a[0];
    const struct descriptor *d = ilv__descriptor(fd);
    struct iovec one;
    struct msghdr m = message_of(number, a, &one);
    if (d->kind == ILV_FD_HIDDEN)
        return -EBADF;
    if (d->kind == ILV_FD_RANDOM)
        return read_random(&m);
    if (is_channel(d) && !has_offset(number))
        return read_channel(fd, number, a, vector_size(m.msg_iov, m.msg_iovlen), 0);
    if (d->kind == ILV_FD_FILE && (d->flags & ILV_FD_SYSTEM) == 0)
        return plain(ILV_EV_FILE_READ, fd, number, a);
    return raw(number, fd, a);
}

/* ---- writing ------------------------------------------------------------------------------ */

static long keep_output(const struct msghdr *m, int fd)
{
    struct ilv_op op = ilv__op(ILV_EV_FILE_WRITE, ilv__descriptor_object_of(fd));
    uint64_t size = vector_size(m->msg_iov, m->msg_iovlen);
    op.value = size;
    ilv__point(&op, NULL);
    for (size_t i = 0; i < m->msg_iovlen; i++)
        ilv__output(m->msg_iov[i].iov_base, m->msg_iov[i].iov_len);
    ilv__done(0, size);
    return (long)size;
}

/* What is left of a message of which `done` bytes are written: the rest of one of its pieces. */
static struct iovec rest_of(const struct msghdr *m, uint64_t done)
{
    size_t i = 0;
    while (done >= m->msg_iov[i].iov_len)
        done -= m->msg_iov[i++].iov_len;
    struct iovec piece = m->msg_iov[i];
    piece.iov_base = (char *)piece.iov_base + done;
    piece.iov_len -= done;
    return piece;
}

static bool nobody_reads(int fd)
{
    struct pollfd look = {.fd = fd, .events = POLLOUT};
    ilv__syscall_raw(SYS_poll, (long)&look, 1, 0, 0, 0, 0);
    return (look.revents & POLLERR) != 0;
}

/* To write nothing is no error, whoever reads. */
static bool has_bytes(const struct msghdr *m)
{
    return vector_size(m->msg_iov, m->msg_iovlen) > 0;
}

/* Writes what fits now. */
static long write_some(int fd, unsigned fd_flags, const struct msghdr *m, uint64_t done, int flags)
{
    struct msghdr part = *m;
    struct iovec piece;
    if (done > 0) {
        piece = rest_of(m, done);
        part = (struct msghdr){.msg_iov = &piece, .msg_iovlen = 1};
    }
    if ((fd_flags & ILV_FD_SOCKET) != 0)
        return ilv__syscall_raw(SYS_sendmsg, fd, (long)&part, flags | MSG_DONTWAIT | MSG_NOSIGNAL,
                                0, 0, 0);
    if ((fd_flags & ILV_FD_PIPE) != 0 && has_bytes(&part) && nobody_reads(fd))
        return -EPIPE;
    const long a[6] = {fd, (long)part.msg_iov, (long)part.msg_iovlen, 0, 0, 0};
    return ilv__channel_try(fd, SYS_writev, a);
}

static bool breaks_pipe(long result, int flags)
{
    return result == -EPIPE && (flags & MSG_NOSIGNAL) == 0;
}

static long write_channel(int fd, const struct msghdr *m, int flags)
{
    unsigned fd_flags = ilv__descriptor(fd)->flags;
    uint64_t size = vector_size(m->msg_iov, m->msg_iovlen);
    uint64_t written = 0;
    struct channel_wait wait = {
        .kind = ILV_EV_CHANNEL_WRITE,
        .events = POLLOUT,
        .fd = fd,
        .block = size > 0 && ilv__channel_blocks(fd, flags),
        .size = size,
        .deadline = deadline_after(ilv__descriptor(fd)->send_limit),
    };
    long result;
    for (;;) {
        enum outcome outcome = ilv__channel_wait(&wait);
        result = outcome == ILV_GO ? write_some(wait.fd, fd_flags, m, written, flags)
                                   : ilv__channel_gave_up(outcome);
        written += result > 0 ? (uint64_t)result : 0;
        bool again = outcome == ILV_GO && wait.block &&
                     (result == -EAGAIN || (result > 0 && written < size));
        if (!again)
            break;
        ilv__channel_done(result);
        wait.stalled = result == -EAGAIN ? ilv__channels_changes() : 0;
    }
    bool broken = breaks_pipe(result, flags);
    if (broken)
        ilv__signal_from_system(ilv__self, SIGPIPE);
    result = ilv__channel_done(written > 0 ? (long)written : result);
    ilv__channel_release(&wait);
    if (broken)
        ilv__signal_deliver();
    return result;
}

long ilv__write(long number, const long *a)
{
    int fd = (int)a[0];
    const struct descriptor *d = ilv__descriptor(fd);
    struct iovec one;
    struct msghdr m = message_of(number, a, &one);
    if (d->kind == ILV_FD_HIDDEN)
        return -EBADF;
    if (d->kind == ILV_FD_OUTPUT)
        return keep_output(&m, fd);
    if (is_channel(d) && !has_offset(number))
        return write_channel(fd, &m, 0);
    if (d->kind == ILV_FD_FILE && (d->flags & ILV_FD_SYSTEM) == 0)
        return plain(ILV_EV_FILE_WRITE, fd, number, a);
    return raw(number, fd, a);
}

/* ---- messages ----------------------------------------------------------------------------- */

long ilv__sendto(const long *a)
{
    int fd = (int)a[0];
    struct iovec one = {(void *)a[1], (size_t)a[2]};
    struct sockaddr_storage address;
    struct msghdr m = {.msg_iov = &one, .msg_iovlen = 1};
    m.msg_name = (void *)a[4];
    m.msg_namelen = (socklen_t)a[5];
    if (!is_channel(ilv__descriptor(fd)))
        return raw(SYS_sendto, fd, a);
    if (m.msg_name != NULL)
        m.msg_name = ilv__name_inward(fd, m.msg_name, &m.msg_namelen, &address);
    return write_channel(fd, &m, (int)a[3]);
}

long ilv__sendmsg(const long *a)
{
    int fd = (int)a[0];
    struct sockaddr_storage address;
    if (!is_channel(ilv__descriptor(fd)))
        return raw(SYS_sendmsg, fd, a);
    struct msghdr m = *(const struct msghdr *)a[1];
    if (m.msg_name != NULL)
        m.msg_name = ilv__name_inward(fd, m.msg_name, &m.msg_namelen, &address);
    return write_channel(fd, &m, (int)a[2]);
}

/* MSG_WAITALL is done in parts, as the kernel does it: each a step. */
static long receive_all(const long *a)
{
    uint64_t have = 0;
    uint64_t size = (uint64_t)a[2];
    while (have < size) {
        const long part[6] = {a[0], a[1] + (long)have, a[2] - (long)have, a[3] & ~MSG_WAITALL, a[4],
                              a[5]};
        long n = ilv__receive(SYS_recvfrom, part);
        if (n <= 0)
            return have > 0 ? (long)have : n;
        have += (uint64_t)n;
    }
    return (long)have;
}

static void show_sender(int fd, long number, const long *a)
{
    if (number == SYS_recvfrom && a[4] != 0 && a[5] != 0)
        ilv__name_outward(fd, (void *)a[4], (socklen_t *)a[5]);
    struct msghdr *m = number == SYS_recvmsg ? (struct msghdr *)a[1] : NULL;
    if (m != NULL && m->msg_name != NULL)
        ilv__name_outward(fd, m->msg_name, &m->msg_namelen);
}

long ilv__receive(long number, const long *a)
{
    int fd = (int)a[0];
    int flags = (int)(number == SYS_recvfrom ? a[3] : a[2]);
    if (!is_channel(ilv__descriptor(fd)))
        return raw(number, fd, a);
    bool all = (flags & MSG_WAITALL) != 0 && (flags & MSG_DONTWAIT) == 0;
    if (all && number == SYS_recvmsg)
        ilv__limited("recvmsg with MSG_WAITALL is not modelled");
    if (all && (flags & MSG_PEEK) == 0)
        return receive_all(a);
    long result = read_channel(fd, number, a, 1, flags);
    if (result >= 0)
        show_sender(fd, number, a);
    return result;
}

long ilv__recvmmsg(const long *a)
{
    struct mmsghdr *messages = (struct mmsghdr *)a[1];
    long flags = a[3] & ~MSG_WAITFORONE;
    long n = 0;
    if (a[4] != 0)
        ilv__limited("recvmmsg with a timeout is not modelled");
    while (n < a[2]) {
        const long one[6] = {a[0], (long)&messages[n].msg_hdr, flags, 0, 0, 0};
        long got = ilv__receive(SYS_recvmsg, one);
        if (got < 0)
            return n > 0 ? n : got;
        messages[n++].msg_len = (unsigned)got;
        flags |= (a[3] & MSG_WAITFORONE) != 0 ? MSG_DONTWAIT : 0;
    }
    return n;
}

long ilv__sendmmsg(const long *a)
{
    struct mmsghdr *messages = (struct mmsghdr *)a[1];
    long n = 0;
    while (n < a[2]) {
        const long one[6] = {a[0], (long)&messages[n].msg_hdr, a[3], 0, 0, 0};
        long sent = ilv__sendmsg(one);
        if (sent < 0)
            return n > 0 ? n : sent;
        messages[n++].msg_len = (unsigned)sent;
    }
    return n;
}

/* ---- from one descriptor to another ------------------------------------------------------- */

static bool may_wait(long fd)
{
    unsigned kind = ilv__descriptor((int)fd)->kind;
    return kind == ILV_FD_CHANNEL || kind == ILV_FD_OUTSIDE || kind == ILV_FD_OUTPUT;
}

long ilv__between(long number, const long *a, bool first, bool second)
{
    const struct {
        long number;
        const char *name;
        int from;
        int to;
    } calls[] = {
        {SYS_sendfile, "sendfile to a pipe or socket", 1, 0},
        {SYS_splice, "splice", 0, 2},
        {SYS_tee, "tee", 0, 1},
        {SYS_vmsplice, "vmsplice", 0, 0},
        {SYS_copy_file_range, "copy_file_range", 0, 2},
    };
    for (size_t i = 0; i < ILV_COUNT_OF(calls); i++) {
        if (calls[i].number != number)
            continue;
        if ((first && may_wait(a[calls[i].from])) || (second && may_wait(a[calls[i].to])))
            ilv__limited(calls[i].name);
    }
    return plain(ILV_EV_FILE_WRITE, (int)a[0], number, a);
}
