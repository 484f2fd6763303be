/* SPDX-License-Identifier: MIT */
/*
 * pipe.c: messages over pipe(2) in packet mode (O_DIRECT).
 *
 * A message travels in packets of at most PIPE_BUF bytes, a head and some of the bytes. The kernel
 * writes a packet whole or not at all and a read takes exactly one, so the stream is well formed
 * whoever is killed, and several may send at once. A packet says which thread sent it, the number
 * of its message, and where in the message its bytes belong.
 *
 * 1. A thread sends one message at a time; a packet with another number of the same sender ends
 *    what was there of the last one: its sender gave up, or died and another has its number.
 * 2. Messages are received in the order of their last packets.
 * 3. A message of one packet goes into the receiver's buffer at once. What does not fit there, or
 *    is in parts, is kept at the end: a whole one in `ready`, others in `parts`, guarded by
 *    `receiving`. Parts whose sender died are dropped when there are many, and not before the pipe
 *    has been read empty of what it sent.
 * 4. The writing end does not block; waiting is poll(). The reading end does, as reading is then
 *    one system call; reads with a deadline ask for RWF_NOWAIT, and where the kernel does not know
 *    that, they poll before, which is enough as one process receives.
 * 5. A descriptor goes over a socket beside the pipe before its packet, marked with sender and
 *    number; those that come out of order, or whose packet never comes, stay in `strays`.
 */
#include "pipe_parts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "descriptors.h"

static const struct timespec past = {0, 0};
static bool nowait_unknown;   /* the kernel does not know RWF_NOWAIT on pipes */
static bool nosignal_unknown; /* nor NO_SIGNAL */

static int again_for_timeout(int error)
{
    return error == ETIMEDOUT ? EAGAIN : error;
}

/* Opening and closing. */

static struct ilv_pipe *new_end(void)
{
    struct ilv_pipe *end = calloc(1, sizeof *end);
    if (end) {
        end->in = end->out = end->side = -1;
    }
    return end;
}

static void free_messages(struct message *message)
{
    while (message) {
        struct message *next = message->next;
        free(message);
        message = next;
    }
}

static void shut(int descriptor)
{
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}

int ilv_pipe_close(struct ilv_pipe *end)
{
    if (end) {
        shut(end->in);
        shut(end->out);
        shut(end->side);
        for (unsigned i = 0; i < end->stray_count; i++) {
            shut(end->strays[i].descriptor);
        }
        free(end->ready);
        free_messages(end->parts);
        free(end);
    }
    return 0;
}

static int connect_ends(int *in, int *out)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_DIRECT) != 0) {
        return errno;
    }
    *in = ends[0];
    *out = ends[1];
    return fcntl(*out, F_SETFL, O_DIRECT | O_NONBLOCK) == 0 ? 0 : errno;
}

static int connect_sides(struct ilv_pipe *first, struct ilv_pipe *second)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
        return errno;
    }
    first->side = ends[0];
    second->side = ends[1];
    return 0;
}

int ilv_pipe_open(struct ilv_pipe **first, struct ilv_pipe **second, enum ilv_pipe_kind kind)
{
    if (!first || !second || kind > ILV_PIPE_DESCRIPTORS) {
        return EINVAL;
    }
    struct ilv_pipe *a = new_end();
    struct ilv_pipe *b = new_end();
    int error = a && b ? connect_ends(&a->in, &b->out) : ENOMEM;
    if (error == 0 && kind != ILV_PIPE_ONE_WAY) {
        error = connect_ends(&b->in, &a->out);
    }
    if (error == 0 && kind == ILV_PIPE_DESCRIPTORS) {
        error = connect_sides(a, b);
    }
    if (error) {
        (void)ilv_pipe_close(a);
        (void)ilv_pipe_close(b);
        return error;
    }
    *first = a;
    *second = b;
    return 0;
}

int ilv_pipe_descriptor(const struct ilv_pipe *end)
{
    return end ? end->in : -1;
}

/* Sending. */

struct mark ilv__pipe_mark(void)
{
    static __thread uint32_t numbered;
    return (struct mark){(uint32_t)ilv__tid(), ++numbered};
}

/* For kernels that always raise the signal: it is blocked, and taken if it was not there before. */
static ssize_t write_under_mask(int out, const struct iovec *packet, int parts)
{
    sigset_t broken;
    sigset_t before;
    sigset_t pending;
    (void)sigemptyset(&broken);
    (void)sigaddset(&broken, SIGPIPE);
    (void)sigpending(&pending);
    (void)pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t wrote = writev(out, packet, parts);
    int error = errno;
    if (wrote < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
        (void)sigtimedwait(&broken, NULL, &past);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return wrote;
}

static ssize_t write_quietly(int out, const struct iovec *packet, int parts)
{
    if (ilv__likely(!__atomic_load_n(&nosignal_unknown, __ATOMIC_RELAXED))) {
        ssize_t wrote = pwritev2(out, packet, parts, -1, NO_SIGNAL);
        if (ilv__likely(wrote >= 0 ||
                        (errno != EOPNOTSUPP && errno != EINVAL && errno != ENOSYS))) {
            return wrote;
        }
        __atomic_store_n(&nosignal_unknown, true, __ATOMIC_RELAXED);
    }
    return write_under_mask(out, packet, parts);
}

/* What is small is sent from one place: the kernel is quicker with one part than with two. */
int ilv__pipe_send_packet(const struct ilv_pipe *end, const struct head *head, const void *bytes,
                          size_t length, const struct timespec *deadline)
{
    struct {
        struct head head;
        unsigned char bytes[SMALL];
    } copy;
    bool small = length <= SMALL;
    copy.head = *head;
    struct iovec packet[2] = {{&copy, sizeof copy.head + (small ? length : 0)},
                              {(void *)(uintptr_t)bytes, length}};
    if (small && length) {
        memcpy(copy.bytes, bytes, length);
    }
    while (write_quietly(end->out, packet, small ? 1 : 2) < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            return errno;
        }
        int error = errno == EAGAIN ? ilv__poll_one(end->out, POLLOUT, deadline) : 0;
        if (error) {
            return error;
        }
    }
    return 0;
}

int ilv_pipe_send_until(struct ilv_pipe *end, const void *data, size_t length,
                        const struct timespec *deadline)
{
    if (!end || (!data && length) || length > SSIZE_MAX || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    if (end->out < 0) {
        return EBADF;
    }
    struct head head = {ilv__pipe_mark(), length, 0};
    int error;
    do {
        size_t left = length - head.offset;
        size_t now = left < MOST_BYTES ? left : MOST_BYTES;
        const unsigned char *from = data;
        error = ilv__pipe_send_packet(end, &head, from ? from + head.offset : from, now, deadline);
        head.offset += now;
    } while (!error && head.offset < length);
    return error;
}

int ilv_pipe_send(struct ilv_pipe *end, const void *data, size_t length)
{
    return ilv_pipe_send_until(end, data, length, NULL);
}

int ilv_pipe_try_send(struct ilv_pipe *end, const void *data, size_t length)
{
    return again_for_timeout(ilv_pipe_send_until(end, data, length, &past));
}

/* Receiving: one packet. */

static ssize_t read_without_waiting(int in, struct packet *packet)
{
    if (!__atomic_load_n(&nowait_unknown, __ATOMIC_RELAXED)) {
        ssize_t got = preadv2(in, &(struct iovec){packet, sizeof *packet}, 1, -1, RWF_NOWAIT);
        if (got >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) {
            return got;
        }
        __atomic_store_n(&nowait_unknown, true, __ATOMIC_RELAXED);
    }
    int error = ilv__poll_now(in, POLLIN);
    if (error) {
        errno = error;
        return -1;
    }
    return read(in, packet, sizeof *packet);
}

/* Into end->last. */
static int read_packet(struct ilv_pipe *end, size_t *length, const struct timespec *deadline)
{
    struct packet *packet = &end->last;
    for (;;) {
        ssize_t got = deadline ? read_without_waiting(end->in, packet)
                               : read(end->in, packet, sizeof *packet);
        if (ilv__likely(got >= (ssize_t)sizeof packet->head)) {
            *length = (size_t)got - sizeof packet->head;
            end->packets++;
            return 0;
        }
        if (got >= 0) {
            return ENODATA;
        }
        int error = errno == EAGAIN  ? ilv__poll_one(end->in, POLLIN, deadline)
                    : errno == EINTR ? 0
                                     : errno;
        if (error) {
            return error;
        }
    }
}

/* Receiving: what is kept. */

static bool is_whole(const struct head *head, size_t length)
{
    return head->total == A_DESCRIPTOR || head->total == length;
}

static void drop(struct ilv_pipe *end, struct message **part)
{
    struct message *message = *part;
    *part = message->next;
    end->part_count--;
    free(message);
}

static bool is_there(uint32_t thread)
{
    return kill((pid_t)thread, 0) == 0 || errno != ESRCH;
}

/* Nothing of the message can come any more: its sender is dead, and what it sent before has been
 * read, as since then more packets were than a pipe holds. */
static bool is_orphan(const struct ilv_pipe *end, struct message *message)
{
    if (message->orphaned == 0 && !is_there(message->head.mark.sender)) {
        message->orphaned = end->packets;
    }
    int size = fcntl(end->in, F_GETPIPE_SZ);
    uint64_t most = size > 0 ? (uint64_t)size / PIPE_BUF : MOST_PACKETS;
    return message->orphaned != 0 && end->packets - message->orphaned > most;
}

static void drop_orphans(struct ilv_pipe *end)
{
    struct message **at = &end->parts;
    while (*at) {
        if (is_orphan(end, *at)) {
            drop(end, at);
        } else {
            at = &(*at)->next;
        }
    }
}

/* Where the parts of this sender's message are or should be; older ones are dropped. */
static struct message **find_part(struct ilv_pipe *end, const struct mark *mark)
{
    struct message **at = &end->parts;
    while (*at && (*at)->head.mark.sender != mark->sender) {
        at = &(*at)->next;
    }
    if (*at && (*at)->head.mark.number != mark->number) {
        drop(end, at);
    }
    return *at && (*at)->head.mark.sender == mark->sender ? at : NULL;
}

static struct message *new_message(const struct head *head)
{
    size_t total = head->total == A_DESCRIPTOR ? 0 : head->total;
    struct message *message = malloc(sizeof *message + total);
    if (message) {
        message->head = *head;
        message->got = 0;
        message->orphaned = 0;
    }
    return message;
}

static struct message **begin_part(struct ilv_pipe *end, const struct head *head)
{
    if (end->part_count >= MANY_PARTS) {
        drop_orphans(end);
    }
    struct message *message = new_message(head);
    if (!message) {
        return NULL;
    }
    message->next = end->parts;
    end->parts = message;
    end->part_count++;
    return &end->parts;
}

/* Keeps the packet that was read. */
static int keep(struct ilv_pipe *end, size_t length)
{
    const struct head *head = &end->last.head;
    struct message **at = find_part(end, &head->mark);
    if (head->offset != (at ? (*at)->got : 0)) {
        return 0;
    }
    at = at ? at : begin_part(end, head);
    if (!at) {
        return ENOMEM;
    }
    struct message *message = *at;
    memcpy(message->data + message->got, end->last.bytes, length);
    message->got += length;
    if (is_whole(head, message->got)) {
        *at = message->next;
        end->part_count--;
        message->next = NULL;
        end->ready = message;
    }
    return 0;
}

/* Waits until a whole message is kept. */
int ilv__pipe_fetch(struct ilv_pipe *end, const struct timespec *deadline)
{
    int error = 0;
    while (!end->ready && !error) {
        size_t length;
        error = read_packet(end, &length, deadline);
        error = error ? error : keep(end, length);
    }
    return error;
}

void ilv__pipe_pop(struct ilv_pipe *end)
{
    free(end->ready);
    end->ready = NULL;
}

/* Gives out the first that is kept, which is there. */
static int give(struct ilv_pipe *end, void *buffer, size_t room, size_t *length)
{
    const struct message *message = end->ready;
    if (message->head.total == A_DESCRIPTOR) {
        return EPROTO;
    }
    *length = message->head.total;
    if (*length > room) {
        return EMSGSIZE;
    }
    if (*length) {
        memcpy(buffer, message->data, *length);
    }
    ilv__pipe_pop(end);
    return 0;
}

static int receive_locked(struct ilv_pipe *end, void *buffer, size_t room, size_t *length,
                          const struct timespec *deadline)
{
    int error = 0;
    while (!end->ready && !error) {
        error = read_packet(end, length, deadline);
        if (!error && end->last.head.total == *length && *length <= room) {
            if (*length) {
                memcpy(buffer, end->last.bytes, *length);
            }
            return 0;
        }
        error = error ? error : keep(end, *length);
    }
    return error ? error : give(end, buffer, room, length);
}

int ilv__pipe_begin(struct ilv_pipe *end, const struct timespec *deadline)
{
    if (!end || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    if (end->in < 0) {
        return EBADF;
    }
    int error = ilv_mutex_try_lock(&end->receiving);
    return error == EBUSY ? ilv_mutex_lock_until(&end->receiving, deadline) : error;
}

void ilv__pipe_end(struct ilv_pipe *end)
{
    (void)ilv_mutex_unlock(&end->receiving);
}

int ilv_pipe_receive_until(struct ilv_pipe *end, void *buffer, size_t room, size_t *length,
                           const struct timespec *deadline)
{
    if ((!buffer && room) || !length) {
        return EINVAL;
    }
    int error = ilv__pipe_begin(end, deadline);
    if (error) {
        return error;
    }
    error = receive_locked(end, buffer, room, length, deadline);
    ilv__pipe_end(end);
    return error;
}

int ilv_pipe_receive(struct ilv_pipe *end, void *buffer, size_t room, size_t *length)
{
    return ilv_pipe_receive_until(end, buffer, room, length, NULL);
}

int ilv_pipe_try_receive(struct ilv_pipe *end, void *buffer, size_t room, size_t *length)
{
    return again_for_timeout(ilv_pipe_receive_until(end, buffer, room, length, &past));
}

int ilv_pipe_receive_new(struct ilv_pipe *end, void **data, size_t *length,
                         const struct timespec *deadline)
{
    if (!data || !length) {
        return EINVAL;
    }
    int error = ilv__pipe_begin(end, deadline);
    if (error) {
        return error;
    }
    error = ilv__pipe_fetch(end, deadline);
    if (!error) {
        size_t room = end->ready->head.total == A_DESCRIPTOR ? 0 : end->ready->head.total;
        void *made = malloc(room ? room : 1);
        error = made ? give(end, made, room, length) : ENOMEM;
        if (error) {
            free(made);
        } else {
            *data = made;
        }
    }
    ilv__pipe_end(end);
    return error;
}

int ilv_pipe_poll(struct ilv_pipe *end, const struct timespec *deadline)
{
    int error = ilv__pipe_begin(end, deadline);
    if (error) {
        return error;
    }
    error = ilv__pipe_fetch(end, deadline);
    ilv__pipe_end(end);
    return error;
}
