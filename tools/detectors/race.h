/* SPDX-License-Identifier: MIT */
/*
 * race.h: the data race detector: happens-before over every access.
 *
 * Two accesses race when they are made by different tasks, overlap in a byte, at least one writes,
 * at least one is not atomic, and nothing orders them: neither happens before the other by program
 * order, task creation and join, locks, or the release and acquire of atomic operations (C11,
 * 5.1.2.4). Each task has a vector clock; each place in memory remembers the accesses that could
 * still race (after C. Flanagan and S. Freund, "FastTrack", PLDI 2009, made exact to the byte and
 * to atomics). What it says is true of the run at hand: no lockset guesses.
 *
 * It differs from the other detectors in what it is fed: accesses come straight from the code, far
 * too many to be steps; synchronisation comes as steps (race_steps.c) and, for atomic operations
 * and annotations, by the calls below. As they, it runs in fixed memory, never allocates from
 * elsewhere, never blocks. Nothing in it depends on the values of addresses: equal runs at other
 * addresses give equal answers.
 *
 * It also keeps a *mark* for each word (8 bytes, aligned), for its user: 0 where nothing was set.
 *
 *     race = ilv_race_begin(memory, size, tasks, objects);
 *     before a plain access:     if (!ilv_race_same(race, task, address, size, writes))
 *                                    what_came = ilv_race_access(race, &access, &pair);
 *     after an atomic one:       what_came = ilv_race_atomic(race, &access, reads, order, &pair);
 *     with every step:           ilv_race_step(race, view, step);
 *     what malloc returned:      ilv_race_fresh(race, address, size);
 *
 * What is exact, and what is not:
 *
 *  - An access is told to race exactly when an earlier one races with it, unless this task made
 *    such an access in this epoch (since it last released something): that one was told then.
 *  - A task that has ended and was joined gives its place to a new one as soon as all live tasks
 *    are ordered after it; what it did can race with nothing by then.
 *  - A plain store to an atomic object does not end a release sequence.
 *  - Of an earlier access only the part within one word is told.
 *  - Addresses of 2^47 and above are not remembered: no program on x86-64 has memory there that did
 *    not ask for it by address. (A wild pointer's access ends in a crash, which says more.)
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
    uint64_t address; /* of the first byte; in a pair's earlier one: within the word */
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
    ILV_RACE_SHARED = 1u << 2, /* atomic accesses only: ilv_race_shared() was true */
    ILV_RACE_SAME = 1u << 3    /* nothing was new: this task made such an access in this epoch */
};

/* Bytes of memory that begin needs at least; with more, more can be remembered: 16 bytes for each
 * word of 8 that is touched, 64 more for a word with more than two accesses worth keeping, 20 KiB
 * of addresses for each page. */
size_t ilv_race_least(uint32_t max_tasks, uint32_t max_objects);

/* Begins in `size` bytes of zeroed memory (fresh pages: only what is used is touched; gigabytes
 * may be reserved), aligned to 64. Task 0 runs. max_tasks is at most 4096. */
struct ilv_race *ilv_race_begin(void *memory, size_t size, uint32_t max_tasks,
                                uint32_t max_objects);

/* ---- accesses ----------------------------------------------------------------------------- */

/*
 * A plain access is about to be made, or an atomic one of whose order nothing is known.
 * access->size is at least 1; it may span words and pages. Bounded by the size of the access and
 * by the tasks that touched the same bytes.
 */
unsigned ilv_race_access(struct ilv_race *race, const struct ilv_race_access *access,
                         struct ilv_race_pair *pair);

/* Whether ilv_race_access() would return ILV_RACE_SAME and the word has no mark, so that the call
 * can be left out: false is always a correct answer. A plain access of 1 to 8 bytes within one
 * word; write: 0 or 1. A few nanoseconds: inline, in race_fast.h. */
static inline bool ilv_race_same(const struct ilv_race *race, unsigned task, uint64_t address,
                                 unsigned size, unsigned write);

/*
 * An atomic operation was carried out, and no other task has run since. access->what is
 * ILV_RACE_ATOMIC, with ILV_RACE_WRITE if it wrote; reads: it read (both: a read-modify-write; a
 * compare-exchange that failed only read). order is that of <stdatomic.h> that applied. One call
 * for the access and its order, since what is acquired is ordered before the operation itself.
 * Covers release sequences (C11, 5.1.2.4: a read-modify-write goes on with the sequence whatever
 * its order, a relaxed store of another task ends it) and fences (7.17.4); consume is acquire.
 * Returns as ilv_race_access().
 */
unsigned ilv_race_atomic(struct ilv_race *race, const struct ilv_race_access *access, bool reads,
                         unsigned order, struct ilv_race_pair *pair);
void ilv_race_fence(struct ilv_race *race, unsigned task, unsigned order);

/* Whether an access of another task to one of these bytes is remembered (ordered or not). */
bool ilv_race_shared(struct ilv_race *race, unsigned task, uint64_t address, uint32_t size);

/* The range is fresh memory: nothing is remembered of it, marks are 0, what was released at
 * addresses in it is forgotten. (malloc, a new stack.) */
void ilv_race_fresh(struct ilv_race *race, uint64_t address, uint64_t size);

/* ---- marks -------------------------------------------------------------------------------- */

/* false when there is no memory left to keep it. */
bool ilv_race_mark_set(struct ilv_race *race, uint64_t address, uint32_t mark);
uint32_t ilv_race_mark(const struct ilv_race *race, uint64_t address);
/* The first word at `from` or after it that has a mark, or `to` if there is none before `to`. Quick
 * over memory without marks. */
uint64_t ilv_race_next_mark(const struct ilv_race *race, uint64_t from, uint64_t to);

/* ---- what orders -------------------------------------------------------------------------- */

/* A task was made: what its creator did is ordered before all it does. The index may be that of
 * an earlier task that has ended: what that one did stays apart. A task that acts without this was
 * made by task 0, at that moment. */
void ilv_race_task_begin(struct ilv_race *race, unsigned task, unsigned creator);
/* All that `ended` did is ordered before what `task` does now; it does nothing any more. */
void ilv_race_task_joined(struct ilv_race *race, unsigned task, unsigned ended);

/*
 * Synchronisation through a place: `sync` is an object's index (locks and all that are objects)
 * or, with the _at form, an address (annotations); these end with ilv_race_fresh(). An atomic
 * operation that acquires at the same address acquires what was released there too.
 *   release  what task did is ordered before what acquires there later (added to what is there)
 *   replace  ... and what was released there before is forgotten
 */
enum ilv_race_sync { ILV_RACE_ACQUIRE, ILV_RACE_RELEASE, ILV_RACE_REPLACE };
void ilv_race_sync(struct ilv_race *race, unsigned task, uint32_t object, enum ilv_race_sync what);
void ilv_race_sync_at(struct ilv_race *race, unsigned task, uint64_t address,
                      enum ilv_race_sync what);

/* Synchronisation that comes as steps, after they were made: race_steps.c has the table. */
void ilv_race_step(struct ilv_race *race, const struct ilv_view *view, const struct ilv_step *step);

/* From now on the steps of `task` are made as `as`, which is another index (begun) or its own: a
 * fiber of the program's own, whose accesses come under that index too. A switch of fibers that
 * synchronises is a release and an acquire of the caller's. */
void ilv_race_act_as(struct ilv_race *race, unsigned task, unsigned as);

/* Whether all accesses that `earlier` has made until now are ordered before what `task` does
 * next. */
bool ilv_race_ordered(const struct ilv_race *race, unsigned earlier, unsigned task);

/* ---- as a detector ------------------------------------------------------------------------ */

/* The state of the row `race` of detectors.def begins without an engine: its steps then cost
 * nothing. This hands one in (NULL: takes it away): steps go to ilv_race_step(). */
void ilv_race_attach(void *state, struct ilv_race *race);

/* A finding for the pair: verdict data-race, two parts: what the tasks did (READ, WROTE, FREED)
 * in this order, to the object (the word's, given by the caller; 0 if it has none). */
struct ilv_finding ilv_race_finding(const struct ilv_view *view, const struct ilv_race_pair *pair,
                                    uint32_t object);

#include "race_fast.h"

#endif
