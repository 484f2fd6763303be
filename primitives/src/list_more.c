/* SPDX-License-Identifier: MIT */
/* list_more.c: update, integers, slices and the check; see list.c. */
#include "items.h"
#include "list.h"

/* The change is made on a copy, which takes the item's place. */
int ilv_list_update(struct ilv_list *list, size_t at,
                    int (*change)(void *item, size_t size, void *context), void *context)
{
    struct ilv__cell cell;
    int error = change == NULL ? EINVAL : ilv__list_enter_at(list, &at);
    if (error != 0)
        return error;
    struct ilv__cell *old = ilv__cell_at(list, at);
    error = ilv__make_cell(list, &cell, ilv__cell_bytes(list, old), old->size);
    if (error != 0)
        return ilv__list_fail(list, error);
    pid_t caller = ilv__tid();
    error = change(ilv__cell_bytes(list, &cell), cell.size, context);
    if (ilv__tid() != caller)
        return EPERM;
    if (error != 0)
        return ilv__list_fail(list, error);
    ilv__list_replace(list, old, &cell);
    return ilv__leave(list, 0);
}

int ilv_list_append_int(struct ilv_list *list, int64_t item)
{
    return ilv_list_append(list, &item, sizeof item);
}

int ilv_list_get_int(struct ilv_list *list, size_t at, int64_t *item)
{
    int error = item == NULL ? EINVAL : ilv__list_enter_at(list, &at);
    if (error != 0)
        return error;
    const struct ilv__cell *cell = ilv__cell_at(list, at);
    if (cell->size != sizeof *item)
        return ilv__leave(list, EBADMSG);
    *item = (int64_t)cell->item;
    return ilv__leave(list, 0);
}

int ilv_list_set_int(struct ilv_list *list, size_t at, int64_t item)
{
    int error = ilv__list_enter_at(list, &at);
    if (error != 0)
        return error;
    struct ilv__cell *cell = ilv__cell_at(list, at);
    if (cell->size != sizeof item)
        return ilv__leave(list, EBADMSG);
    __atomic_store_n(&cell->item, (uint64_t)item, __ATOMIC_RELAXED);
    return ilv__leave(list, 0);
}

int ilv_list_count(struct ilv_list *list, size_t *count)
{
    int error = count == NULL ? EINVAL : ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    *count = list->count;
    return ilv__leave(list, 0);
}

static struct ilv_items *copy(struct ilv_list *list, size_t first, size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += ilv__items_room(ilv__cell_at(list, first + i)->size);
    struct ilv_items *items = ilv__items_new(count, room);
    for (size_t i = 0; items != NULL && i < count; i++) {
        struct ilv__cell *cell = ilv__cell_at(list, first + i);
        ilv__items_add(items, NULL, 0, ilv__cell_bytes(list, cell), cell->size);
    }
    return items;
}

int ilv_list_slice(struct ilv_list *list, size_t first, size_t count, struct ilv_items **items)
{
    int error = items == NULL ? EINVAL : ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    first = first < list->count ? first : list->count;
    count = count < list->count - first ? count : list->count - first;
    *items = copy(list, first, count);
    return ilv__leave(list, *items != NULL ? 0 : ENOMEM);
}

static bool cells_hold(struct ilv_list *list)
{
    for (uint64_t i = 0; i < list->count; i++) {
        const struct ilv__cell *cell = ilv__cell_at(list, i);
        if (cell->size > ILV__INLINE &&
            ilv__heap_size_of(ilv__arena_of(list), cell->item) < cell->size)
            return false;
    }
    return true;
}

static bool table_holds(struct ilv_list *list)
{
    struct ilv_arena *arena = ilv__arena_of(list);
    if (list->table == 0)
        return list->count == 0;
    size_t size = ilv__heap_size_of(arena, list->table);
    if (size < sizeof(struct ilv__table))
        return false;
    uint64_t room = ilv__table_at(arena, list->table)->room;
    return room != 0 && (room & (room - 1)) == 0 && list->count <= room &&
           (size - sizeof(struct ilv__table)) / sizeof(struct ilv__cell) >= room;
}

int ilv_list_check(struct ilv_list *list)
{
    int error = ilv__enter(list, &ilv__kind_list);
    if (error != 0)
        return error;
    bool holds = list->undo.control == 0 && table_holds(list) && cells_hold(list);
    return ilv__leave(list, holds ? 0 : EUCLEAN);
}
