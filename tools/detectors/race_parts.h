/* SPDX-License-Identifier: MIT */
/*
 * race_parts.h: what the race detector's files share. Of race*.c only.
 *
 *     race.c          accesses, and the beginning
 *     race_word.c     one word: what is kept of its accesses, what races
 *     race_shadow.c   memory: cells by address, lists of records, fresh memory, marks
 *     race_clocks.c   vector clocks: tasks, slots, what is released and acquired
 *     race_atomics.c  release sequences and fences
 *     race_steps.c    the table from steps to synchronisation
 *     race_row.c      the row of detectors.def, findings
 *
 * All lies in one piece of memory; a `ref` is the distance from its beginning in units of 64
 * bytes, 0 is none. Nothing is touched before it is used.
 */
#ifndef ILV_DETECTORS_RACE_PARTS_H
#define ILV_DETECTORS_RACE_PARTS_H

#include "arena.h"
#include "race.h"

#define ILV__SLOTS 4096u /* 12 bits of a record */
#define ILV__NODE_RECORDS 5
#define ILV__LOG_ENTRIES 15
#define ILV__ROOMS 9    /* sizes of vectors: 16 << n entries */
#define ILV__SIGNALS 65 /* numbers from 1 */
#define ILV__DIRECTORY 8192u

/* Further records of a word. */
struct ilv__race_node {
    uint64_t record[ILV__NODE_RECORDS];
    uint32_t site[ILV__NODE_RECORDS];
    uint32_t next; /* ref */
};
_Static_assert(sizeof(struct ilv__race_node) == 64, "a list's node is a line");

/* A page of memory. Most pages of large ranges are *even*: one record stands for all words. */
struct ilv__race_page {
    uint64_t record; /* of each word, when there is no leaf; 0: none */
    uint32_t site;
    uint32_t leaf; /* ref */
};

/* What is remembered of each word of a page. Parts that are not used are never
 * touched. */
struct ilv__race_leaf {
    struct ilv__race_cell cell[ILV__WORDS];
    uint32_t lists; /* words with a list */
    uint32_t marks; /* words with a mark */
    uint32_t syncs; /* words with something released there */
    uint32_t unused[13];
    uint32_t mark[ILV__WORDS];
    uint32_t sync[ILV__WORDS]; /* ref of the first struct ilv__at */
    uint32_t site[ILV__WORDS][2];
};

/* ---- vector clocks ------------------------------------------------------------------------ */

/* Entries at and beyond size are 0. */
struct ilv__vector {
    uint32_t *clock; /* by slot; room is 16 << n entries, or 0 */
    uint32_t size;
    uint32_t room;
};

/* What is released and acquired by way of one object. */
struct ilv__sync {
    struct ilv__vector all;
    uint64_t from;   /* key: `all` is what that task knew then, nothing else; 0: not so */
    uint32_t other;  /* ref of a second one: of a rwlock's readers, of a barrier's open round */
    uint32_t users;  /* of a barrier's round: who will still leave it */
    uint16_t holder; /* of a lock: task + 1 that has it for itself */
    uint16_t unused[15];
};
_Static_assert(sizeof(struct ilv__sync) == 64, "refs count lines");

/* The part of a release sequence that one task heads. */
struct ilv__head {
    struct ilv__vector all;
    uint32_t slot;
    uint32_t next; /* ref */
    uint32_t unused[10];
};
_Static_assert(sizeof(struct ilv__head) == 64, "refs count lines");

/* ... by way of an address. */
struct ilv__at {
    struct ilv__sync sync;       /* by annotations, and by models whose words programs read */
    struct ilv__vector sequence; /* by the release sequences that the value in memory is of */
    uint64_t from;               /* as in sync, for sequence */
    uint64_t address;
    uint32_t next;  /* ref: another one in the same word */
    uint32_t sole;  /* slot + 1 of its only head, when heads is 0; 0: the sequence is empty */
    uint32_t heads; /* ref of the list of its heads, when there are several */
    uint32_t unused[5];
};
_Static_assert(sizeof(struct ilv__at) == 128, "refs count lines");

/* A task by its index. */
struct ilv__actor {
    uint32_t *known;            /* by slot; its own clock too */
    struct ilv__vector fence;   /* what it knew at its last release fence */
    struct ilv__vector pending; /* what its relaxed loads have read, until an acquire fence */
    uint32_t slot;
    uint32_t clock;
    uint32_t touched; /* clock at its last access that was new */
    uint32_t step;    /* ... of the run, at that */
    uint32_t round;   /* ref of the barrier's round in which it arrived */
    uint32_t cancel;  /* ref of what those knew who cancelled it */
    bool begun;
    bool live; /* may act; false: was joined */
};

/* From this clock on the slot's accesses are of this step. */
struct ilv__moment {
    uint32_t clock;
    uint32_t step;
};

struct ilv__log {
    uint32_t before; /* ref */
    uint32_t used;
    struct ilv__moment moment[ILV__LOG_ENTRIES];
};
_Static_assert(sizeof(struct ilv__log) == 128, "refs count lines");

/* The place of a task in all vectors, and in records. */
struct ilv__slot {
    uint32_t log;   /* ref of the newest part */
    uint32_t ended; /* its last clock, once its task is gone; 0: it is not */
    uint16_t task;
    uint16_t next_gone; /* list of those that are gone: slot + 1 */
};

/* ---- all of it ---------------------------------------------------------------------------- */

struct ilv_race {
    struct ilv__race_front front; /* first: race_fast.h */
    struct ilv_arena arena;       /* of lines */
    char *base;
    uint32_t *known; /* ILV__SLOTS for each task */
    struct ilv__actor *actor;
    struct ilv__slot *slot;
    uint16_t *acts_as;   /* by task: as which its steps are made, + 1; 0: as itself */
    uint32_t *object;    /* refs of struct ilv__sync by object */
    uint32_t *directory; /* by the address's highest bits: ref of the next level */
    uint32_t max_tasks;
    uint32_t max_objects;
    uint32_t actors; /* tasks that have begun are below */
    uint32_t slots;  /* in use or used */
    uint32_t width;  /* slots, rounded up to 8: as many entries of vectors are looked at */
    uint32_t gone;   /* list of slots whose task is gone: slot + 1 */
    uint32_t free_node;
    uint32_t free_sync;
    uint32_t free_at;
    uint32_t free_head;
    uint32_t free_vector[ILV__ROOMS]; /* by room */
    uint32_t signal[ILV__SIGNALS];    /* refs of struct ilv__sync */
    uint32_t channels;                /* ref: of all channels and of what is outside */
    uint32_t timers;                  /* ref: of all timers */
    bool sites;                       /* call sites have been given: they are kept */
    bool full;
};

static inline void *ilv__race_at(const struct ilv_race *race, uint32_t ref)
{
    return race->base + (size_t)ref * 64;
}

/* ---- race_word.c ------------------------------------------------------------------------ */

/* A new access. */
struct ilv__visit {
    struct ilv_race *race;
    const struct ilv__actor *actor;
    const struct ilv_race_access *access;
    struct ilv_race_pair *pair;
    struct ilv__race_leaf *leaf;
    uint64_t page;   /* its address */
    unsigned word;   /* within the page */
    unsigned result; /* ILV_RACE_FOUND, ILV_RACE_SHARED */
    /* while one word is visited: */
    uint64_t new; /* the record: its bytes, and those of records that it takes in */
    uint64_t bytes;
    uint64_t *hole; /* a place in the list that is free */
    uint32_t *hole_site;
    unsigned left;    /* records in the list */
    bool merged;      /* it has taken in another one */
    bool superfluous; /* there is one that stands for it */
};

/* The new record meets those of the visit's word. Returns whether there was anything new. */
bool ilv__race_visit(struct ilv__visit *v, uint64_t new);

static inline unsigned ilv__race_slot_of(uint64_t record)
{
    return record >> ILV__RECORD_SLOT & (ILV__SLOTS - 1);
}

static inline bool ilv__race_is_live(uint64_t record)
{
    return (record & ILV__RECORD_BYTES) != 0;
}

/* Whether whatever conflicts with b conflicts with a. */
static inline bool ilv__race_as_strong(uint64_t a, uint64_t b)
{
    return ((b & ~a & ILV__RECORD_WRITE) | (a & ~b & ILV__RECORD_ATOMIC)) == 0;
}

static inline bool ilv__race_conflict(uint64_t a, uint64_t b)
{
    return ((a | b) & ILV__RECORD_WRITE) != 0 && (a & b & ILV__RECORD_ATOMIC) == 0;
}

/* Whether the record makes the new one superfluous. */
static inline bool ilv__race_stands_for(uint64_t record, uint64_t new)
{
    uint64_t lacks = ~record & new &(ILV__RECORD_BYTES | ILV__RECORD_FREE);
    return ((record ^ new) & ILV__RECORD_KEY) == 0 && lacks == 0 &&
           ilv__race_as_strong(record, new);
}

static inline bool ilv__race_same_kind(uint64_t a, uint64_t b)
{
    return ((a ^ b) & ~(ILV__RECORD_BYTES | ILV__RECORD_MARKED)) == 0;
}

/* ---- race_shadow.c ------------------------------------------------------------------------ */

/* Zeroed; a multiple of 64 bytes. 0 when none is left (race->full is set). */
uint32_t ilv__race_take(struct ilv_race *race, size_t size);
/* One from the list (its next is the first word) or a new one; not cleared. */
uint32_t ilv__race_take_from(struct ilv_race *race, uint32_t *list, size_t size);
void ilv__race_give(struct ilv_race *race, uint32_t *list, uint32_t ref);
/* The page of this address, NULL when there is none, or no memory to make it. */
struct ilv__race_page *ilv__race_page(struct ilv_race *race, uint64_t address, bool make);
/* The leaf of the page of this address, NULL when there is none. */
struct ilv__race_leaf *ilv__race_leaf(struct ilv_race *race, uint64_t address);
/* ... made if there is none (of an even page too); NULL when there is no memory. */
struct ilv__race_leaf *ilv__race_leaf_made(struct ilv_race *race, uint64_t address);
void ilv__race_drop_list(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word);

static inline uint32_t ilv__race_list(const struct ilv__race_cell *cell)
{
    return (cell->record[1] & ILV__RECORD_MORE) != 0 ? (uint32_t)(cell->record[1] >> 32) : 0;
}

/* ---- race_clocks.c ------------------------------------------------------------------------ */

/* The task, begun if it was not; NULL when its index is too large. */
struct ilv__actor *ilv__race_actor(struct ilv_race *race, unsigned task);
/* The task knows all that the other one knows now. */
void ilv__race_know(struct ilv_race *race, unsigned task, unsigned other);
/* An access of this step is about to be remembered: epochs are of one step. */
void ilv__race_step_of(struct ilv_race *race, unsigned task, uint32_t step);
/* The step and the task of a record. */
uint32_t ilv__race_step_at(const struct ilv_race *race, uint32_t slot, uint32_t clock);
/* What task does from now on is of a new epoch. */
void ilv__race_advance(struct ilv_race *race, unsigned task);

void ilv__race_vector_clear(struct ilv_race *race, struct ilv__vector *vector);
/* false when there is no memory; race->full is set. */
bool ilv__race_vector_copy(struct ilv_race *race, struct ilv__vector *to, const uint32_t *from,
                           uint32_t size);
bool ilv__race_vector_join(struct ilv_race *race, struct ilv__vector *to, const uint32_t *from,
                           uint32_t size);
/* Whether the task knows all that the key's task knew when it was there. */
static inline bool ilv__race_knows(const struct ilv__actor *actor, uint64_t key)
{
    return key != 0 && actor->known[key >> ILV__RECORD_SLOT & (ILV__SLOTS - 1)] >= key >> 32;
}
void ilv__race_acquire(struct ilv__actor *actor, const struct ilv__vector *all, uint64_t from);
/* The sync of an object, made if there is none; NULL without memory or for object 0. */
struct ilv__sync *ilv__race_object(struct ilv_race *race, uint32_t object);
/* The sync whose ref stands there, made if there is none. */
struct ilv__sync *ilv__race_sync_in(struct ilv_race *race, uint32_t *ref);
void ilv__race_apply(struct ilv_race *race, unsigned task, struct ilv__sync *sync,
                     enum ilv_race_sync what);
void ilv__race_sync_drop(struct ilv_race *race, uint32_t *ref);

/* ---- race_atomics.c ----------------------------------------------------------------------- */

/* What is released in this word is forgotten. */
void ilv__race_word_forget(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word);

#endif
