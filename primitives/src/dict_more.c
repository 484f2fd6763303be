/* SPDX-License-Identifier: MIT */
/* dict_more.c: update, integers, nested objects, snapshots and the check; see dict.c. */
#include <sys/random.h>

#include "dict.h"
#include "items.h"
#include "list.h"

void ilv__dict_seed(struct ilv_dict *dict)
{
    if (getrandom(&dict->seed, sizeof dict->seed, GRND_NONBLOCK) != (ssize_t)sizeof dict->seed)
        dict->seed = dict->head.self * 0x9e3779b97f4a7c15ULL;
}

typedef int change_fn(void *value, size_t size, void *context);

/* Runs the user's function, and says EPERM in a child that was forked in it. */
static int run(change_fn *change, void *value, size_t size, void *context, bool *forked)
{
    pid_t caller = ilv__tid();
    int result = change(value, size, context);
    *forked = ilv__tid() != caller;
    return *forked ? EPERM : result;
}

/* A value that keeps its size and is short: in place, its old bytes noted. */
static int update_in_place(struct ilv_dict *dict, struct ilv__node *node, change_fn *change,
                           void *context)
{
    bool forked;
    if (ilv__value_size(node) > 0)
        ilv__save(ilv__arena_of(dict), &dict->undo, ilv__node_value(node), ilv__value_size(node));
    int error = run(change, ilv__node_value(node), ilv__value_size(node), context, &forked);
    if (forked)
        return error;
    if (error != 0)
        return ilv__dict_fail(dict, error);
    ilv__commit(&dict->undo);
    return ilv__leave(dict, 0);
}

static void copy_value(struct ilv__node *node, struct ilv__node *old)
{
    size_t kept = 0;
    if (old != NULL)
        kept = ilv__value_size(old) < ilv__value_size(node) ? ilv__value_size(old)
                                                            : ilv__value_size(node);
    if (kept > 0)
        memcpy(ilv__node_value(node), ilv__node_value(old), kept);
    memset(ilv__node_value(node) + kept, 0, ilv__value_size(node) - kept);
}

/* Any other value: in a new node, which takes the place of the old. */
static int update_copy(struct ilv_dict *dict, struct ilv__place *place, size_t size,
                       change_fn *change, void *context)
{
    struct ilv__node *node;
    bool forked;
    int error = ilv__dict_make_room(dict, place);
    if (error == 0)
        error = ilv__make_node(dict, place, size, &node);
    if (error != 0)
        return ilv__dict_fail(dict, error);
    copy_value(node, place->found);
    error = run(change, ilv__node_value(node), size, context, &forked);
    if (forked)
        return error;
    if (error != 0)
        return ilv__dict_fail(dict, error);
    ilv__dict_place_node(dict, place);
    return ilv__leave(dict, 0);
}

int ilv_dict_update(struct ilv_dict *dict, const void *key, size_t key_size, size_t value_size,
                    int (*change)(void *value, size_t value_size, void *context), void *context)
{
    struct ilv__place place;
    if (change == NULL)
        return EINVAL;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    if (place.found != NULL && ilv__value_size(place.found) == value_size &&
        value_size <= ILV__UNDO_BYTES)
        return update_in_place(dict, place.found, change, context);
    return update_copy(dict, &place, value_size, change, context);
}

int ilv_dict_set_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t value)
{
    return ilv_dict_set(dict, key, key_size, &value, sizeof value);
}

/* The word of an integer that is there: one store of it is the whole change. */
static uint64_t *int_of(struct ilv__node *node)
{
    return (uint64_t *)(void *)ilv__node_value(node);
}

int ilv_dict_get_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t *value)
{
    struct ilv__place place;
    int error = value == NULL ? EINVAL : ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    if (place.found == NULL)
        return ilv__leave(dict, ENOENT);
    if (ilv__value_size(place.found) != sizeof *value)
        return ilv__leave(dict, EBADMSG);
    *value = (int64_t)*int_of(place.found);
    return ilv__leave(dict, 0);
}

/* A key that is absent begins with this value. With the lock held; gives it back on error. */
static int begin_with(struct ilv_dict *dict, struct ilv__place *place, uint64_t value)
{
    struct ilv__node *node;
    int error = ilv__dict_make_room(dict, place);
    if (error == 0)
        error = ilv__make_node(dict, place, sizeof value, &node);
    if (error != 0)
        return ilv__dict_fail(dict, error);
    memcpy(ilv__node_value(node), &value, sizeof value);
    ilv__dict_place_node(dict, place);
    return ilv__leave(dict, 0);
}

int ilv_dict_add_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t delta,
                     int64_t *sum)
{
    struct ilv__place place;
    uint64_t number = (uint64_t)delta;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    if (place.found == NULL) {
        error = begin_with(dict, &place, number);
    } else if (ilv__value_size(place.found) != sizeof number) {
        error = ilv__leave(dict, EBADMSG);
    } else {
        number += *int_of(place.found);
        __atomic_store_n(int_of(place.found), number, __ATOMIC_RELAXED);
        error = ilv__leave(dict, 0);
    }
    if (error == 0 && sum != NULL)
        *sum = (int64_t)number;
    return error;
}

/* Makes a nested object, fresh[1], and the key's value its reference, in one step. */
static int make_nested(struct ilv_dict *dict, struct ilv__place *place,
                       const struct ilv__kind *kind, struct ilv__object **made)
{
    struct ilv__node *node;
    int error = ilv__dict_make_room(dict, place);
    if (error == 0)
        error = ilv__object_make(ilv__arena_of(dict), kind, 0, &dict->undo.fresh[1], made);
    if (error == 0)
        error = ilv__make_node(dict, place, sizeof(ilv_ref), &node);
    if (error != 0)
        return ilv__dict_fail(dict, error);
    if (kind == &ilv__kind_dict)
        ilv__dict_seed((struct ilv_dict *)(void *)*made);
    memcpy(ilv__node_value(node), &(*made)->self, sizeof(ilv_ref));
    ilv__dict_place_node(dict, place);
    return ilv__leave(dict, 0);
}

static int nested(struct ilv_dict *dict, const void *key, size_t key_size,
                  const struct ilv__kind *kind, struct ilv__object **made)
{
    struct ilv__place place;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    if (place.found == NULL)
        return make_nested(dict, &place, kind, made);
    *made = ilv__value_size(place.found) == sizeof(ilv_ref)
                ? ilv__object_open(ilv__arena_of(dict), kind, *int_of(place.found))
                : NULL;
    return ilv__leave(dict, *made != NULL ? 0 : EBADMSG);
}

int ilv_dict_list(struct ilv_dict *dict, const void *key, size_t key_size, struct ilv_list **list)
{
    struct ilv__object *made = NULL;
    if (list == NULL)
        return EINVAL;
    int error = nested(dict, key, key_size, &ilv__kind_list, &made);
    *list = error == 0 ? (struct ilv_list *)(void *)made : NULL;
    return error;
}

int ilv_dict_dict(struct ilv_dict *dict, const void *key, size_t key_size, struct ilv_dict **nest)
{
    struct ilv__object *made = NULL;
    if (nest == NULL)
        return EINVAL;
    int error = nested(dict, key, key_size, &ilv__kind_dict, &made);
    *nest = error == 0 ? (struct ilv_dict *)(void *)made : NULL;
    return error;
}

int ilv_dict_count(struct ilv_dict *dict, size_t *count)
{
    int error = count == NULL ? EINVAL : ilv__enter(dict, &ilv__kind_dict);
    if (error != 0)
        return error;
    *count = dict->count;
    return ilv__leave(dict, 0);
}

/* The next node from slot *i on, or NULL at the end. */
static struct ilv__node *next_node(struct ilv_dict *dict, uint64_t *i)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    const struct ilv__slots *table = ilv__slots_at(arena, dict->table);
    while (dict->table != 0 && *i < table->room) {
        uint64_t slot = table->slot[(*i)++];
        if (ilv__slot_filled(slot))
            return ilv__slot_node(arena, slot);
    }
    return NULL;
}

static struct ilv_items *copy(struct ilv_dict *dict)
{
    struct ilv__node *node;
    size_t room = 0;
    for (uint64_t i = 0; (node = next_node(dict, &i)) != NULL;)
        room += ilv__items_room(ilv__key_size(node)) + ilv__items_room(ilv__value_size(node));
    struct ilv_items *items = ilv__items_new(dict->count, room);
    for (uint64_t i = 0; items != NULL && (node = next_node(dict, &i)) != NULL;)
        ilv__items_add(items, node->bytes, ilv__key_size(node), ilv__node_value(node),
                       ilv__value_size(node));
    return items;
}

int ilv_dict_items(struct ilv_dict *dict, struct ilv_items **items)
{
    int error = items == NULL ? EINVAL : ilv__enter(dict, &ilv__kind_dict);
    if (error != 0)
        return error;
    *items = copy(dict);
    return ilv__leave(dict, *items != NULL ? 0 : ENOMEM);
}

static bool table_holds(struct ilv_dict *dict)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    if (dict->table == 0)
        return dict->count == 0 && dict->used == 0;
    size_t size = ilv__heap_size_of(arena, dict->table);
    if (size < sizeof(struct ilv__slots))
        return false;
    uint64_t room = ilv__slots_at(arena, dict->table)->room;
    return room != 0 && (room & (room - 1)) == 0 && dict->used < room &&
           (size - sizeof(struct ilv__slots)) / sizeof(uint64_t) >= room;
}

/* The node lies in a block that is big enough, and a search for its key ends with it. */
static bool node_holds(struct ilv_dict *dict, uint64_t slot)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    size_t size = ilv__heap_size_of(arena, ilv__slot_ref(slot));
    struct ilv__node *node = ilv__slot_node(arena, slot);
    return size >= sizeof *node && ilv__key_size(node) <= ILV_DICT_KEY_MAX &&
           size - sizeof *node >= ilv__padded(ilv__key_size(node)) + ilv__value_size(node) &&
           ilv__dict_finds(dict, node);
}

static bool nodes_hold(struct ilv_dict *dict)
{
    const struct ilv__slots *table = ilv__slots_at(ilv__arena_of(dict), dict->table);
    uint64_t count = 0;
    uint64_t used = 0;
    for (uint64_t i = 0; dict->table != 0 && i < table->room; i++) {
        used += table->slot[i] != 0;
        count += ilv__slot_filled(table->slot[i]);
        if (ilv__slot_filled(table->slot[i]) && !node_holds(dict, table->slot[i]))
            return false;
    }
    return count == dict->count && used == dict->used;
}

int ilv_dict_check(struct ilv_dict *dict)
{
    int error = ilv__enter(dict, &ilv__kind_dict);
    if (error != 0)
        return error;
    bool holds = dict->undo.control == 0 && table_holds(dict) && nodes_hold(dict);
    return ilv__leave(dict, holds ? 0 : EUCLEAN);
}
