/* SPDX-License-Identifier: MIT */
/*
 * list.c: a ring of cells that grows.
 *
 *     table:  [room][cell 0][cell 1]...     room is a power of two
 *     item i is in cell (first + i) % room
 *     cell:   size, and the item itself when it has at most ILV__INLINE bytes, else its block
 *
 * Changes at the ends write a free cell and then move `first` and `count`; changes in the middle
 * and growth make a new table. Which blocks are new and which go is noted as memory.h says:
 * fresh[0] and stale[0] are an item, fresh[1] and stale[1] a table; a doomed table goes with the
 * items of some of its cells.
 */
#include "list.h"

enum { FIRST_ROOM = 4 };

static void discard(struct ilv_arena *arena, struct ilv__undo *undo);

const struct ilv__kind ilv__kind_list = {.magic = 0x7473696c2d2d6c69ULL,
                                         .size = sizeof(struct ilv_list),
                                         .undo = offsetof(struct ilv_list, undo),
                                         .discard = discard};

static void change(struct ilv_list *list, uint64_t *word, uint64_t to)
{
    ilv__change(ilv__arena_of(list), &list->undo, word, to);
}

static void finish(struct ilv_list *list)
{
    ilv__finish(ilv__arena_of(list), &ilv__kind_list, &list->undo);
}

/* Commits: with one store when no block comes or goes. */
static void commit(struct ilv_list *list)
{
    const struct ilv__undo *undo = &list->undo;
    if ((undo->fresh[0] | undo->fresh[1] | undo->stale[0] | undo->stale[1] | undo->doomed) == 0)
        ilv__commit(&list->undo);
    else
        finish(list);
}

int ilv__list_fail(struct ilv_list *list, int error)
{
    ilv__roll_back(ilv__arena_of(list), &list->undo);
    return ilv__leave(list, error);
}

/* Begun again after a death, it meets cells that are cleared already. */
static void discard(struct ilv_arena *arena, struct ilv__undo *undo)
{
    struct ilv__table *table = ilv__table_at(arena, undo->doomed);
    for (uint64_t i = 0; i < undo->doomed_count; i++) {
        struct ilv__cell *cell = ilv__cell_of(table, undo->doomed_first + i);
        if (cell->size > ILV__INLINE)
            ilv__heap_drop_from(arena, &cell->item);
    }
}

/* Makes a cell of the bytes; a block of its own is fresh[0]. */
int ilv__make_cell(struct ilv_list *list, struct ilv__cell *cell, const void *item, size_t size)
{
    struct ilv_arena *arena = ilv__arena_of(list);
    *cell = (struct ilv__cell){size, 0};
    if (size > ILV__INLINE) {
        int error = ilv__heap_take(arena, size, false, &list->undo.fresh[0]);
        if (error != 0)
            return error;
        cell->item = list->undo.fresh[0];
    }
    if (size > 0)
        memcpy(ilv__cell_bytes(list, cell), item, size);
    return 0;
}

/* A table of at least `room` cells is fresh[1]. */
static int make_table(struct ilv_list *list, uint64_t room, struct ilv__table **made)
{
    struct ilv_arena *arena = ilv__arena_of(list);
    uint64_t power = FIRST_ROOM;
    while (power < room)
        power *= 2;
    int error = ilv__heap_take(arena, sizeof(struct ilv__table) + power * sizeof(struct ilv__cell),
                               false, &list->undo.fresh[1]);
    if (error != 0)
        return error;
    *made = ilv__table_at(arena, list->undo.fresh[1]);
    (*made)->room = power;
    return 0;
}

static void copy_cells(struct ilv_list *list, uint64_t from, uint64_t count, struct ilv__cell *to)
{
    for (uint64_t i = 0; i < count; i++)
        to[i] = *ilv__cell_at(list, from + i);
}

/* The list gets the table fresh[1], in which `count` items begin at cell 0. The old table is
 * stale[1], unless it is doomed. */
static void change_table(struct ilv_list *list, uint64_t count)
{
    if (list->undo.doomed == 0)
        list->undo.stale[1] = list->table;
    change(list, &list->table, list->undo.fresh[1]);
    change(list, &list->first, 0);
    change(list, &list->count, count);
}

/* Room for one item more, in an operation of its own. */
static int grow(struct ilv_list *list)
{
    struct ilv__table *table;
    if (list->table != 0 && list->count < ilv__table_at(ilv__arena_of(list), list->table)->room)
        return 0;
    int error = make_table(list, list->count + 1, &table);
    if (error != 0)
        return error;
    copy_cells(list, 0, list->count, table->cells);
    change_table(list, list->count);
    finish(list);
    return 0;
}

/* A new table in which `gone` items from `at` on are replaced by `cell` (NULL: by nothing). */
static int rebuild(struct ilv_list *list, uint64_t at, uint64_t gone, const struct ilv__cell *cell)
{
    struct ilv__table *table;
    uint64_t added = cell != NULL ? 1 : 0;
    uint64_t count = list->count - gone + added;
    int error = make_table(list, count, &table);
    if (error != 0)
        return error;
    copy_cells(list, 0, at, table->cells);
    if (cell != NULL)
        table->cells[at] = *cell;
    copy_cells(list, at + gone, list->count - at - gone, table->cells + at + added);
    change_table(list, count);
    return 0;
}

static int enter(struct ilv_list *list, const void *item, size_t size)
{
    if (item == NULL && size > 0)
        return EINVAL;
    return ilv__enter(list, &ilv__kind_list);
}

/* Takes the lock; *at becomes the index of an item that is there. */
int ilv__list_enter_at(struct ilv_list *list, size_t *at)
{
    int error = ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    if (*at == ILV_LIST_LAST)
        *at = list->count - 1;
    return *at < list->count ? 0 : ilv__leave(list, ENOENT);
}

struct ilv_list *ilv_list_create(struct ilv_arena *arena)
{
    return ilv__object_create(arena, &ilv__kind_list, 0);
}

struct ilv_list *ilv_list_open(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__object_open(arena, &ilv__kind_list, ref);
}

/* With the lock held: nothing is left. */
static void clear(struct ilv_list *list)
{
    if (list->table == 0)
        return;
    list->undo.doomed_first = list->first;
    list->undo.doomed_count = list->count;
    ilv__then();
    list->undo.doomed = list->table;
    change_table(list, 0);
    finish(list);
}

int ilv_list_clear(struct ilv_list *list)
{
    int error = ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    clear(list);
    return ilv__leave(list, 0);
}

int ilv_list_destroy(struct ilv_list *list)
{
    int error = ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    clear(list);
    return ilv__object_end(list);
}

/* With the lock held, which it gives back. */
static int append(struct ilv_list *list, const void *item, size_t size)
{
    struct ilv__cell cell;
    int error = grow(list);
    if (error == 0)
        error = ilv__make_cell(list, &cell, item, size);
    if (error != 0)
        return ilv__list_fail(list, error);
    *ilv__cell_at(list, list->count) = cell;
    change(list, &list->count, list->count + 1);
    commit(list);
    return ilv__leave(list, 0);
}

int ilv_list_append(struct ilv_list *list, const void *item, size_t size)
{
    int error = enter(list, item, size);
    return error == 0 ? append(list, item, size) : error;
}

static uint64_t find(struct ilv_list *list, const void *item, size_t size)
{
    for (uint64_t i = 0; i < list->count; i++) {
        struct ilv__cell *cell = ilv__cell_at(list, i);
        if (cell->size == size &&
            (size == 0 || memcmp(ilv__cell_bytes(list, cell), item, size) == 0))
            return i;
    }
    return list->count;
}

int ilv_list_append_if_absent(struct ilv_list *list, const void *item, size_t size)
{
    int error = enter(list, item, size);
    if (error != 0)
        return error;
    if (find(list, item, size) < list->count)
        return ilv__leave(list, EEXIST);
    return append(list, item, size);
}

int ilv_list_find(struct ilv_list *list, const void *item, size_t size, size_t *at)
{
    int error = at != NULL ? enter(list, item, size) : EINVAL;
    if (error != 0)
        return error;
    *at = find(list, item, size);
    return ilv__leave(list, *at < list->count ? 0 : ENOENT);
}

static int insert(struct ilv_list *list, size_t at, const struct ilv__cell *cell)
{
    if (at != 0 || list->count == 0)
        return rebuild(list, at, 0, cell);
    *ilv__cell_at(list, UINT64_MAX) = *cell;
    change(list, &list->first, list->first - 1);
    change(list, &list->count, list->count + 1);
    return 0;
}

int ilv_list_insert(struct ilv_list *list, size_t at, const void *item, size_t size)
{
    struct ilv__cell cell;
    int error = enter(list, item, size);
    if (error != 0)
        return error;
    if (at > list->count)
        return ilv__leave(list, ENOENT);
    if (at == list->count)
        return append(list, item, size);
    error = grow(list);
    if (error == 0)
        error = ilv__make_cell(list, &cell, item, size);
    if (error == 0)
        error = insert(list, at, &cell);
    if (error != 0)
        return ilv__list_fail(list, error);
    commit(list);
    return ilv__leave(list, 0);
}

/* The cell becomes another; the block of the old item goes. */
void ilv__list_replace(struct ilv_list *list, struct ilv__cell *old, const struct ilv__cell *cell)
{
    if (old->size > ILV__INLINE)
        list->undo.stale[0] = old->item;
    change(list, &old->size, cell->size);
    change(list, &old->item, cell->item);
    commit(list);
}

int ilv_list_set(struct ilv_list *list, size_t at, const void *item, size_t size)
{
    struct ilv__cell cell;
    int error = item == NULL && size > 0 ? EINVAL : ilv__list_enter_at(list, &at);
    if (error != 0)
        return error;
    error = ilv__make_cell(list, &cell, item, size);
    if (error != 0)
        return ilv__list_fail(list, error);
    ilv__list_replace(list, ilv__cell_at(list, at), &cell);
    return ilv__leave(list, 0);
}

static int copy_out(struct ilv_list *list, size_t at, void *item, size_t room, size_t *size)
{
    struct ilv__cell *cell = ilv__cell_at(list, at);
    if (size != NULL)
        *size = cell->size;
    if (cell->size > room)
        return ERANGE;
    if (cell->size > 0)
        memcpy(item, ilv__cell_bytes(list, cell), cell->size);
    return 0;
}

int ilv_list_get(struct ilv_list *list, size_t at, void *item, size_t room, size_t *size)
{
    int error = item == NULL && room > 0 ? EINVAL : ilv__list_enter_at(list, &at);
    return error == 0 ? ilv__leave(list, copy_out(list, at, item, room, size)) : error;
}

/* Takes out one item; at the ends without a new table. */
static int take_out(struct ilv_list *list, size_t at)
{
    struct ilv__cell *cell = ilv__cell_at(list, at);
    ilv_ref block = cell->size > ILV__INLINE ? cell->item : 0;
    if (at != 0 && at != list->count - 1) {
        int error = rebuild(list, at, 1, NULL);
        if (error != 0)
            return error;
    } else {
        change(list, &list->first, list->first + (at == 0 ? 1 : 0));
        change(list, &list->count, list->count - 1);
    }
    list->undo.stale[0] = block;
    commit(list);
    return 0;
}

int ilv_list_pop(struct ilv_list *list, size_t at, void *item, size_t room, size_t *size)
{
    int error = item == NULL && room > 0 ? EINVAL : ilv__list_enter_at(list, &at);
    if (error != 0)
        return error;
    error = copy_out(list, at, item, room, size);
    if (error == 0)
        error = take_out(list, at);
    return error == 0 || error == ERANGE ? ilv__leave(list, error) : ilv__list_fail(list, error);
}

int ilv_list_remove(struct ilv_list *list, size_t first, size_t count)
{
    int error = ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    if (first > list->count || count > list->count - first)
        return ilv__leave(list, ENOENT);
    if (count == 0)
        return ilv__leave(list, 0);
    list->undo.doomed_first = list->first + first;
    list->undo.doomed_count = count;
    ilv__then();
    list->undo.doomed = list->table;
    error = rebuild(list, first, count, NULL);
    if (error != 0)
        return ilv__list_fail(list, error);
    commit(list);
    return ilv__leave(list, 0);
}
