/* SPDX-License-Identifier: MIT */
/* dict.h of src/: how a dict lies in an arena, for dict.c and dict_more.c; the essay is in
 * dict.c. */
#ifndef ILV_DICT_INTERNAL_H
#define ILV_DICT_INTERNAL_H

#include <ilv/dict.h>

#include "memory.h"

#pragma GCC visibility push(hidden)

#define ILV__REMOVED 1ULL
#define ILV__TAG_SHIFT 44

/* One word for both sizes, so that one store changes the value's, and a node is short. */
struct ilv__node {
    uint64_t sizes;        /* the key's; the value's << ILV__KEY_BITS */
    unsigned char bytes[]; /* the key, filled up to 8; the value */
};

enum { ILV__KEY_BITS = 21 };
_Static_assert(ILV_DICT_KEY_MAX < 1 << ILV__KEY_BITS, "a key's size fits");
_Static_assert(ILV__BIGGEST <= 1ULL << (64 - ILV__KEY_BITS), "a value's size fits");

struct ilv__slots {
    uint64_t room; /* a power of two */
    uint64_t spare;
    uint64_t slot[]; /* 0, ILV__REMOVED, or tag and node */
};

struct ilv_dict {
    struct ilv__object head;
    ilv_ref table; /* 0: none yet */
    uint64_t count;
    uint64_t used; /* slots that are not 0 */
    uint64_t seed; /* written before anybody else has the dict */
    uint64_t hint; /* atomic: table | log2 of its room << 56; may be old, for prefetching alone */
    struct ilv__undo undo;
};

/* A key, and where it is: found is NULL if it is nowhere, and slot is then where it would go. */
struct ilv__place {
    const void *key;
    size_t key_size;
    uint64_t hash;
    uint64_t *slot;
    struct ilv__node *found;
};

static inline struct ilv__slots *ilv__slots_at(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__at(arena, ref);
}

static inline bool ilv__slot_filled(uint64_t slot)
{
    return slot > ILV__REMOVED;
}

static inline ilv_ref ilv__slot_ref(uint64_t slot)
{
    return (slot & ((1ULL << ILV__TAG_SHIFT) - 1)) << 4;
}

static inline struct ilv__node *ilv__slot_node(struct ilv_arena *arena, uint64_t slot)
{
    return ilv__at(arena, ilv__slot_ref(slot));
}

static inline size_t ilv__padded(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

static inline size_t ilv__key_size(const struct ilv__node *node)
{
    return node->sizes & ((1U << ILV__KEY_BITS) - 1);
}

static inline size_t ilv__value_size(const struct ilv__node *node)
{
    return node->sizes >> ILV__KEY_BITS;
}

static inline uint64_t ilv__sizes(size_t key_size, size_t value_size)
{
    return (uint64_t)value_size << ILV__KEY_BITS | key_size;
}

static inline unsigned char *ilv__node_value(struct ilv__node *node)
{
    return node->bytes + ilv__padded(ilv__key_size(node));
}

/* Takes the lock and looks for the key. */
int ilv__dict_enter(struct ilv_dict *dict, const void *key, size_t key_size,
                    struct ilv__place *place);

/* Makes fresh[0] a node for the key with room for the value, which is not written. */
int ilv__make_node(struct ilv_dict *dict, const struct ilv__place *place, size_t value_size,
                   struct ilv__node **node);

/* Makes sure that the key of `place`, which is nowhere, can be added. */
int ilv__dict_make_room(struct ilv_dict *dict, struct ilv__place *place);

/* Commits: the node fresh[0] is the key's. */
void ilv__dict_place_node(struct ilv_dict *dict, const struct ilv__place *place);

/* With the lock held: the node's key leads to the node. */
bool ilv__dict_finds(struct ilv_dict *dict, const struct ilv__node *node);

/* Gives a new dict its seed. */
void ilv__dict_seed(struct ilv_dict *dict);

/* Takes the operation back and gives up the lock; returns the error. */
int ilv__dict_fail(struct ilv_dict *dict, int error);

#pragma GCC visibility pop

#endif
