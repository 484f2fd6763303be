/* SPDX-License-Identifier: MIT */
/*
 * blocks.h: the blocks of the heap, for instrumented programs only: which block an address lies
 * in, and where the program allocated it.
 */
#ifndef ILV_BLOCKS_H
#define ILV_BLOCKS_H

#include "location.h"
#include "runtime.h"

struct block {
    uint64_t address;
    uint64_t size;
    uint64_t frame[ILV_LOCATION_DEPTH]; /* return addresses at the allocation, innermost first */
    uint32_t next;                      /* in its list: index, 0 ends it */
    uint32_t nth;                       /* the how-manyth that its task allocated at this stack */
    uint16_t task;
    bool gone;
};

/* Begins to keep them. Once, when the first instrumented module is there. */
void ilv__blocks_begin(void);
bool ilv__blocks_kept(void);

/* The running task allocated a block; pc is where it called. Unknown tasks' blocks are not
 * kept. Returns the block, NULL if it is not kept. */
const struct block *ilv__block_made(const void *address, size_t size, const void *pc);
/* The size of the block that begins there, 0 if it is not kept. */
size_t ilv__block_size(const void *address);
/* It is given back: its size, 0 if it was not kept. */
size_t ilv__block_gone(const void *address);
/* The block in which the address lies, or the one in which it lay of those that went last; NULL
 * if there is none. */
const struct block *ilv__block_of(uint64_t address);
/* A hash of where it was allocated, equal for equal stacks of this process. */
uint64_t ilv__block_site(const struct block *block);

/* ---- the calls under way ------------------------------------------------------------------- */

/* Instrumented functions announce themselves: where each task is, without unwinding. */
void ilv__call_entered(struct task *t, const void *return_address, const void *pc,
                       const void *frame);
void ilv__call_left(struct task *t);
/* The call in whose frame the address lies: code in its function, and its registers there. */
struct frame {
    const void *pc;
    uint64_t sp, bp;
};
bool ilv__call_of(const struct task *t, uint64_t address, struct frame *frame);
/* A new task has no calls. */
void ilv__calls_clear(struct task *t);

#endif
