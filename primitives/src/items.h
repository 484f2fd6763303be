/* SPDX-License-Identifier: MIT */
/* items.h of src/: how dict and list fill a snapshot. Sizes first, then each item in order. */
#ifndef ILV_ITEMS_INTERNAL_H
#define ILV_ITEMS_INTERNAL_H

#include <ilv/items.h>

#include "internal.h"

#pragma GCC visibility push(hidden)

/* The bytes that a key or value of that size takes in a snapshot. */
size_t ilv__items_room(size_t size);

/* For `count` items whose keys and values need `room` bytes together; NULL when there is no
 * memory. */
struct ilv_items *ilv__items_new(size_t count, size_t room);
void ilv__items_add(struct ilv_items *items, const void *key, size_t key_size, const void *value,
                    size_t value_size);

#pragma GCC visibility pop

#endif
