/* SPDX-License-Identifier: MIT */
/*
 * pipe.h: whole messages between two ends.
 *
 * A pipe has two ends; what one sends the other receives, whole and in order, whatever its size.
 * The ends are inherited by processes that are forked, and then each side closes the end of the
 * other, or it would wait for itself:
 *
 *     struct ilv_pipe *mine, *theirs;
 *     ilv_pipe_open(&mine, &theirs, ILV_PIPE_DUPLEX);
 *     ilv_process_run(&child, NULL, serve, (struct ilv_pipe *[]){mine, theirs});
 *     ilv_pipe_close(theirs);                      (the child closes mine)
 *     ilv_pipe_send(mine, "hello", 5);
 *     ilv_pipe_receive(mine, buffer, sizeof buffer, &length);
 *
 * Who may use an end: several threads of one process at once; several processes may send by one
 * end at once, and one at a time may receive.
 *
 * Deaths. A message is received whole or not at all. One whose sender was killed in the midst is
 * dropped; it disturbs no other message and delays no timed call. When all copies of the other end
 * are closed, also by death, what was sent before is received, then ENODATA; sending gives EPIPE,
 * and no signal is raised.
 *
 * Memory order: what happened before a send is seen after the receive of it.
 */
#ifndef ILV_PIPE_H
#define ILV_PIPE_H

#include <stddef.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_pipe;

enum ilv_pipe_kind {
    ILV_PIPE_DUPLEX,      /* both ends send and receive */
    ILV_PIPE_ONE_WAY,     /* the first receives, the second sends */
    ILV_PIPE_DESCRIPTORS, /* duplex, and descriptors can be sent */
};

/* Makes the two ends. EINVAL; ENOMEM, EMFILE, ENFILE. Never blocks. */
int ilv_pipe_open(struct ilv_pipe **first, struct ilv_pipe **second, enum ilv_pipe_kind kind);

/* Closes this process's copy of an end and frees it; no other thread may use it any more. NULL is
 * 0. */
int ilv_pipe_close(struct ilv_pipe *end);

/*
 * Sends a message; it may be empty. May block until the other end makes room.
 *
 * EINVAL; EBADF: an end that only receives; EPIPE: nobody can receive it any more. Try: EAGAIN if
 * it would wait. Until: ETIMEDOUT at the deadline (absolute, CLOCK_MONOTONIC; NULL: for ever).
 * After an error nothing of the message will be received. Messages below 4 KiB are one system call.
 */
int ilv_pipe_send(struct ilv_pipe *end, const void *data, size_t length);
int ilv_pipe_try_send(struct ilv_pipe *end, const void *data, size_t length);
int ilv_pipe_send_until(struct ilv_pipe *end, const void *data, size_t length,
                        const struct timespec *deadline);

/*
 * Receives the next message into buffer, and its length. May block.
 *
 * EINVAL; EBADF: an end that only sends; ENODATA: the other end is closed or dead and all was
 * received; EMSGSIZE: longer than room: the message stays, *length says what it needs. ENOMEM: a
 * message was longer than memory, and is lost. EPROTO: a descriptor is next:
 * ilv_pipe_receive_descriptor(). Try: EAGAIN. Until: ETIMEDOUT. A deadline is kept also when part
 * of a message is there: it stays for the next call.
 */
int ilv_pipe_receive(struct ilv_pipe *end, void *buffer, size_t room, size_t *length);
int ilv_pipe_try_receive(struct ilv_pipe *end, void *buffer, size_t room, size_t *length);
int ilv_pipe_receive_until(struct ilv_pipe *end, void *buffer, size_t room, size_t *length,
                           const struct timespec *deadline);

/* Receives into memory that the caller frees with free(); never NULL on success. */
int ilv_pipe_receive_new(struct ilv_pipe *end, void **data, size_t *length,
                         const struct timespec *deadline);

/* Waits until a whole message can be received: 0; errors as ilv_pipe_receive_until(), save EMSGSIZE
 * and EPROTO: a descriptor is a message too. */
int ilv_pipe_poll(struct ilv_pipe *end, const struct timespec *deadline);

/*
 * Sends and receives an open descriptor, in its place among the messages. The sender keeps his own;
 * the received one is new and close-on-exec.
 *
 * ENOTSUP: not a pipe of ILV_PIPE_DESCRIPTORS. EBADF: not open. EPROTO: a message is next, it
 * stays. EMFILE: no room in this process; the descriptor is lost. Else as send and receive.
 */
int ilv_pipe_send_descriptor(struct ilv_pipe *end, int descriptor, const struct timespec *deadline);
int ilv_pipe_receive_descriptor(struct ilv_pipe *end, int *descriptor,
                                const struct timespec *deadline);

/* For poll(): readable when ilv_pipe_try_receive() has something to look at; -1 for an end that
 * only sends. */
int ilv_pipe_descriptor(const struct ilv_pipe *end);

#ifdef __cplusplus
}
#endif

#endif
