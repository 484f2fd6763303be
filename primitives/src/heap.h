/* SPDX-License-Identifier: MIT */
/* heap.h: what heap.c and heap_check.c know of blocks. */
#ifndef ILV_HEAP_H
#define ILV_HEAP_H

#include "memory.h"

#pragma GCC visibility push(hidden)

/* Where the first header stands: behind the heap, 8 below a multiple of 16. */
#define ILV__HEAP_FIRST (((sizeof(struct ilv__heap) + 8 + 15) & ~15ULL) - 8)

uint64_t ilv__block_size(const struct ilv_arena *arena, ilv_ref at);

#pragma GCC visibility pop

#endif
