/* SPDX-License-Identifier: MIT */
#include "items.h"

#include <stdlib.h>
#include <string.h>

struct ilv_items {
    size_t count;
    char *free; /* where the next bytes go */
    struct ilv_item item[];
};

size_t ilv__items_room(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

struct ilv_items *ilv__items_new(size_t count, size_t room)
{
    struct ilv_items *items = malloc(sizeof *items + count * sizeof items->item[0] + room);
    if (items != NULL) {
        items->count = 0;
        items->free = (char *)&items->item[count];
    }
    return items;
}

static const void *keep(struct ilv_items *items, const void *bytes, size_t size)
{
    char *kept = items->free;
    if (size > 0)
        memcpy(kept, bytes, size);
    items->free += ilv__items_room(size);
    return kept;
}

void ilv__items_add(struct ilv_items *items, const void *key, size_t key_size, const void *value,
                    size_t value_size)
{
    struct ilv_item *item = &items->item[items->count++];
    item->key = key != NULL ? keep(items, key, key_size) : NULL;
    item->key_size = key_size;
    item->value = keep(items, value, value_size);
    item->value_size = value_size;
}

size_t ilv_items_count(const struct ilv_items *items)
{
    return items != NULL ? items->count : 0;
}

struct ilv_item ilv_items_at(const struct ilv_items *items, size_t i)
{
    if (i < ilv_items_count(items))
        return items->item[i];
    return (struct ilv_item){NULL, 0, NULL, 0};
}

void ilv_items_free(struct ilv_items *items)
{
    free(items);
}
