/* SPDX-License-Identifier: MIT */
/*
 * race.h: the data race detector: happens-before over every access.
 *
 * Two accesses race when they are made by different tasks, overlap in a byte, at least one writes, at
 * least one is not atomic, and nothing orders them: neither happens before the other by program
 * order, task creation and join, locks, or the release and acquire of atomic operations (C11,
 * 5.1.2.4). Each task has a vector clock; each place in memory remembers the last accesses that
 * could still race (after C. Flanagan and S. Freund, "FastTrack", PLDI 2009, made exact to the byte
 * and to atomics). What it says is true of the run at hand: no lockset guesses.
 *
 * It differs from the other detectors in what it is fed: accesses come straight from the code, far
 * too many to be steps; synchronisation comes as steps (race_steps.c) and, for atomic operations
 * and annotations, by the calls below. As they, it runs in fixed memory, calls nothing but base/ and trace/, never
 * allocates from elsewhere, never blocks. Nothing in it depends on the values of addresses:
 * equal runs at other addresses give equal answers.
 *
 * It also keeps a *mark* for each word (8 bytes, aligned), for its user: 0 where nothing was set.
 */
#ifndef ILV_RACE_H
#define ILV_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector.h"

struct ilv_race;

/* What an access does; bits. */
enum {
    ILV_RACE_READ = 0,
    ILV_RACE_WRITE = 1u << 0,
    ILV_RACE_ATOMIC = 1u << 1, /* of itself in no race with another atomic access */
    ILV_RACE_FREE = 1u << 2,   /* the memory is given back: a write of all of it */
    ILV_RACE_LIBC = 1u << 3,   /* made by a libc call */
    ILV_RACE_VPTR = 1u << 4    /* of a C++ object's table pointer */
};

/* One access, remembered. */
struct ilv_race_access {
    uint64_t address; /* of the whole access */
    uint32_t size;
    uint32_t site; /* the caller's: call site when recorded, else 0 */
    uint32_t step; /* of the run, when it was made */
    uint16_t task;
    uint16_t what; /* ILV_RACE_* */
};

/* Two accesses that race; the earlier one in this run first. */
struct ilv_race_pair {
    struct ilv_race_access earlier;
    struct ilv_race_access later;
};

/* What came of an access; bits. */
enum {
    ILV_RACE_FOUND = 1u << 0,  /* *pair is filled in: the first race of this access */
    ILV_RACE_FULL = 1u << 1,   /* no memory left: from now on races may be missed. Say so. */
    ILV_RACE_SHARED = 1u << 2, /* atomic accesses only: another task touched the place before */
    ILV_RACE_SAME = 1u << 3    /* nothing was new: this task made such an access in this epoch */
};

/* Bytes of memory that begin needs at least; with more, more can be remembered. */
size_t ilv_race_least(uint32_t max_tasks, uint32_t max_objects);

/* Begins in `size` bytes of zeroed memory (fresh pages: only what is used is touched; gigabytes
 * may be reserved), aligned to 64. Task 0 runs. */
struct ilv_race *ilv_race_begin(void *memory, size_t size, uint32_t max_tasks,
                                uint32_t max_objects);

/*
 * An access is about to be made. access->size is at least 1; it may span words and pages.
 * Inline fast path for aligned plain accesses of 1 to 8 bytes: ilv_race_same() below.
 * Bounded by the size of the access.
 */
unsigned ilv_race_access(struct ilv_race *race, const struct ilv_race_access *access,
                         struct ilv_race_pair *pair);

/* Whether ilv_race_access() would return ILV_RACE_SAME or 0 without a mark, and can be skipped: same task,
 * same epoch, same bytes, no mark on the word. size is 1, 2, 4 or 8; within one word. write: 0 or
 * 1. A few nanoseconds: defined inline in race_fast.h, which this header includes at its end. */

/* The range is fresh memory: nothing is remembered of it, marks are 0. (malloc, a new stack.) */
void ilv_race_fresh(struct ilv_race *race, uint64_t address, uint64_t size);

/* ---- marks -------------------------------------------------------------------------------- */

/* 0 when there is no memory left to keep it. */
bool ilv_race_mark_set(struct ilv_race *race, uint64_t address, uint32_t mark);
uint32_t ilv_race_mark(const struct ilv_race *race, uint64_t address);

/* ---- what orders -------------------------------------------------------------------------- */

/* A task was made: what its creator did is ordered before all it does. The index may be that of
 * an earlier task that has ended: what that one did stays apart. */
void ilv_race_task_begin(struct ilv_race *race, unsigned task, unsigned creator);
/* All that `ended` did is ordered before what `task` does now. */
void ilv_race_task_joined(struct ilv_race *race, unsigned task, unsigned ended);

/*
 * Synchronisation through a place: `sync` is an object's index (locks and all that are objects)
 * or, with the _at forms, an address (atomics, annotations); these end with ilv_race_fresh().
 *   release  what task did is ordered before what acquires there later (added to what is there)
 *   replace  ... and what was released there before is forgotten (an atomic store)
 */
enum ilv_race_sync { ILV_RACE_ACQUIRE, ILV_RACE_RELEASE, ILV_RACE_REPLACE };
void ilv_race_sync(struct ilv_race *race, unsigned task, uint32_t object, enum ilv_race_sync what);
void ilv_race_sync_at(struct ilv_race *race, unsigned task, uint64_t address,
                      enum ilv_race_sync what);

/*
 * The order of an atomic operation, after it was carried out: `reads` and `writes` say what it did, order is
 * that of <stdatomic.h> that applied. Covers release sequences (C11, 5.1.2.4: a relaxed read-modify-write goes on
 * with the sequence, a relaxed store of another task ends it) and fences (7.17.4).
 */
void ilv_race_atomic(struct ilv_race *race, unsigned task, uint64_t address, bool reads,
                     bool writes, unsigned order);
void ilv_race_fence(struct ilv_race *race, unsigned task, unsigned order);

/* Synchronisation that comes as steps: see race_steps.c for the table of events. */
void ilv_race_step(struct ilv_race *race, const struct ilv_view *view, const struct ilv_step *step);

/* ---- who knows what ----------------------------------------------------------------------- */

/* Whether all that `earlier` has done until now is ordered before what `task` does next. */
bool ilv_race_ordered(const struct ilv_race *race, unsigned earlier, unsigned task);

/* A finding for the pair: verdict data-race, parts READ or WRITE of both tasks (the object is the word's,
 * given by the caller; 0 if it has none). */
struct ilv_finding ilv_race_finding(const struct ilv_view *view, const struct ilv_race_pair *pair,
                                    uint32_t object);

#endif
