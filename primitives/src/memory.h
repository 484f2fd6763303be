/* SPDX-License-Identifier: MIT */
/*
 * memory.h: how an arena lies in memory, and how a change of it survives the death of who makes it.
 *
 * In each process:   [struct ilv_arena, one private page][the shared file: `limit` addresses]
 * In the file:       [struct ilv__heap][block][block]...[end]
 *
 * The page before the shared part belongs to the process, so that everything else can be found
 * from the address of an object: address - self is the start, one page before it is the arena.
 *
 * The law of deaths. What a process has stored when it is killed stands in shared memory, in the
 * order of its stores; nothing of the machine is lost. So the order that the compiler keeps is
 * enough (ilv__then()), and what others see is ordered by the lock.
 *
 * An operation on an object runs under the object's lock and writes shared memory in one of three
 * ways:
 *  (1) where nobody looks before (6): as it likes;
 *  (2) by one store that makes all of it valid;
 *  (3) by ilv__change() and ilv__save(), which note the old contents in the undo record first.
 * The record's `control` says how much of it counts. Storing 0 there commits, after (3).
 *
 * Blocks. An operation that needs a new block has its reference stored in fresh[] by the allocator;
 * one that gives up a block writes it to stale[]. With blocks, committing is storing DONE:
 *
 *   control    after a death                                                    function
 *   n words    old contents are put back, then as for 0                          roll_back
 *   0          stale[] is forgotten, fresh[] is freed: nothing had happened      roll_back
 *   DONE       fresh[] is forgotten, stale[] and doomed are freed, then 0        finish
 *
 * Each row may be interrupted by another death and begun again: (4) contents are put back from a
 * record that is not changed meanwhile; (5) the allocator frees a block and clears the word that
 * names it in one operation of its own, which has its own lock and its own record; (6) words in a
 * fresh block are never noted in the record, so that nothing is put back into a block that was
 * freed.
 *
 * Order of locks: objects as their users nest them, then the heap's, under which nothing is called.
 */
#ifndef ILV_MEMORY_H
#define ILV_MEMORY_H

#include <ilv/arena.h>
#include <string.h>

#include "internal.h"
#include "mutex.h"

#pragma GCC visibility push(hidden)

enum {
    ILV__PAGE = 4096,
    ILV__UNDO_WORDS =
        20, /* the most that one operation changes: a free that joins both neighbours */
    ILV__UNDO_BYTES = 128, /* a longer change is made on a copy */
    ILV__UNDO_BLOCKS = 3,
    ILV__LEVELS = 40, /* sizes below 2^47 */
    ILV__BINS = 16,
};

#define ILV__MAGIC 0x616e6572612d6c69ULL
#define ILV__BIGGEST (1ULL << 42)

#define ILV__UNDO_SAVED(size) ((uint64_t)(size) << 16)
#define ILV__UNDO_DONE (1ULL << 32)

struct ilv__undo {
    uint64_t control; /* words that count | bytes that count << 16 | DONE */
    ilv_ref saved;    /* where `bytes` were */
    ilv_ref fresh[ILV__UNDO_BLOCKS];
    ilv_ref stale[ILV__UNDO_BLOCKS];
    ilv_ref doomed;        /* a container that goes with what it holds... */
    uint64_t doomed_first; /* ...from here */
    uint64_t doomed_count; /* ...so many */
    unsigned char bytes[ILV__UNDO_BYTES];
    struct {
        uint64_t at; /* reference of the word */
        uint64_t old;
    } words[ILV__UNDO_WORDS];
};

/* The start of the file. */
struct ilv__heap {
    uint64_t magic;
    uint32_t version;
    uint32_t heap_size; /* sizeof (struct ilv__heap), checked by those who attach */
    uint64_t limit;
    uint64_t size; /* atomic; grows under the lock, after the file has grown */
    ilv_ref root;  /* atomic */
    struct ilv_mutex lock;
    /* all below: under the lock */
    uint64_t used;
    uint64_t blocks;
    uint64_t levels;               /* bit l: bins_of[l] is not 0 */
    uint64_t bins_of[ILV__LEVELS]; /* bit b: bins[l][b] is not 0 */
    ilv_ref bins[ILV__LEVELS][ILV__BINS];
    struct ilv__undo undo;
};

/* A process's own. */
struct ilv_arena {
    uint64_t magic;
    uint64_t limit;
    int fd;
};

_Static_assert(sizeof(struct ilv_arena) <= ILV__PAGE, "one page before the shared part");

/* The head of every object that lies in an arena. */
struct ilv__object {
    uint64_t kind; /* atomic; ILV__KIND_..., 0 once it is destroyed */
    ilv_ref self;
    struct ilv_mutex lock;
};

/* What is known of a kind of object. */
struct ilv__kind {
    uint64_t magic;
    size_t size;
    size_t undo; /* where in it the record lies; 0: its changes are single stores */
    /* Frees what the doomed container holds; begun again after a death. NULL: holds nothing. */
    void (*discard)(struct ilv_arena *arena, struct ilv__undo *undo);
};

extern const struct ilv__kind ilv__kind_value;
extern const struct ilv__kind ilv__kind_array;
extern const struct ilv__kind ilv__kind_dict;
extern const struct ilv__kind ilv__kind_list;

/* What was stored before is stored when what follows is: for the compiler; the machine keeps it. */
static inline void ilv__then(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline char *ilv__base(const struct ilv_arena *arena)
{
    return (char *)(uintptr_t)arena + ILV__PAGE;
}

static inline struct ilv__heap *ilv__heap(const struct ilv_arena *arena)
{
    return (struct ilv__heap *)(void *)ilv__base(arena);
}

static inline void *ilv__at(const struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__base(arena) + ref;
}

static inline uint64_t *ilv__word(const struct ilv_arena *arena, ilv_ref ref)
{
    return (uint64_t *)ilv__at(arena, ref);
}

static inline ilv_ref ilv__ref(const struct ilv_arena *arena, const void *inside)
{
    return (uintptr_t)inside - (uintptr_t)ilv__base(arena);
}

static inline struct ilv_arena *ilv__arena_of(const void *of)
{
    const struct ilv__object *object = of;
    return (struct ilv_arena *)((uintptr_t)object - object->self - ILV__PAGE);
}

/* undo.c */

_Noreturn void ilv__undo_full(void);

static inline void ilv__control(struct ilv__undo *undo, uint64_t to)
{
    ilv__then();
    __atomic_store_n(&undo->control, to, __ATOMIC_RELAXED);
    ilv__then();
}

/* *word becomes `to`; its old contents are noted. The word is not in a fresh block. */
static inline void ilv__change(struct ilv_arena *arena, struct ilv__undo *undo, uint64_t *word,
                               uint64_t to)
{
    uint64_t control = undo->control;
    size_t n = control & 0xffff;
    if (ilv__unlikely(n >= ILV__UNDO_WORDS))
        ilv__undo_full();
    undo->words[n].at = ilv__ref(arena, word);
    undo->words[n].old = *word;
    ilv__control(undo, control + 1);
    __atomic_store_n(word, to, __ATOMIC_RELAXED);
}

/* Notes `size` bytes (at most ILV__UNDO_BYTES), which may be written as one likes from now on. Once
 * in an operation. */
static inline void ilv__save(struct ilv_arena *arena, struct ilv__undo *undo, const void *bytes,
                             size_t size)
{
    undo->saved = ilv__ref(arena, bytes);
    memcpy(undo->bytes, bytes, size);
    ilv__control(undo, undo->control + ILV__UNDO_SAVED(size));
}

/* Commits an operation that has neither fresh nor stale blocks: one store. */
static inline void ilv__commit(struct ilv__undo *undo)
{
    ilv__control(undo, 0);
}

/* Puts back the words and bytes that count, and counts none. */
void ilv__undo_contents(struct ilv_arena *arena, struct ilv__undo *undo);

/* heap.c. All but settle take the heap's lock themselves. */

struct ilv__heap *ilv__heap_enter(struct ilv_arena *arena);
void ilv__heap_leave(struct ilv_arena *arena);

/* The first contents of a heap in a file of `size` zero bytes. */
void ilv__heap_make(struct ilv_arena *arena, uint64_t size);

/* Stores the reference of a new block of `size` bytes in *slot, in one step. 0, ENOMEM, ENOSPC. */
int ilv__heap_take(struct ilv_arena *arena, size_t size, bool zero, uint64_t *slot);

/* Frees the block `ref` and stores 0 in *slot (which may be NULL), in one step. 0, EINVAL. */
int ilv__heap_drop(struct ilv_arena *arena, ilv_ref ref, uint64_t *slot);

/* Drops what *slot names; nothing for 0. */
void ilv__heap_drop_from(struct ilv_arena *arena, uint64_t *slot);

/* How many bytes the block in use has; 0 when there is no such block. */
size_t ilv__heap_size_of(struct ilv_arena *arena, ilv_ref ref);

/* arena.c */

/* The file has at least `size` bytes. 0, ENOSPC. */
int ilv__arena_reserve(struct ilv_arena *arena, uint64_t from, uint64_t size);
bool ilv__arena_valid(const struct ilv_arena *arena);

/* object.c */

/* A new object with `more` bytes behind it, all zero but its head; its reference also in *slot,
 * when there is one. 0, or an error; *made is its address. */
int ilv__object_make(struct ilv_arena *arena, const struct ilv__kind *kind, size_t more,
                     uint64_t *slot, struct ilv__object **made);
/* The same for users: NULL and errno. */
void *ilv__object_create(struct ilv_arena *arena, const struct ilv__kind *kind, size_t more);
void *ilv__object_open(struct ilv_arena *arena, const struct ilv__kind *kind, ilv_ref ref);
bool ilv__object_is(const void *object, const struct ilv__kind *kind);

/* Takes the lock and repairs what a dead holder left. 0: held. EINVAL: no such object. EDEADLK. */
int ilv__enter_slow(struct ilv__object *object, const struct ilv__kind *kind, int error);

/* Whether it could be one; the lock says for certain. */
static inline bool ilv__seems(const void *of, const struct ilv__kind *kind)
{
    const struct ilv__object *object = of;
    return object != NULL && ((uintptr_t)object & 15) == 0 &&
           __atomic_load_n(&object->kind, __ATOMIC_RELAXED) == kind->magic;
}

static inline int ilv__enter(void *of, const struct ilv__kind *kind)
{
    struct ilv__object *object = of;
    if (ilv__unlikely(!ilv__seems(of, kind)))
        return EINVAL;
    int error = ilv__mutex_ready(&object->lock, PTHREAD_MUTEX_ERRORCHECK);
    if (ilv__likely(error == 0))
        error = ilv__mutex_lock_soon(&object->lock);
    return ilv__likely(error == 0) ? 0 : ilv__enter_slow(object, kind, error);
}

/* Gives the lock back; returns `result`. */
static inline int ilv__leave(void *of, int result)
{
    struct ilv__object *object = of;
    if (ilv__unlikely(ilv__mutex_unlock(&object->lock) != 0))
        ilv__mutex_leave(&object->lock);
    return result;
}

/* Commits an operation with blocks: what is stale or doomed is freed. */
void ilv__finish(struct ilv_arena *arena, const struct ilv__kind *kind, struct ilv__undo *undo);

/* Takes an operation back, and the fresh blocks with it. */
void ilv__roll_back(struct ilv_arena *arena, struct ilv__undo *undo);

/* Frees the object itself, which holds no blocks any more, and gives up its lock. */
int ilv__object_end(void *of);

#pragma GCC visibility pop

#endif
