/* SPDX-License-Identifier: MIT */
/* pipe_descriptor.c: open descriptors among the messages; rule 5 of pipe.c. */
#include "pipe_parts.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors.h"

union control {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

static int send_beside(const struct ilv_pipe *end, struct mark *mark, int descriptor,
                       const struct timespec *deadline)
{
    union control control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    struct iovec part = {mark, sizeof *mark};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    memcpy(CMSG_DATA(&control.head), &descriptor, sizeof descriptor);
    while (sendmsg(end->side, &message, MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            return errno == ECONNRESET || errno == ENOTCONN ? EPIPE : errno;
        }
        int error = errno == EAGAIN ? ilv__poll_one(end->side, POLLOUT, deadline) : 0;
        if (error) {
            return error;
        }
    }
    return 0;
}

int ilv_pipe_send_descriptor(struct ilv_pipe *end, int descriptor, const struct timespec *deadline)
{
    if (!end || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    if (end->side < 0) {
        return ENOTSUP;
    }
    struct head head = {ilv__pipe_mark(), A_DESCRIPTOR, 0};
    int error = send_beside(end, &head.mark, descriptor, deadline);
    return error ? error : ilv__pipe_send_packet(end, &head, NULL, 0, deadline);
}

static bool receive_beside(const struct ilv_pipe *end, struct stray *stray)
{
    union control control = {.head = {0, 0, 0}};
    struct iovec part = {&stray->mark, sizeof stray->mark};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    if (recvmsg(end->side, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof stray->mark) {
        return false;
    }
    stray->descriptor = -1;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS) {
        memcpy(&stray->descriptor, CMSG_DATA(head), sizeof stray->descriptor);
    }
    return true;
}

static void remove_stray(struct ilv_pipe *end, unsigned i)
{
    end->stray_count--;
    memmove(&end->strays[i], &end->strays[i + 1], (end->stray_count - i) * sizeof end->strays[0]);
}

static void add_stray(struct ilv_pipe *end, const struct stray *stray)
{
    if (end->stray_count == MOST_STRAYS) {
        (void)close(end->strays[0].descriptor);
        remove_stray(end, 0);
    }
    end->strays[end->stray_count++] = *stray;
}

static bool is_marked(const struct stray *stray, const struct mark *mark)
{
    return stray->mark.sender == mark->sender && stray->mark.number == mark->number;
}

/* The descriptor of the mark, which is here: it was sent before its packet. */
static int find_descriptor(struct ilv_pipe *end, const struct mark *mark)
{
    struct stray stray;
    for (unsigned i = 0; i < end->stray_count; i++) {
        stray = end->strays[i];
        if (is_marked(&stray, mark)) {
            remove_stray(end, i);
            return stray.descriptor;
        }
    }
    while (receive_beside(end, &stray)) {
        if (is_marked(&stray, mark)) {
            return stray.descriptor;
        }
        add_stray(end, &stray);
    }
    return -1;
}

int ilv_pipe_receive_descriptor(struct ilv_pipe *end, int *descriptor,
                                const struct timespec *deadline)
{
    if (!descriptor || !end) {
        return EINVAL;
    }
    if (end->side < 0) {
        return ENOTSUP;
    }
    int error = ilv__pipe_begin(end, deadline);
    if (error) {
        return error;
    }
    error = ilv__pipe_fetch(end, deadline);
    if (!error && end->ready->head.total != A_DESCRIPTOR) {
        error = EPROTO;
    }
    if (!error) {
        *descriptor = find_descriptor(end, &end->ready->head.mark);
        error = *descriptor < 0 ? EMFILE : 0;
        ilv__pipe_pop(end);
    }
    ilv__pipe_end(end);
    return error;
}
