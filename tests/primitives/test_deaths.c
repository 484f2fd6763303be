/* SPDX-License-Identifier: MIT */
/* Every operation of arena, value, array, dict and list, killed after each of its stores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "stage.h"

#define STRIDE 4 /* every fourth first death */

static char text[400] = "a text that is longer than most";

/* Who comes second has a slot of its own. */
static ilv_ref *free_slot(void)
{
    return &stage.slots[stage.slots[1] == 0 ? 1 : 2];
}

static void alloc(void)
{
    ilv_arena_alloc_into(stage.arena, 200, free_slot());
}

static void alloc_in_a_grown_arena(void)
{
    ilv_arena_alloc_into(stage.arena, 60000, free_slot());
}

static void free_block(void)
{
    ilv_arena_free_from(stage.arena, &stage.slots[0]);
}

static void alloc_from_a_bin_of_two(void)
{
    ilv_arena_alloc_into(stage.arena, 480, free_slot());
}

static void free_block_into_a_bin(void)
{
    ilv_arena_free_from(stage.arena, &stage.slots[8]);
}

static void free_block_beside_a_free_one(void)
{
    ilv_arena_free_from(stage.arena, &stage.slots[4]);
}

static int twice(void *bytes, size_t size, void *context)
{
    unsigned char *at = bytes;
    (void)context;
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(at[i] * 2 + 1);
    return 0;
}

static int twice_each(void *elements, size_t count, void *context)
{
    return twice(elements, count * sizeof(int64_t), context);
}

static void value_set(void)
{
    ilv_value_set_int(stage.value, 99);
}

static void value_add(void)
{
    ilv_value_add(stage.value, 5, NULL);
}

static void value_update(void)
{
    ilv_value_update(stage.value, twice, NULL);
}

static void array_set_few(void)
{
    ilv_array_set(stage.array, 3, 4, text);
}

static void array_set_many(void)
{
    ilv_array_set(stage.array, 10, 40, text);
}

static void array_add(void)
{
    ilv_array_add(stage.array, 7, 70, NULL);
}

static void array_update_few(void)
{
    ilv_array_update(stage.array, 90, 10, twice_each, NULL);
}

static void array_update_many(void)
{
    ilv_array_update(stage.array, 0, 100, twice_each, NULL);
}

static void dict_set_new_and_grow(void)
{
    ilv_dict_set(stage.dict, "another", 7, text, 64);
}

static void dict_set_in_place(void)
{
    ilv_dict_set(stage.dict, "key 4", 5, text, 32);
}

static void dict_set_shorter(void)
{
    ilv_dict_set(stage.dict, "key 4", 5, text, 3);
}

static void dict_set_longer(void)
{
    ilv_dict_set(stage.dict, "key 1", 5, text, 100);
}

static void dict_set_long(void)
{
    ilv_dict_set(stage.dict, "key 5", 5, text, 300);
}

static void dict_add_key(void)
{
    ilv_dict_add(stage.dict, "another", 7, NULL, 0);
}

static void dict_pop(void)
{
    char value[400];
    ilv_dict_pop(stage.dict, "key 3", 5, value, sizeof value, NULL);
}

static void dict_remove(void)
{
    ilv_dict_remove(stage.dict, "key 0", 5);
}

static void dict_update_in_place(void)
{
    ilv_dict_update(stage.dict, "key 4", 5, 32, twice, NULL);
}

static void dict_update_other_size(void)
{
    ilv_dict_update(stage.dict, "key 4", 5, 50, twice, NULL);
}

static void dict_update_absent(void)
{
    ilv_dict_update(stage.dict, "another", 7, 50, twice, NULL);
}

static void dict_add_int(void)
{
    ilv_dict_add_int(stage.dict, "key 1", 5, 50, NULL);
}

static void dict_add_int_absent(void)
{
    ilv_dict_add_int(stage.dict, "another", 7, 50, NULL);
}

static void dict_list(void)
{
    struct ilv_list *list;
    ilv_dict_list(stage.dict, "nest", 4, &list);
}

static void dict_dict(void)
{
    struct ilv_dict *dict;
    ilv_dict_dict(stage.dict, "nest", 4, &dict);
}

static void dict_clear(void)
{
    ilv_dict_clear(stage.dict);
}

static void dict_destroy(void)
{
    ilv_dict_destroy(stage.dict);
}

static void list_first_append(void)
{
    ilv_list_append(stage.empty, text, 50);
}

static void list_append_int(void)
{
    ilv_list_append_int(stage.empty, 5);
}

static void list_append_and_grow(void)
{
    ilv_list_append(stage.list, text, 50);
}

static void list_append_if_absent(void)
{
    ilv_list_append_if_absent(stage.list, text, 20);
}

static void list_insert_first(void)
{
    ilv_list_insert(stage.list, 0, text, 30);
}

static void list_insert_between(void)
{
    ilv_list_insert(stage.list, 4, text, 30);
}

static void list_pop_first(void)
{
    char item[400];
    ilv_list_pop(stage.list, 0, item, sizeof item, NULL);
}

static void list_pop_between(void)
{
    char item[400];
    ilv_list_pop(stage.list, 3, item, sizeof item, NULL);
}

static void list_pop_last(void)
{
    char item[400];
    ilv_list_pop(stage.list, ILV_LIST_LAST, item, sizeof item, NULL);
}

static void list_set(void)
{
    ilv_list_set(stage.list, 3, text, 70);
}

static void list_set_short(void)
{
    ilv_list_set(stage.list, 4, text, 8);
}

static void list_set_int(void)
{
    ilv_list_set_int(stage.list, 1, 1000);
}

static void list_update(void)
{
    ilv_list_update(stage.list, 4, twice, NULL);
}

static void list_remove(void)
{
    ilv_list_remove(stage.list, 2, 4);
}

static void list_clear(void)
{
    ilv_list_clear(stage.list);
}

static void list_destroy(void)
{
    ilv_list_destroy(stage.list);
}

/* Stages of their own, small ones: an arena without any room but a block that is not the first of
 * its bin, and a full list whose first item is not in its first cell. */

enum { SMALL = 504, LARGER = 520 };

static struct ilv_arena *small;
static ilv_ref *kept;

static void fill_up(size_t size)
{
    while (ilv_arena_alloc(small, size) != NULL)
        continue;
}

static struct ilv_arena *prepare_full_arena(void)
{
    small = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    kept = small != NULL ? ilv_arena_alloc(small, 4 * sizeof *kept) : NULL;
    if (kept == NULL)
        abort();
    for (int i = 0; i < 2; i++) {
        ilv_arena_alloc_into(small, i == 0 ? LARGER : SMALL, &kept[i]);
        ilv_arena_alloc(small, 16);
    }
    fill_up(4096);
    fill_up(16);
    ilv_arena_free_from(small, &kept[0]);
    ilv_arena_free_from(small, &kept[1]);
    return small;
}

static void alloc_in_a_full_arena(void)
{
    ilv_arena_alloc_into(small, LARGER, &kept[kept[2] == 0 ? 2 : 3]);
}

static bool verify_full_arena(const struct operation *operation, const char *after)
{
    bool well = ILV_CHECK_INT(ilv_arena_check(small), 0) &&
                ILV_CHECK_INT(ilv_arena_alloc_into(small, SMALL, &kept[3]), 0) &&
                ILV_CHECK(kept[2] != 0 || ilv_arena_alloc_into(small, LARGER, &kept[2]) == 0) &&
                ILV_CHECK_INT(ilv_arena_check(small), 0);
    if (!well)
        fprintf(stderr, "%s: after %s\n", operation->name, after);
    ilv_arena_detach(small);
    return well;
}

enum { ROOM = 8 };

static struct ilv_list *turned;

static struct ilv_arena *prepare_turned_list(void)
{
    small = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    turned = small != NULL ? ilv_list_create(small) : NULL;
    if (turned == NULL)
        abort();
    for (int64_t i = 0; i <= ROOM; i++) {
        if (i == ROOM)
            ilv_list_pop(turned, 0, text, sizeof text, NULL);
        ilv_list_append_int(turned, i);
    }
    return small;
}

static void list_grow_from_the_middle(void)
{
    ilv_list_append_int(turned, ROOM + 1);
}

static bool verify_turned_list(const struct operation *operation, const char *after)
{
    size_t count = 0;
    int64_t item = 0;
    bool well = ILV_CHECK_INT(ilv_list_check(turned), 0) &&
                ILV_CHECK_INT(ilv_list_count(turned, &count), 0) && ILV_CHECK(count >= ROOM);
    for (size_t i = 0; well && i < count; i++)
        well = ILV_CHECK_INT(ilv_list_get_int(turned, i, &item), 0) &&
               ILV_CHECK_INT(item, (int64_t)(i < ROOM ? i + 1 : ROOM + 1));
    if (!well)
        fprintf(stderr, "%s: after %s\n", operation->name, after);
    ilv_arena_detach(small);
    return well;
}

/* Each of them is a test of its own, in both suites. */
#define OPERATIONS(X)               \
    X(alloc)                        \
    X(alloc_in_a_grown_arena)       \
    X(free_block)                   \
    X(free_block_beside_a_free_one) \
    X(free_block_into_a_bin)        \
    X(alloc_from_a_bin_of_two)      \
    X(value_set)                    \
    X(value_add)                    \
    X(value_update)                 \
    X(array_set_few)                \
    X(array_set_many)               \
    X(array_add)                    \
    X(array_update_few)             \
    X(array_update_many)            \
    X(dict_set_new_and_grow)        \
    X(dict_set_in_place)            \
    X(dict_set_shorter)             \
    X(dict_set_longer)              \
    X(dict_set_long)                \
    X(dict_add_key)                 \
    X(dict_pop)                     \
    X(dict_remove)                  \
    X(dict_update_in_place)         \
    X(dict_update_other_size)       \
    X(dict_update_absent)           \
    X(dict_add_int)                 \
    X(dict_add_int_absent)          \
    X(dict_list)                    \
    X(dict_dict)                    \
    X(dict_clear)                   \
    X(list_first_append)            \
    X(list_append_int)              \
    X(list_append_and_grow)         \
    X(list_append_if_absent)        \
    X(list_insert_first)            \
    X(list_insert_between)          \
    X(list_pop_first)               \
    X(list_pop_between)             \
    X(list_pop_last)                \
    X(list_set)                     \
    X(list_set_short)               \
    X(list_set_int)                 \
    X(list_update)                  \
    X(list_remove)                  \
    X(list_clear)

/* What may also be found empty: destroying is two steps. */
#define ENDINGS(X)  \
    X(dict_destroy) \
    X(list_destroy)

#define OPERATION(of, made, how)                                       \
    static const struct operation op_##of = {                          \
        .name = #of, .prepare = (made), .run = (of), .verify = (how)}; \
    static void of##_survives_a_death(void)                            \
    {                                                                  \
        kill_everywhere(&op_##of);                                     \
    }                                                                  \
    static void of##_survives_two_deaths(void)                         \
    {                                                                  \
        kill_twice(&op_##of, STRIDE);                                  \
    }
#define WHOLE(of) OPERATION(of, stage_prepare, stage_verify)
#define ENDING(of) OPERATION(of, stage_prepare, stage_verify_clearing)

OPERATIONS(WHOLE)
ENDINGS(ENDING)
OPERATION(alloc_in_a_full_arena, prepare_full_arena, verify_full_arena)
OPERATION(list_grow_from_the_middle, prepare_turned_list, verify_turned_list)

#define ONE(of) ILV_TEST(of##_survives_a_death),
#define TWO(of) ILV_TEST(of##_survives_two_deaths),
#define OWN(X) X(alloc_in_a_full_arena) X(list_grow_from_the_middle)

static const struct ilv_test deaths_tests[] = {OPERATIONS(ONE) ENDINGS(ONE) OWN(ONE){NULL, NULL}};
extern const struct ilv_suite ilv_suite_deaths;
const struct ilv_suite ilv_suite_deaths = {"deaths", deaths_tests};

static const struct ilv_test two_deaths_tests[] = {OPERATIONS(TWO) ENDINGS(TWO)
                                                       OWN(TWO){NULL, NULL}};
extern const struct ilv_suite ilv_suite_two_deaths;
const struct ilv_suite ilv_suite_two_deaths = {"two_deaths", two_deaths_tests};
