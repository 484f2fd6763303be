/* SPDX-License-Identifier: MIT */
/*
 * dict.c: a table with open addressing, and a node for each key.
 *
 *     table:  [room][slot 0][slot 1]...     room is a power of two
 *     slot:   0 never used; REMOVED; or the upper 20 bits of the hash and the node's reference / 16
 *     node:   sizes, key, value
 *
 * A key is looked for from slot hash % room on until a slot that is 0; the bits in the slot spare
 * nearly all looks at nodes of other keys. At most three quarters of the slots are not 0. When
 * there would be more, a new table twice as big as the keys need is made, without the REMOVED.
 *
 * What a death leaves is put right as memory.h says: fresh[0] and stale[0] are a node, fresh[1] a
 * nested object, fresh[2] and stale[2] a table. A doomed table goes with all its nodes. A value of
 * at most ILV__UNDO_BYTES bytes that keeps within its node is changed in place, its old bytes
 * noted; a removal is a change of one slot and the count.
 *
 * The lock is held for as long as memory takes to come into the cache. So the key is hashed, and
 * its first slot and the node there are fetched, before the lock is taken: by `hint`, which needs
 * to be neither right nor in step with the table. What it names was a table once, so it can be
 * read; what is read there may be anything, and nothing but a fetch hangs on it. Detectors of races
 * are not shown this look.
 */
#include "dict.h"
#include "annotate.h"

enum { FIRST_ROOM = 8, HINT_SHIFT = 56 };

static void discard(struct ilv_arena *arena, struct ilv__undo *undo);

const struct ilv__kind ilv__kind_dict = {.magic = 0x746369642d2d6c69ULL,
                                         .size = sizeof(struct ilv_dict),
                                         .undo = offsetof(struct ilv_dict, undo),
                                         .discard = discard};

__extension__ typedef unsigned __int128 wide;

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The last bytes of a key, fewer than 8. */
static inline uint64_t tail_at(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

/* Multiply and fold, 16 bytes a step; the seed differs from dict to dict, so that nobody outside
 * can choose keys that collide. */
static uint64_t hash_of(uint64_t seed, const void *key, size_t size)
{
    const unsigned char *at = key;
    uint64_t hash = seed ^ size * 0x9e3779b97f4a7c15ULL;
    size_t rest = size;
    for (; rest >= 16; rest -= 16, at += 16)
        hash = fold(word_at(at) ^ seed ^ 0xd6e8feb86659fd93ULL, word_at(at + 8) ^ hash);
    if (rest >= 8) {
        hash = fold(word_at(at) ^ seed ^ 0xa0761d6478bd642fULL, hash ^ 0xe7037ed1a0b428dbULL);
        rest -= 8;
        at += 8;
    }
    hash ^= tail_at(at, rest);
    return fold(hash ^ 0x8ebc6af09c88c6e3ULL, seed | 1);
}

static inline bool same(const unsigned char *a, const unsigned char *b, size_t size)
{
    if (size == 16)
        return ((word_at(a) ^ word_at(b)) | (word_at(a + 8) ^ word_at(b + 8))) == 0;
    return size == 0 || memcmp(a, b, size) == 0;
}

static inline uint64_t tag(uint64_t hash)
{
    return hash >> ILV__TAG_SHIFT;
}

static void change(struct ilv_dict *dict, uint64_t *word, uint64_t to)
{
    ilv__change(ilv__arena_of(dict), &dict->undo, word, to);
}

static void finish(struct ilv_dict *dict)
{
    ilv__finish(ilv__arena_of(dict), &ilv__kind_dict, &dict->undo);
}

int ilv__dict_fail(struct ilv_dict *dict, int error)
{
    ilv__roll_back(ilv__arena_of(dict), &dict->undo);
    return ilv__leave(dict, error);
}

/* Begun again after a death, it meets slots that are 0 already. */
static void discard(struct ilv_arena *arena, struct ilv__undo *undo)
{
    struct ilv__slots *table = ilv__slots_at(arena, undo->doomed);
    for (uint64_t i = 0; i < table->room; i++)
        if (ilv__slot_filled(table->slot[i]))
            ilv__heap_drop(arena, ilv__slot_ref(table->slot[i]), &table->slot[i]);
}

static void find(struct ilv_dict *dict, struct ilv__place *place)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    place->found = NULL;
    place->slot = NULL;
    if (ilv__unlikely(dict->table == 0))
        return;
    struct ilv__slots *table = ilv__slots_at(arena, dict->table);
    uint64_t *removed = NULL;
    for (uint64_t i = place->hash;; i++) {
        uint64_t *slot = &table->slot[i & (table->room - 1)];
        if (*slot == 0) {
            place->slot = removed != NULL ? removed : slot;
            return;
        }
        if (*slot == ILV__REMOVED) {
            removed = removed != NULL ? removed : slot;
        } else if (*slot >> ILV__TAG_SHIFT == tag(place->hash)) {
            struct ilv__node *node = ilv__slot_node(arena, *slot);
            __builtin_prefetch((char *)node + 64);
            if (ilv__key_size(node) == place->key_size &&
                same(node->bytes, place->key, place->key_size)) {
                place->slot = slot;
                place->found = node;
                return;
            }
        }
    }
}

static void hint(struct ilv_dict *dict, ilv_ref table, uint64_t room)
{
    uint64_t bits = (uint64_t)__builtin_ctzll(room) << HINT_SHIFT;
    __atomic_store_n(&dict->hint, table | bits, __ATOMIC_RELAXED);
}

__attribute__((no_sanitize("thread"))) static void fetch(const struct ilv_dict *dict, uint64_t hash)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    uint64_t hint = __atomic_load_n(&dict->hint, __ATOMIC_RELAXED);
    uint64_t mask = (1ULL << (hint >> HINT_SHIFT)) - 1;
    ilv_ref table = hint & ((1ULL << HINT_SHIFT) - 1);
    if (table == 0 || ilv__on_valgrind)
        return;
    const volatile uint64_t *slot = &ilv__slots_at(arena, table)->slot[hash & mask];
    uint64_t seen = *slot;
    if (seen >> ILV__TAG_SHIFT == tag(hash)) {
        const char *node = (const char *)ilv__slot_node(arena, seen);
        __builtin_prefetch(node);
        __builtin_prefetch(node + 64);
    }
}

int ilv__dict_enter(struct ilv_dict *dict, const void *key, size_t key_size,
                    struct ilv__place *place)
{
    if (ilv__unlikely(!ilv__seems(dict, &ilv__kind_dict)))
        return EINVAL;
    if (key == NULL && key_size > 0)
        return EINVAL;
    if (key_size > ILV_DICT_KEY_MAX)
        return EMSGSIZE;
    place->key = key;
    place->key_size = key_size;
    place->hash = hash_of(dict->seed, key, key_size);
    fetch(dict, place->hash);
    int error = ilv__enter(dict, &ilv__kind_dict);
    if (error == 0)
        find(dict, place);
    return error;
}

static uint64_t hash_of_node(const struct ilv_dict *dict, const struct ilv__node *node)
{
    return hash_of(dict->seed, node->bytes, ilv__key_size(node));
}

bool ilv__dict_finds(struct ilv_dict *dict, const struct ilv__node *node)
{
    struct ilv__place place = {.key = node->bytes, .key_size = ilv__key_size(node)};
    place.hash = hash_of_node(dict, node);
    find(dict, &place);
    return place.found == node;
}

struct ilv_dict *ilv_dict_create(struct ilv_arena *arena)
{
    struct ilv_dict *dict = ilv__object_create(arena, &ilv__kind_dict, 0);
    if (dict != NULL)
        ilv__dict_seed(dict);
    return dict;
}

struct ilv_dict *ilv_dict_open(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__object_open(arena, &ilv__kind_dict, ref);
}

static void clear(struct ilv_dict *dict)
{
    if (dict->table == 0)
        return;
    dict->undo.doomed = dict->table;
    change(dict, &dict->table, 0);
    change(dict, &dict->count, 0);
    change(dict, &dict->used, 0);
    finish(dict);
}

int ilv_dict_clear(struct ilv_dict *dict)
{
    int error = ilv__enter(dict, &ilv__kind_dict);
    if (error != 0)
        return error;
    clear(dict);
    return ilv__leave(dict, 0);
}

int ilv_dict_destroy(struct ilv_dict *dict)
{
    int error = ilv__enter(dict, &ilv__kind_dict);
    if (error != 0)
        return error;
    clear(dict);
    return ilv__object_end(dict);
}

static void move_nodes(struct ilv_dict *dict, const struct ilv__slots *from, struct ilv__slots *to)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    for (uint64_t i = 0; i < from->room; i++) {
        if (!ilv__slot_filled(from->slot[i]))
            continue;
        uint64_t at = hash_of_node(dict, ilv__slot_node(arena, from->slot[i]));
        while (to->slot[at & (to->room - 1)] != 0)
            at++;
        to->slot[at & (to->room - 1)] = from->slot[i];
    }
}

/* A table for twice as many keys as there are, in an operation of its own. */
static int rebuild(struct ilv_dict *dict)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    uint64_t room = FIRST_ROOM;
    while (room < 2 * (dict->count + 1))
        room *= 2;
    int error = ilv__heap_take(arena, sizeof(struct ilv__slots) + room * sizeof(uint64_t), false,
                               &dict->undo.fresh[2]);
    if (error != 0)
        return error;
    struct ilv__slots *table = ilv__slots_at(arena, dict->undo.fresh[2]);
    table->room = room;
    memset(table->slot, 0, room * sizeof(uint64_t));
    if (dict->table != 0)
        move_nodes(dict, ilv__slots_at(arena, dict->table), table);
    dict->undo.stale[2] = dict->table;
    change(dict, &dict->table, dict->undo.fresh[2]);
    change(dict, &dict->used, dict->count);
    finish(dict);
    hint(dict, dict->table, room);
    return 0;
}

int ilv__dict_make_room(struct ilv_dict *dict, struct ilv__place *place)
{
    if (place->found != NULL || (place->slot != NULL && *place->slot == ILV__REMOVED))
        return 0;
    if (dict->table != 0) {
        uint64_t room = ilv__slots_at(ilv__arena_of(dict), dict->table)->room;
        if (dict->used + 1 <= room / 4 * 3)
            return 0;
    }
    int error = rebuild(dict);
    if (error == 0)
        find(dict, place);
    return error;
}

int ilv__make_node(struct ilv_dict *dict, const struct ilv__place *place, size_t value_size,
                   struct ilv__node **node)
{
    struct ilv_arena *arena = ilv__arena_of(dict);
    size_t head = sizeof(struct ilv__node) + ilv__padded(place->key_size);
    if (value_size >= ILV__BIGGEST)
        return ENOMEM;
    int error = ilv__heap_take(arena, head + value_size, false, &dict->undo.fresh[0]);
    if (error != 0)
        return error;
    *node = ilv__at(arena, dict->undo.fresh[0]);
    (*node)->sizes = ilv__sizes(place->key_size, value_size);
    if (place->key_size > 0)
        memcpy((*node)->bytes, place->key, place->key_size);
    return 0;
}

void ilv__dict_place_node(struct ilv_dict *dict, const struct ilv__place *place)
{
    if (place->found != NULL) {
        dict->undo.stale[0] = ilv__slot_ref(*place->slot);
    } else {
        change(dict, &dict->count, dict->count + 1);
        if (*place->slot == 0)
            change(dict, &dict->used, dict->used + 1);
    }
    change(dict, place->slot, tag(place->hash) << ILV__TAG_SHIFT | dict->undo.fresh[0] >> 4);
    finish(dict);
}

/* How many bytes of value the node has room for, as far as it is known without asking the heap. */
static size_t room_of(const struct ilv__node *node)
{
    size_t head = sizeof *node + ilv__padded(ilv__key_size(node));
    return ((head + ilv__value_size(node) + 8 + 15) & ~(size_t)15) - 8 - head;
}

static void set_in_place(struct ilv_dict *dict, struct ilv__node *node, const void *value,
                         size_t size)
{
    if (size != ilv__value_size(node))
        change(dict, &node->sizes, ilv__sizes(ilv__key_size(node), size));
    if (size > 0) {
        ilv__save(ilv__arena_of(dict), &dict->undo, ilv__node_value(node), size);
        memcpy(ilv__node_value(node), value, size);
    }
    ilv__commit(&dict->undo);
}

/* With the lock held, which it gives back. */
static int set(struct ilv_dict *dict, struct ilv__place *place, const void *value, size_t size)
{
    struct ilv__node *node;
    if (place->found != NULL && size <= ILV__UNDO_BYTES && size <= room_of(place->found)) {
        set_in_place(dict, place->found, value, size);
        return ilv__leave(dict, 0);
    }
    int error = ilv__dict_make_room(dict, place);
    if (error == 0)
        error = ilv__make_node(dict, place, size, &node);
    if (error != 0)
        return ilv__dict_fail(dict, error);
    if (size > 0)
        memcpy(ilv__node_value(node), value, size);
    ilv__dict_place_node(dict, place);
    return ilv__leave(dict, 0);
}

int ilv_dict_set(struct ilv_dict *dict, const void *key, size_t key_size, const void *value,
                 size_t value_size)
{
    struct ilv__place place;
    if (value == NULL && value_size > 0)
        return EINVAL;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    return error == 0 ? set(dict, &place, value, value_size) : error;
}

int ilv_dict_add(struct ilv_dict *dict, const void *key, size_t key_size, const void *value,
                 size_t value_size)
{
    struct ilv__place place;
    if (value == NULL && value_size > 0)
        return EINVAL;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    return place.found != NULL ? ilv__leave(dict, EEXIST) : set(dict, &place, value, value_size);
}

static int copy_out(struct ilv__node *node, void *value, size_t room, size_t *size)
{
    if (node == NULL)
        return ENOENT;
    if (size != NULL)
        *size = ilv__value_size(node);
    if (ilv__value_size(node) > room)
        return ERANGE;
    if (ilv__value_size(node) > 0)
        memcpy(value, ilv__node_value(node), ilv__value_size(node));
    return 0;
}

int ilv_dict_get(struct ilv_dict *dict, const void *key, size_t key_size, void *value, size_t room,
                 size_t *size)
{
    struct ilv__place place;
    if (value == NULL && room > 0)
        return EINVAL;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    return error == 0 ? ilv__leave(dict, copy_out(place.found, value, room, size)) : error;
}

static void take_out(struct ilv_dict *dict, const struct ilv__place *place)
{
    dict->undo.stale[0] = ilv__slot_ref(*place->slot);
    change(dict, place->slot, ILV__REMOVED);
    change(dict, &dict->count, dict->count - 1);
    finish(dict);
}

int ilv_dict_pop(struct ilv_dict *dict, const void *key, size_t key_size, void *value, size_t room,
                 size_t *size)
{
    struct ilv__place place;
    if (value == NULL && room > 0)
        return EINVAL;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    error = copy_out(place.found, value, room, size);
    if (error == 0)
        take_out(dict, &place);
    return ilv__leave(dict, error);
}

int ilv_dict_remove(struct ilv_dict *dict, const void *key, size_t key_size)
{
    struct ilv__place place;
    int error = ilv__dict_enter(dict, key, key_size, &place);
    if (error != 0)
        return error;
    if (place.found == NULL)
        return ilv__leave(dict, ENOENT);
    take_out(dict, &place);
    return ilv__leave(dict, 0);
}
