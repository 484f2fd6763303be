/* SPDX-License-Identifier: MIT */
/*
 * actor.h: what a process of a campaign does, and what it and the campaign tell each other.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include "kills.h"

enum {
    MOST_WORLDS = 24,
    GROWTH = 1 << 16, /* bytes that a survivor may have more: parts of what is under way */
};

/* Operations, written by who is the actor now. A death amid one leaves done behind begun. */
struct tally {
    uint64_t begun;
    uint64_t done;
};

struct size {
    uint64_t bytes;      /* of the heap */
    uint64_t descriptor; /* the next to be opened */
};

struct world {
    const struct kind *kind;
    const char *wrong; /* a text of the program, which all have at the same address */
    struct tally tallies[ACTORS];
    struct size sizes[SURVIVORS];
    _Alignas(64) unsigned char own[];
};

/* Acts until it is killed, after `life` nanoseconds by itself, or 0: never; or until something is
 * wrong. */
void act(struct world *world, unsigned actor, uint64_t seed, uint64_t life);

#endif
