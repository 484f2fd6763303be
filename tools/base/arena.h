/* SPDX-License-Identifier: MIT */
/*
 * arena.h: memory handed out in order from one given piece, and given back all at once.
 *
 * No libc: it may run inside the program under test. Memory is handed out as it lies there: the
 * arena clears nothing.
 *
 *     struct ilv_arena arena;
 *     ilv_arena_init(&arena, memory, size);
 *     struct thing *t = ilv_arena_take(&arena, sizeof *t, _Alignof(struct thing));
 *     if (!t) { full }
 */
#ifndef ILV_ARENA_H
#define ILV_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct ilv_arena {
    unsigned char *memory;
    size_t size;
    size_t used; /* <= size */
};

/* Begins with all of the memory free. It stays the caller's. Never blocks. */
static inline void ilv_arena_init(struct ilv_arena *arena, void *memory, size_t size)
{
    arena->memory = (unsigned char *)memory;
    arena->size = size;
    arena->used = 0;
}

/* size bytes at a multiple of align (a power of two), or NULL when they do not fit; then nothing
 * has changed. Never blocks. */
static inline void *ilv_arena_take(struct ilv_arena *arena, size_t size, size_t align)
{
    uintptr_t at = (uintptr_t)arena->memory + arena->used;
    size_t gap = (size_t)(-at & (align - 1));
    size_t left = arena->size - arena->used;
    if (gap > left || size > left - gap) {
        return NULL;
    }
    void *taken = arena->memory + arena->used + gap;
    arena->used += gap + size;
    return taken;
}

#endif
