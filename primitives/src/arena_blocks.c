/* SPDX-License-Identifier: MIT */
/* arena_blocks.c: what users ask an arena for; the allocator itself is heap.c. */
#include "heap.h"

static uint64_t size_now(const struct ilv_arena *arena)
{
    return __atomic_load_n(&ilv__heap(arena)->size, __ATOMIC_RELAXED);
}

static bool lies_in(const struct ilv_arena *arena, const void *what, size_t align)
{
    ilv_ref ref = ilv__ref(arena, what);
    return ref >= sizeof(struct ilv__heap) && ref < size_now(arena) && ref % align == 0;
}

void *ilv_arena_alloc(struct ilv_arena *arena, size_t size)
{
    uint64_t ref = 0;
    int error = EINVAL;
    if (ilv__arena_valid(arena) && size > 0)
        error = ilv__heap_take(arena, size, true, &ref);
    if (error != 0) {
        errno = error;
        return NULL;
    }
    return ilv__at(arena, ref);
}

int ilv_arena_alloc_into(struct ilv_arena *arena, size_t size, ilv_ref *slot)
{
    if (!ilv__arena_valid(arena) || size == 0 || !lies_in(arena, slot, sizeof *slot))
        return EINVAL;
    return ilv__heap_take(arena, size, true, slot);
}

int ilv_arena_free(struct ilv_arena *arena, void *block)
{
    if (!ilv__arena_valid(arena))
        return EINVAL;
    return block != NULL ? ilv__heap_drop(arena, ilv__ref(arena, block), NULL) : 0;
}

int ilv_arena_free_from(struct ilv_arena *arena, ilv_ref *slot)
{
    if (!ilv__arena_valid(arena) || !lies_in(arena, slot, sizeof *slot))
        return EINVAL;
    return *slot != 0 ? ilv__heap_drop(arena, *slot, slot) : 0;
}

ilv_ref ilv_arena_ref(const struct ilv_arena *arena, const void *inside)
{
    return ilv__arena_valid(arena) && lies_in(arena, inside, 1) ? ilv__ref(arena, inside) : 0;
}

void *ilv_arena_at(const struct ilv_arena *arena, ilv_ref ref)
{
    if (!ilv__arena_valid(arena) || ref < sizeof(struct ilv__heap) || ref >= size_now(arena))
        return NULL;
    return ilv__at(arena, ref);
}

ilv_ref ilv_arena_root(const struct ilv_arena *arena)
{
    return ilv__arena_valid(arena) ? __atomic_load_n(&ilv__heap(arena)->root, __ATOMIC_ACQUIRE) : 0;
}

int ilv_arena_set_root(struct ilv_arena *arena, ilv_ref ref)
{
    if (!ilv__arena_valid(arena) || (ref != 0 && ilv_arena_at(arena, ref) == NULL))
        return EINVAL;
    __atomic_store_n(&ilv__heap(arena)->root, ref, __ATOMIC_RELEASE); /* see ilv_arena_root() */
    return 0;
}

int ilv_arena_stat(struct ilv_arena *arena, struct ilv_arena_stat *stat)
{
    if (!ilv__arena_valid(arena) || stat == NULL)
        return EINVAL;
    struct ilv__heap *heap = ilv__heap_enter(arena);
    *stat = (struct ilv_arena_stat){
        .size = heap->size, .limit = heap->limit, .used = heap->used, .blocks = heap->blocks};
    ilv__heap_leave(arena);
    return 0;
}
