/* SPDX-License-Identifier: MIT */
/*
 * Kinds that lie in an arena. An actor has a number of its own in each, which is what it was
 * told, or one more if it was killed before it could be told; what all share is whole whenever
 * somebody looks. At the end everything is destroyed, and the arena is as it was.
 */
#include <errno.h>
#include <ilv/array.h>
#include <ilv/dict.h>
#include <ilv/list.h>
#include <ilv/value.h>
#include <stdlib.h>
#include <string.h>

#include "kills.h"

enum {
    ELEMENTS = 40,
    WORDS = 8,
    MANY = 20, /* items of a list; above, more are popped than put */
    LONGEST = 300,
    BLOCKS = 8, /* of an actor */
    ALL_BLOCKS = ACTORS * BLOCKS,
    FEW = 2 * ACTORS, /* items: so that nobody finds a list empty */
    KEYS = 20,
    RECENT = 1 << 12, /* items of an actor that may be in the list at one time, by far */
};

struct arena_world {
    struct ilv_arena *arena; /* inherited, so at the same address for all */
    void *object;
    struct ilv_value *number;
    ilv_ref *blocks;
    uint64_t filled[ALL_BLOCKS];
    uint64_t popped[ACTORS][RECENT];
    uint64_t holds[ACTORS][KEYS]; /* the number that a key of the actor has; 0: none */
    struct ilv_arena_stat before;
    struct counts counts;
    struct counts pops;
};

static struct arena_world *prepare(void *own)
{
    struct arena_world *world = own;
    world->arena = ilv_arena_create(NULL, 0, 8 << 20);
    if (world->arena == NULL || ilv_arena_stat(world->arena, &world->before) != 0)
        abort();
    return world;
}

/* After everything was destroyed. */
static const char *judge_arena(struct arena_world *world, int error)
{
    struct ilv_arena_stat after;
    if (error != 0)
        return "it cannot be destroyed";
    if (ilv_arena_check(world->arena) != 0 || ilv_arena_stat(world->arena, &after) != 0)
        return "the arena is damaged";
    if (after.used != world->before.used || after.blocks != world->before.blocks)
        return "memory of the arena is lost";
    return ilv_arena_detach(world->arena) == 0 ? NULL : "it cannot be detached";
}

/* Numbers that say which is whose. */
static bool own_number_holds(const struct counts *counts, unsigned actor, int64_t number)
{
    return (uint64_t)number >= counts->acknowledged[actor] &&
           (uint64_t)number <= counts->tried[actor];
}

/* value: a number that all add to, and words that are equal. */

static int add_to_all(void *bytes, size_t size, void *context)
{
    uint64_t *words = bytes;
    (void)context;
    for (size_t i = 0; i < size / sizeof *words; i++)
        words[i]++;
    return 0;
}

static void prepare_value(void *own)
{
    struct arena_world *world = prepare(own);
    world->number = ilv_value_create_int(world->arena, 0);
    world->object = ilv_value_create(world->arena, WORDS * sizeof(uint64_t));
}

static bool all_equal(const uint64_t *words, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (words[i] != words[0])
            return false;
    return true;
}

static const char *use_value(void *own, unsigned actor)
{
    struct arena_world *world = own;
    uint64_t words[WORDS];
    int64_t sum = 0;
    count_try(&world->counts, actor);
    if (ilv_value_add(world->number, 1, &sum) != 0)
        return "it cannot be added to";
    count_done(&world->counts, actor);
    if (ilv_value_update(world->object, add_to_all, NULL) != 0 ||
        ilv_value_get(world->object, words, sizeof words) != 0)
        return "it cannot be updated or read";
    return all_equal(words, WORDS) ? NULL : "a value is half changed";
}

static const char *judge_value(void *own, struct outcome *outcome)
{
    struct arena_world *world = own;
    int64_t sum = -1;
    if (ilv_value_get_int(world->number, &sum) != 0 ||
        !counts_explain(&world->counts, (uint64_t)sum, outcome))
        return "sums are lost";
    int error = ilv_value_destroy(world->number);
    return judge_arena(world, error != 0 ? error : ilv_value_destroy(world->object));
}

/* array: an element of each actor, and a range that all change as a whole. */

static void prepare_array(void *own)
{
    struct arena_world *world = prepare(own);
    world->object = ilv_array_create(world->arena, ELEMENTS, sizeof(uint64_t));
}

static int add_to_elements(void *elements, size_t count, void *context)
{
    return add_to_all(elements, count * sizeof(uint64_t), context);
}

static const char *use_array(void *own, unsigned actor)
{
    struct arena_world *world = own;
    uint64_t words[ELEMENTS];
    int64_t number = 0;
    if (ilv_array_get_int(world->object, actor, &number) != 0 ||
        !own_number_holds(&world->counts, actor, number))
        return "an element is not what its owner was told";
    count_try(&world->counts, actor);
    if (ilv_array_set_int(world->object, actor, number + 1) != 0)
        return "it cannot be set";
    __atomic_store_n(&world->counts.tried[actor], (uint64_t)number + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&world->counts.acknowledged[actor], (uint64_t)number + 1, __ATOMIC_RELEASE);
    if (ilv_array_update(world->object, ACTORS, ELEMENTS - ACTORS, add_to_elements, NULL) != 0 ||
        ilv_array_get(world->object, ACTORS, ELEMENTS - ACTORS, words) != 0)
        return "it cannot be updated or read";
    if (chance(32) == 0 && ilv_array_check(world->object) != 0)
        return "its check fails";
    return all_equal(words, ELEMENTS - ACTORS) ? NULL : "a range is half changed";
}

static const char *judge_array(void *own, struct outcome *outcome)
{
    struct arena_world *world = own;
    uint64_t words[ELEMENTS];
    uint64_t sum = 0;
    if (ilv_array_check(world->object) != 0 ||
        ilv_array_get(world->object, 0, ELEMENTS, words) != 0)
        return "its check fails";
    for (unsigned i = 0; i < ACTORS; i++)
        sum += words[i];
    if (!counts_explain(&world->counts, sum, outcome))
        return "changes are lost";
    return judge_arena(world, ilv_array_destroy(world->object));
}

/* list: items are appended or inserted, each actor's numbered, and popped anywhere. */

struct item {
    uint64_t actor;
    uint64_t number;
    unsigned char text[LONGEST];
};

enum { HEAD = offsetof(struct item, text) };

static size_t write_item(struct item *item, unsigned actor, uint64_t number)
{
    size_t length = number * 37 % LONGEST;
    item->actor = actor;
    item->number = number;
    memset(item->text, (int)(number % 251), length);
    return HEAD + length;
}

static bool item_holds(const struct item *item, size_t size)
{
    size_t length = item->number * 37 % LONGEST;
    for (size_t i = 0; i < length; i++)
        if (item->text[i] != item->number % 251)
            return false;
    return item->actor < ACTORS && size == HEAD + length;
}

static void prepare_list(void *own)
{
    struct arena_world *world = prepare(own);
    world->object = ilv_list_create(world->arena);
}

static const char *put_item(struct arena_world *world, unsigned actor)
{
    struct item item;
    count_try(&world->counts, actor);
    size_t size = write_item(&item, actor, world->counts.tried[actor]);
    int error = chance(2) == 0 ? ilv_list_append(world->object, &item, size)
                               : ilv_list_insert(world->object, 0, &item, size);
    if (error != 0)
        return "nothing can be put into it";
    count_done(&world->counts, actor);
    return NULL;
}

static const char *pop_item(struct arena_world *world, unsigned actor)
{
    struct item item;
    size_t size = 0;
    count_try(&world->pops, actor);
    int error =
        ilv_list_pop(world->object, chance(2) == 0 ? 0 : ILV_LIST_LAST, &item, sizeof item, &size);
    if (error == ENOENT)
        return "it is empty, though fewer were popped than put";
    if (error != 0 || !item_holds(&item, size))
        return "an item is not whole";
    uint64_t *seen = &world->popped[item.actor][item.number % RECENT];
    if (__atomic_exchange_n(seen, item.number, __ATOMIC_RELAXED) == item.number)
        return "an item is popped twice";
    count_done(&world->pops, actor);
    return NULL;
}

/* Puts first, so that there is something to pop for all. */
static const char *use_list(void *own, unsigned actor)
{
    struct arena_world *world = own;
    size_t count = 0;
    const char *wrong = put_item(world, actor);
    if (wrong == NULL && ilv_list_count(world->object, &count) != 0)
        return "it cannot be counted";
    for (int i = 0; wrong == NULL && i < (count > MANY ? 2 : 1); i++)
        wrong = count > FEW ? pop_item(world, actor) : NULL;
    if (wrong == NULL && chance(32) == 0 && ilv_list_check(world->object) != 0)
        return "its check fails";
    return wrong;
}

/* What is there is what was put less what was popped. */
static const char *judge_list(void *own, struct outcome *outcome)
{
    struct arena_world *world = own;
    size_t count = 0;
    uint64_t put = all_acknowledged(&world->counts);
    uint64_t popped = all_acknowledged(&world->pops);
    if (ilv_list_check(world->object) != 0 || ilv_list_count(world->object, &count) != 0)
        return "its check fails";
    outcome->acknowledged += put + popped;
    outcome->unknown += all_tried(&world->counts) - put + all_tried(&world->pops) - popped;
    if (count + all_tried(&world->pops) < put || count + popped > all_tried(&world->counts))
        return "items are lost, or there are too many";
    return judge_arena(world, ilv_list_destroy(world->object));
}

/* dict: a number of each actor, a text that all set, and keys of the actor that come and go. */

struct key {
    uint32_t actor;
    uint32_t which;
};

static void prepare_dict(void *own)
{
    struct arena_world *world = prepare(own);
    world->object = ilv_dict_create(world->arena);
}

static const char *add_own(struct arena_world *world, unsigned actor)
{
    const struct key key = {actor, UINT32_MAX};
    int64_t number = 0;
    int error = ilv_dict_get_int(world->object, &key, sizeof key, &number);
    if ((error != 0 && error != ENOENT) || !own_number_holds(&world->counts, actor, number))
        return "a number is not what its owner was told";
    count_try(&world->counts, actor);
    if (ilv_dict_add_int(world->object, &key, sizeof key, 1, &number) != 0)
        return "it cannot be added to";
    __atomic_store_n(&world->counts.tried[actor], (uint64_t)number, __ATOMIC_RELAXED);
    __atomic_store_n(&world->counts.acknowledged[actor], (uint64_t)number, __ATOMIC_RELEASE);
    return NULL;
}

static const char *set_text(struct arena_world *world)
{
    unsigned char text[LONGEST];
    size_t size = chance(LONGEST - 1) + 1;
    memset(text, (int)(size % 251), size);
    if (ilv_dict_set(world->object, "text", 4, text, size) != 0 ||
        ilv_dict_get(world->object, "text", 4, text, sizeof text, &size) != 0)
        return "a text cannot be set or read";
    for (size_t i = 0; i < size; i++)
        if (text[i] != size % 251)
            return "a text is half changed";
    return NULL;
}

/* What a key has is what its owner was told, or what it was about to make of it. */
static const char *come_and_go(struct arena_world *world, unsigned actor)
{
    const struct key key = {actor, (uint32_t)chance(KEYS)};
    uint64_t *holds = &world->holds[actor][key.which];
    int64_t number = 0;
    int error = ilv_dict_get_int(world->object, &key, sizeof key, &number);
    uint64_t told = *holds >> 1;
    bool under_way = (*holds & 1) != 0;
    if (!under_way && (error == 0 ? (uint64_t)number != told : told != 0))
        return "a key is lost, or has another's number";
    __atomic_store_n(holds, *holds | 1, __ATOMIC_RELEASE);
    uint64_t next = error == 0 && number % 2 == 0 ? 0 : told + 1;
    error = next != 0 ? ilv_dict_set_int(world->object, &key, sizeof key, (int64_t)next)
                      : ilv_dict_remove(world->object, &key, sizeof key);
    if (error != 0)
        return "a key cannot be set or removed";
    __atomic_store_n(holds, next << 1, __ATOMIC_RELEASE);
    return NULL;
}

static const char *use_dict(void *own, unsigned actor)
{
    struct arena_world *world = own;
    const char *wrong = add_own(world, actor);
    if (wrong == NULL)
        wrong = chance(4) == 0 ? set_text(world) : come_and_go(world, actor);
    if (wrong == NULL && chance(64) == 0 && ilv_dict_check(world->object) != 0)
        return "its check fails";
    return wrong;
}

static const char *judge_dict(void *own, struct outcome *outcome)
{
    struct arena_world *world = own;
    uint64_t sum = 0;
    if (ilv_dict_check(world->object) != 0)
        return "its check fails";
    for (unsigned i = 0; i < ACTORS; i++) {
        const struct key key = {i, UINT32_MAX};
        int64_t number = 0;
        if (ilv_dict_get_int(world->object, &key, sizeof key, &number) == 0)
            sum += (uint64_t)number;
    }
    if (!counts_explain(&world->counts, sum, outcome))
        return "changes are lost";
    return judge_arena(world, ilv_dict_destroy(world->object));
}

/* arena: blocks that one actor allocates, fills and frees; nobody else is given the same memory. */

static void prepare_blocks(void *own)
{
    struct arena_world *world = prepare(own);
    world->blocks = ilv_arena_alloc(world->arena, ALL_BLOCKS * sizeof *world->blocks);
    if (world->blocks == NULL)
        abort();
}

static const char *allocate(struct arena_world *world, unsigned actor, size_t slot)
{
    size_t size = chance(10) == 0 ? 1 + chance(8000) : 1 + chance(200);
    if (ilv_arena_alloc_into(world->arena, size, &world->blocks[slot]) != 0)
        return "nothing can be allocated";
    memset(ilv_arena_at(world->arena, world->blocks[slot]), (int)actor + 1, size);
    __atomic_store_n(&world->filled[slot], size, __ATOMIC_RELEASE);
    return NULL;
}

static const char *give_back(struct arena_world *world, unsigned actor, size_t slot)
{
    const unsigned char *bytes = ilv_arena_at(world->arena, world->blocks[slot]);
    for (size_t i = 0; i < world->filled[slot]; i++)
        if (bytes[i] != actor + 1)
            return "a block was given to two";
    __atomic_store_n(&world->filled[slot], 0, __ATOMIC_RELEASE);
    return ilv_arena_free_from(world->arena, &world->blocks[slot]) == 0 ? NULL
                                                                        : "a block cannot be freed";
}

static const char *use_blocks(void *own, unsigned actor)
{
    struct arena_world *world = own;
    size_t slot = (size_t)actor * BLOCKS + chance(BLOCKS);
    count_try(&world->counts, actor);
    const char *wrong =
        world->blocks[slot] == 0 ? allocate(world, actor, slot) : give_back(world, actor, slot);
    if (wrong == NULL && chance(64) == 0 && ilv_arena_check(world->arena) != 0)
        return "its check fails";
    count_done(&world->counts, actor);
    return wrong;
}

static const char *judge_blocks(void *own, struct outcome *outcome)
{
    struct arena_world *world = own;
    const char *wrong = NULL;
    if (ilv_arena_check(world->arena) != 0)
        return "its check fails";
    outcome->acknowledged += all_acknowledged(&world->counts);
    outcome->unknown += all_tried(&world->counts) - all_acknowledged(&world->counts);
    for (size_t slot = 0; slot < ALL_BLOCKS; slot++)
        if (wrong == NULL && world->blocks[slot] != 0)
            wrong = give_back(world, (unsigned)(slot / BLOCKS), slot);
    return wrong != NULL ? wrong : judge_arena(world, ilv_arena_free(world->arena, world->blocks));
}

#define ARENA_KIND(called, counted, prepares, works, judges)                                     \
    {                                                                                            \
        .name = (called), .things = (counted), .why = "none may be lost",                        \
        .size = sizeof(struct arena_world), .worlds = 4, .longest = 4000, .prepare = (prepares), \
        .work = (works), .judge = (judges)                                                       \
    }

const struct kind memory_kinds[] = {
    ARENA_KIND("arena", "blocks", prepare_blocks, use_blocks, judge_blocks),
    ARENA_KIND("value", "sums", prepare_value, use_value, judge_value),
    ARENA_KIND("array", "changes", prepare_array, use_array, judge_array),
    ARENA_KIND("dict", "changes", prepare_dict, use_dict, judge_dict),
    ARENA_KIND("list", "items put and popped", prepare_list, use_list, judge_list),
    {.name = NULL},
};
