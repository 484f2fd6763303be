/* SPDX-License-Identifier: MIT */
/* undo.c: taking back what a record notes; see memory.h. */
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

void ilv__undo_full(void)
{
    fprintf(stderr, "ilv: an operation on an arena changes more than its record can note\n");
    abort();
}

void ilv__undo_contents(struct ilv_arena *arena, struct ilv__undo *undo)
{
    size_t saved = (undo->control >> 16) & 0xffff;
    for (size_t n = undo->control & 0xffff; n > 0; n--)
        __atomic_store_n(ilv__word(arena, undo->words[n - 1].at), undo->words[n - 1].old,
                         __ATOMIC_RELAXED);
    if (saved > 0)
        memcpy(ilv__at(arena, undo->saved), undo->bytes, saved);
    ilv__control(undo, 0);
}

void ilv__finish(struct ilv_arena *arena, const struct ilv__kind *kind, struct ilv__undo *undo)
{
    ilv__control(undo, ILV__UNDO_DONE);
    for (size_t i = 0; i < ILV__UNDO_BLOCKS; i++)
        undo->fresh[i] = 0;
    if (undo->doomed != 0 && kind->discard != NULL)
        kind->discard(arena, undo);
    ilv__heap_drop_from(arena, &undo->doomed);
    for (size_t i = 0; i < ILV__UNDO_BLOCKS; i++)
        ilv__heap_drop_from(arena, &undo->stale[i]);
    ilv__control(undo, 0);
}

void ilv__roll_back(struct ilv_arena *arena, struct ilv__undo *undo)
{
    ilv__undo_contents(arena, undo);
    undo->doomed = 0;
    for (size_t i = 0; i < ILV__UNDO_BLOCKS; i++)
        undo->stale[i] = 0;
    for (size_t i = 0; i < ILV__UNDO_BLOCKS; i++)
        ilv__heap_drop_from(arena, &undo->fresh[i]);
}
