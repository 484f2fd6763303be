/* SPDX-License-Identifier: MIT */
/*
 * deaths.h: kills a process after every store that an operation makes to shared memory.
 *
 * The operation runs in a child under ptrace. Once it is stepped through, instruction by
 * instruction, and after each step the arena is compared with what it was: that gives the places
 * after which a death leaves other memory behind. Deaths anywhere else leave the same memory as one
 * of these. Then, for each place, the stage is made anew, a child runs up to the place and is
 * killed there with SIGKILL, and the caller looks at what a survivor finds.
 *
 * A second death is that of who repairs: it is killed at each store of its first call after the
 * first death.
 *
 *     kill_everywhere(&operation);
 */
#ifndef DEATHS_H
#define DEATHS_H

#include <ilv/arena.h>
#include <stdbool.h>

struct operation {
    const char *name;
    /* Makes the stage, which has the same contents each time, and gives its arena. */
    struct ilv_arena *(*prepare)(void);
    /* What is killed, on the stage that was made last. */
    void (*run)(void);
    /* What a survivor finds, by ILV_CHECK; true if all is well. Takes the stage down. */
    bool (*verify)(const struct operation *operation, const char *after);
};

/* One death at every place. Skips the test where ptrace is not allowed. */
void kill_everywhere(const struct operation *operation);

/* For every `stride`-th place, a second death at every place of the same operation by another. */
void kill_twice(const struct operation *operation, unsigned stride);

#endif
