/* SPDX-License-Identifier: MIT */
/*
 * items.h: what a dict or a list held at one moment.
 *
 * A snapshot is the caller's own memory: walking it takes no lock, and others may go on writing.
 *
 *     struct ilv_items *items;
 *     if (ilv_dict_items(dict, &items) == 0) {
 *         for (size_t i = 0; i < ilv_items_count(items); i++) {
 *             struct ilv_item item = ilv_items_at(items, i);
 *             ... item.key, item.key_size, item.value, item.value_size ...
 *         }
 *         ilv_items_free(items);
 *     }
 */
#ifndef ILV_ITEMS_H
#define ILV_ITEMS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_items;

struct ilv_item {
    const void *key; /* NULL for the items of a list */
    size_t key_size;
    const void *value; /* at a multiple of 8; never NULL for an item that is there */
    size_t value_size;
};

/* How many; 0 for NULL. Never blocks. */
size_t ilv_items_count(const struct ilv_items *items);

/* Item i, in the list's order; of a dict in no order. All zero beyond the end. Valid until free. */
struct ilv_item ilv_items_at(const struct ilv_items *items, size_t i);

/* Gives the snapshot back. NULL is allowed. */
void ilv_items_free(struct ilv_items *items);

#ifdef __cplusplus
}
#endif

#endif
