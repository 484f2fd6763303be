/* SPDX-License-Identifier: MIT */
/* Internal to primitives: what the sources of pipe.h share; pipe.c says how it works. */
#ifndef ILV__PIPE_PARTS_H
#define ILV__PIPE_PARTS_H

#include <ilv/mutex.h>
#include <ilv/pipe.h>

#include <errno.h>
#include <limits.h>

#include "internal.h"

#pragma GCC visibility push(hidden)

enum { SMALL = 256, MOST_STRAYS = 16, MANY_PARTS = 16, MOST_PACKETS = 256, NO_SIGNAL = 0x100 };

#define A_DESCRIPTOR UINT64_MAX

struct mark {
    uint32_t sender; /* its thread number */
    uint32_t number; /* of its message */
};

struct head {
    struct mark mark;
    uint64_t total; /* bytes of the message, or A_DESCRIPTOR */
    uint64_t offset;
};

enum { MOST_BYTES = PIPE_BUF - (int)sizeof(struct head) };

struct packet {
    struct head head;
    unsigned char bytes[MOST_BYTES];
};

struct message {
    struct message *next;
    struct head head;
    uint64_t got;
    uint64_t orphaned; /* how many packets were read when its sender was found dead; 0: it lives */
    unsigned char data[];
};

struct stray {
    struct mark mark;
    int descriptor; /* -1: it did not fit into this process */
};

/* What every message needs comes first, and so lies together. */
struct ilv_pipe {
    int in, out, side; /* -1: none */
    struct ilv_mutex receiving;
    struct message *ready; /* guarded by receiving, as all that follows */
    uint64_t packets;      /* read so far */
    struct packet last;    /* that was read */
    struct message *parts;
    unsigned part_count;
    unsigned stray_count;
    struct stray strays[MOST_STRAYS];
};

struct mark ilv__pipe_mark(void);
int ilv__pipe_send_packet(const struct ilv_pipe *end, const struct head *head, const void *bytes,
                          size_t length, const struct timespec *deadline);

/* Who receives is alone from begin to end. */
int ilv__pipe_begin(struct ilv_pipe *end, const struct timespec *deadline);
void ilv__pipe_end(struct ilv_pipe *end);

/* Waits until a whole message is kept; forgets the first that is. */
int ilv__pipe_fetch(struct ilv_pipe *end, const struct timespec *deadline);
void ilv__pipe_pop(struct ilv_pipe *end);

#pragma GCC visibility pop

#endif
