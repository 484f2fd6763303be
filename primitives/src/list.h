/* SPDX-License-Identifier: MIT */
/* list.h of src/: the list's head and cells, for list.c and list_more.c. */
#ifndef ILV_LIST_INTERNAL_H
#define ILV_LIST_INTERNAL_H

#include <ilv/list.h>

#include "memory.h"

#pragma GCC visibility push(hidden)

enum { ILV__INLINE = 8 };

struct ilv__cell {
    uint64_t size;
    uint64_t item; /* its bytes, or the reference of its block */
};

struct ilv__table {
    uint64_t room;
    uint64_t spare;
    struct ilv__cell cells[];
};

struct ilv_list {
    struct ilv__object head;
    ilv_ref table; /* 0: none yet */
    uint64_t first;
    uint64_t count;
    struct ilv__undo undo;
};

static inline struct ilv__table *ilv__table_at(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__at(arena, ref);
}

static inline struct ilv__cell *ilv__cell_of(struct ilv__table *table, uint64_t place)
{
    return &table->cells[place & (table->room - 1)];
}

static inline struct ilv__cell *ilv__cell_at(struct ilv_list *list, uint64_t i)
{
    return ilv__cell_of(ilv__table_at(ilv__arena_of(list), list->table), list->first + i);
}

static inline void *ilv__cell_bytes(struct ilv_list *list, struct ilv__cell *cell)
{
    return cell->size > ILV__INLINE ? ilv__at(ilv__arena_of(list), cell->item)
                                    : (void *)&cell->item;
}

/* Takes the lock; *at becomes the index of an item that is there. */
int ilv__list_enter_at(struct ilv_list *list, size_t *at);

/* Makes a cell of the bytes (NULL: of none in particular); a block of its own is fresh[0]. */
int ilv__make_cell(struct ilv_list *list, struct ilv__cell *cell, const void *item, size_t size);

/* Commits: the cell becomes another; the block of the old item goes. */
void ilv__list_replace(struct ilv_list *list, struct ilv__cell *old, const struct ilv__cell *cell);

/* Takes the operation back and gives up the lock; returns the error. */
int ilv__list_fail(struct ilv_list *list, int error);

#pragma GCC visibility pop

#endif
