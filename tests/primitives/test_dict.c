/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <ilv/dict.h>
#include <ilv/list.h>
#include <stdlib.h>
#include <string.h>

#include "actors.h"
#include "ilv_test.h"

enum {
    ACTORS = 4,
    ROUNDS = 1000,
    KEYS = 20,
    MANY = 5000,
};

static struct ilv_arena *arena;
static struct ilv_dict *dict;

static void new_dict(void)
{
    arena = ilv_arena_create(NULL, 0, LIMIT);
    dict = ilv_dict_create(arena);
    ILV_CHECK(dict != NULL);
}

static size_t count(void)
{
    size_t count = SIZE_MAX;
    ILV_CHECK_INT(ilv_dict_count(dict, &count), 0);
    return count;
}

static void what_was_set_is_got(void)
{
    char value[64] = "";
    size_t size = 0;
    new_dict();
    ILV_CHECK_INT(ilv_dict_set(dict, "name", 4, "Ada", 4), 0);
    ILV_CHECK_INT(ilv_dict_get(dict, "name", 4, value, sizeof value, &size), 0);
    ILV_CHECK_STR(value, "Ada");
    ILV_CHECK_U64(size, 4);
    ILV_CHECK_INT(ilv_dict_get(dict, "nam", 3, value, sizeof value, &size), ENOENT);
    ILV_CHECK_INT(ilv_dict_set(dict, "name", 4, "Grace Hopper", 13), 0);
    ILV_CHECK_INT(ilv_dict_get(dict, "name", 4, value, sizeof value, NULL), 0);
    ILV_CHECK_STR(value, "Grace Hopper");
    ILV_CHECK_INT(ilv_dict_set(dict, "name", 4, "Al", 3), 0);
    ILV_CHECK_INT(ilv_dict_get(dict, "name", 4, value, sizeof value, &size), 0);
    ILV_CHECK_STR(value, "Al");
    ILV_CHECK_U64(size, 3);
    ILV_CHECK_U64(count(), 1);
}

static void keys_and_values_may_be_empty_or_long(void)
{
    size_t size = 99;
    new_dict();
    char *big = malloc(ILV_DICT_KEY_MAX);
    char *copy = malloc(ILV_DICT_KEY_MAX);
    memset(big, 'k', ILV_DICT_KEY_MAX);
    ILV_CHECK_INT(ilv_dict_set(dict, NULL, 0, NULL, 0), 0);
    ILV_CHECK_INT(ilv_dict_get(dict, "", 0, NULL, 0, &size), 0);
    ILV_CHECK_U64(size, 0);
    ILV_CHECK_INT(ilv_dict_set(dict, big, ILV_DICT_KEY_MAX, big, ILV_DICT_KEY_MAX), 0);
    ILV_CHECK_INT(ilv_dict_get(dict, big, ILV_DICT_KEY_MAX, copy, ILV_DICT_KEY_MAX, &size), 0);
    ILV_CHECK(memcmp(big, copy, ILV_DICT_KEY_MAX) == 0);
    for (size_t i = 1; i < 40; i++)
        ILV_CHECK_INT(ilv_dict_set(dict, big, i, big, i), 0);
    for (size_t i = 1; i < 40; i++) {
        ILV_CHECK_INT(ilv_dict_get(dict, big, i, copy, 64, &size), 0);
        ILV_CHECK_U64(size, i);
    }
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
    free(big);
    free(copy);
}

static void many_keys_make_it_grow_and_all_stay(void)
{
    int64_t value = 0;
    new_dict();
    for (int64_t i = 0; i < MANY; i++)
        ILV_CHECK_INT(ilv_dict_set_int(dict, &i, sizeof i, i * i), 0);
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
    for (int64_t i = 0; i < MANY; i += 2)
        ILV_CHECK_INT(ilv_dict_remove(dict, &i, sizeof i), 0);
    ILV_CHECK_U64(count(), MANY / 2);
    for (int64_t i = 0; i < MANY; i++) {
        ILV_CHECK_INT(ilv_dict_get_int(dict, &i, sizeof i, &value), i % 2 ? 0 : ENOENT);
        ILV_CHECK(i % 2 == 0 || value == i * i);
    }
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
}

static void memory_does_not_grow_with_use(void)
{
    struct ilv_arena_stat before = {0, 0, 0, 0};
    struct ilv_arena_stat after;
    char value[200] = "";
    new_dict();
    for (int round = 0; round < 40; round++) {
        for (int64_t i = 0; i < 100; i++)
            ilv_dict_set(dict, &i, sizeof i, value, (size_t)(i + round) % sizeof value);
        for (int64_t i = 0; i < 100; i++)
            ILV_CHECK_INT(ilv_dict_remove(dict, &i, sizeof i), 0);
        ilv_arena_stat(arena, &after);
        if (round == 10)
            before = after;
    }
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_U64(after.size, before.size);
    ILV_CHECK_INT(ilv_dict_destroy(dict), 0);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.blocks, 0);
}

static void add_keeps_what_is_there(void)
{
    char value[8];
    new_dict();
    ILV_CHECK_INT(ilv_dict_add(dict, "k", 1, "one", 4), 0);
    ILV_CHECK_INT(ilv_dict_add(dict, "k", 1, "two", 4), EEXIST);
    ILV_CHECK_INT(ilv_dict_get(dict, "k", 1, value, sizeof value, NULL), 0);
    ILV_CHECK_STR(value, "one");
}

static void a_value_that_does_not_fit_stays(void)
{
    char value[4] = "";
    size_t size = 0;
    new_dict();
    ilv_dict_set(dict, "k", 1, "longer", 7);
    ILV_CHECK_INT(ilv_dict_get(dict, "k", 1, value, sizeof value, &size), ERANGE);
    ILV_CHECK_U64(size, 7);
    ILV_CHECK_STR(value, "");
    ILV_CHECK_INT(ilv_dict_pop(dict, "k", 1, value, sizeof value, &size), ERANGE);
    ILV_CHECK_U64(count(), 1);
    ilv_dict_set(dict, "k", 1, "abc", 4);
    ILV_CHECK_INT(ilv_dict_pop(dict, "k", 1, value, sizeof value, &size), 0);
    ILV_CHECK_STR(value, "abc");
    ILV_CHECK_INT(ilv_dict_pop(dict, "k", 1, value, sizeof value, &size), ENOENT);
    ILV_CHECK_INT(ilv_dict_remove(dict, "k", 1), ENOENT);
    ILV_CHECK_U64(count(), 0);
}

static int fill_with(void *value, size_t size, void *context)
{
    const char *how = context;
    memset(value, how[0], size);
    return how[1] == '!' ? 44 : 0;
}

static int reenter(void *value, size_t size, void *context)
{
    (void)value;
    (void)size;
    *(int *)context = ilv_dict_set_int(dict, "k", 1, 1);
    return 0;
}

static void an_update_changes_size_and_value(void)
{
    static const size_t sizes[] = {5, 5, 9, 300, 300, 2, 0};
    char value[300];
    size_t size = 0;
    new_dict();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char how[3] = {(char)('a' + i), ' ', '\0'};
        ILV_CHECK_INT(ilv_dict_update(dict, "k", 1, sizes[i], fill_with, how), 0);
        ILV_CHECK_INT(ilv_dict_get(dict, "k", 1, value, sizeof value, &size), 0);
        ILV_CHECK_U64(size, sizes[i]);
        for (size_t at = 0; at < size; at++)
            ILV_CHECK_INT(value[at], how[0]);
    }
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
}

static void a_refused_update_is_none(void)
{
    char value[10];
    char refusal[] = "x!";
    int result = 0;
    size_t size = 0;
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    new_dict();
    ilv_dict_set(dict, "k", 1, "value", 6);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_INT(ilv_dict_update(dict, "k", 1, 6, fill_with, refusal), 44);
    ILV_CHECK_INT(ilv_dict_update(dict, "k", 1, 600, fill_with, refusal), 44);
    ILV_CHECK_INT(ilv_dict_update(dict, "absent", 6, 6, fill_with, refusal), 44);
    ILV_CHECK_INT(ilv_dict_get(dict, "k", 1, value, sizeof value, &size), 0);
    ILV_CHECK_STR(value, "value");
    ILV_CHECK_U64(size, 6);
    ILV_CHECK_U64(count(), 1);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_INT(ilv_dict_update(dict, "k", 1, 6, reenter, &result), 0);
    ILV_CHECK_INT(result, EDEADLK);
}

static void integers_are_counted(void)
{
    int64_t number = 0;
    new_dict();
    ILV_CHECK_INT(ilv_dict_get_int(dict, "n", 1, &number), ENOENT);
    ILV_CHECK_INT(ilv_dict_add_int(dict, "n", 1, 5, &number), 0);
    ILV_CHECK_INT(number, 5);
    ILV_CHECK_INT(ilv_dict_add_int(dict, "n", 1, -7, &number), 0);
    ILV_CHECK_INT(number, -2);
    ILV_CHECK_INT(ilv_dict_set_int(dict, "n", 1, INT64_MAX), 0);
    ILV_CHECK_INT(ilv_dict_add_int(dict, "n", 1, 1, &number), 0);
    ILV_CHECK(number == INT64_MIN);
    ilv_dict_set(dict, "text", 4, "abc", 3);
    ILV_CHECK_INT(ilv_dict_get_int(dict, "text", 4, &number), EBADMSG);
    ILV_CHECK_INT(ilv_dict_add_int(dict, "text", 4, 1, NULL), EBADMSG);
}

static void a_snapshot_stays_as_it_was(void)
{
    struct ilv_items *items = NULL;
    new_dict();
    int64_t sum = 0;
    for (int64_t i = 0; i < 100; i++)
        ilv_dict_set_int(dict, &i, sizeof i, i * 3);
    ILV_CHECK_INT(ilv_dict_items(dict, &items), 0);
    ILV_CHECK_INT(ilv_dict_clear(dict), 0);
    ILV_CHECK_U64(ilv_items_count(items), 100);
    for (size_t i = 0; i < ilv_items_count(items); i++) {
        struct ilv_item item = ilv_items_at(items, i);
        int64_t key;
        int64_t value;
        ILV_CHECK_U64(item.key_size, sizeof key);
        ILV_CHECK_U64(item.value_size, sizeof value);
        memcpy(&key, item.key, sizeof key);
        memcpy(&value, item.value, sizeof value);
        ILV_CHECK_INT(value, key * 3);
        sum += key;
    }
    ILV_CHECK_INT(sum, 4950);
    ILV_CHECK(ilv_items_at(items, 100).value == NULL);
    ilv_items_free(items);
    ILV_CHECK_INT(ilv_dict_items(dict, &items), 0);
    ILV_CHECK_U64(ilv_items_count(items), 0);
    ilv_items_free(items);
    ilv_items_free(NULL);
    ILV_CHECK_U64(ilv_items_count(NULL), 0);
}

static int nester(void *argument)
{
    struct ilv_list *list = NULL;
    struct ilv_dict *inner = NULL;
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t key = i % KEYS;
        if (ilv_dict_list(dict, &key, sizeof key, &list) != 0 || ilv_list_append_int(list, i) != 0)
            return 1;
        if (ilv_dict_dict(dict, "inner", 5, &inner) != 0 ||
            ilv_dict_add_int(inner, &key, sizeof key, 1, NULL) != 0)
            return 2;
    }
    return 0;
}

static void nested_ones_are_shared_by_several_writers(void)
{
    struct actor actors[ACTORS];
    struct ilv_list *list = NULL;
    struct ilv_dict *inner = NULL;
    size_t length = 0;
    int64_t added = 0;
    new_dict();
    for (int i = 0; i < ACTORS; i++)
        actors[i] = start(nester, NULL);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_dict_dict(dict, "inner", 5, &inner), 0);
    for (int64_t key = 0; key < KEYS; key++) {
        ILV_CHECK_INT(ilv_dict_list(dict, &key, sizeof key, &list), 0);
        ILV_CHECK_INT(ilv_list_count(list, &length), 0);
        ILV_CHECK_U64(length, ACTORS * ROUNDS / KEYS);
        ILV_CHECK_INT(ilv_dict_get_int(inner, &key, sizeof key, &added), 0);
        ILV_CHECK_INT(added, ACTORS * ROUNDS / KEYS);
    }
    ILV_CHECK_INT(ilv_dict_list(dict, "inner", 5, &list), EBADMSG);
    ilv_dict_set(dict, "text", 4, "12345678", 8);
    ILV_CHECK_INT(ilv_dict_list(dict, "text", 4, &list), EBADMSG);
    ILV_CHECK_INT(ilv_dict_dict(dict, "text", 4, &inner), EBADMSG);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static int incrementer(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t key = i % KEYS;
        if (ilv_dict_add_int(dict, &key, sizeof key, 1, NULL) != 0)
            return 1;
    }
    return 0;
}

static void no_increment_is_lost(void)
{
    struct actor actors[ACTORS];
    int64_t value = 0;
    new_dict();
    for (int i = 0; i < ACTORS; i++)
        actors[i] = start(incrementer, NULL);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    for (int64_t key = 0; key < KEYS; key++) {
        ILV_CHECK_INT(ilv_dict_get_int(dict, &key, sizeof key, &value), 0);
        ILV_CHECK_INT(value, ACTORS * ROUNDS / KEYS);
    }
}

/* Sets, gets and removes keys that all share; a value is always the same letter throughout. */
static int writer(void *argument)
{
    char value[200];
    size_t size;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t key = (i * 7) % KEYS;
        memset(value, 'a' + (int)(intptr_t)argument, sizeof value);
        if (ilv_dict_set(dict, &key, sizeof key, value, (size_t)i % sizeof value) != 0)
            return 1;
        key = (i * 11) % KEYS;
        int error = i % 3 ? ilv_dict_get(dict, &key, sizeof key, value, sizeof value, &size)
                          : ilv_dict_pop(dict, &key, sizeof key, value, sizeof value, &size);
        for (size_t at = 1; error == 0 && at < size; at++)
            if (value[at] != value[0])
                return 2;
    }
    return 0;
}

static void several_writers_leave_it_whole(void)
{
    struct actor actors[ACTORS];
    struct ilv_arena_stat stat;
    new_dict();
    for (intptr_t i = 0; i < ACTORS; i++)
        actors[i] = start(writer, (void *)i);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
    ILV_CHECK_INT(ilv_dict_destroy(dict), 0);
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 0);
}

static void bad_arguments_are_refused(void)
{
    size_t size;
    int64_t number;
    struct ilv_list *list;
    char key[8] = "";
    new_dict();
    ILV_CHECK(ilv_dict_create(NULL) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK_INT(ilv_dict_set(NULL, "k", 1, "v", 1), EINVAL);
    ILV_CHECK_INT(ilv_dict_set(dict, NULL, 1, "v", 1), EINVAL);
    ILV_CHECK_INT(ilv_dict_set(dict, "k", 1, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_dict_add(dict, "k", 1, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_dict_get(dict, "k", 1, NULL, 1, &size), EINVAL);
    ILV_CHECK_INT(ilv_dict_pop(dict, "k", 1, NULL, 1, &size), EINVAL);
    ILV_CHECK_INT(ilv_dict_update(dict, "k", 1, 1, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_get_int(dict, "k", 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_get_int(NULL, "k", 1, &number), EINVAL);
    ILV_CHECK_INT(ilv_dict_list(dict, "k", 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_dict(dict, "k", 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_list(NULL, "k", 1, &list), EINVAL);
    ILV_CHECK_INT(ilv_dict_count(dict, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_items(dict, NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_check(NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_clear(NULL), EINVAL);
    ILV_CHECK_INT(ilv_dict_set(dict, key, ILV_DICT_KEY_MAX + 1, "v", 1), EMSGSIZE);
    ILV_CHECK_INT(ilv_dict_get(dict, key, SIZE_MAX, NULL, 0, &size), EMSGSIZE);
    ILV_CHECK_INT(ilv_dict_set(dict, "k", 1, key, SIZE_MAX), ENOMEM);
    ILV_CHECK_U64(count(), 0);
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
}

static void a_destroyed_dict_is_refused(void)
{
    int64_t number;
    size_t length;
    new_dict();
    ilv_dict_set_int(dict, "k", 1, 1);
    ilv_ref ref = ilv_arena_ref(arena, dict);
    ILV_CHECK(ilv_dict_open(arena, ref) == dict);
    ILV_CHECK(ilv_list_open(arena, ref) == NULL);
    ILV_CHECK_INT(ilv_dict_destroy(dict), 0);
    ILV_CHECK_INT(ilv_dict_destroy(dict), EINVAL);
    ILV_CHECK_INT(ilv_dict_get_int(dict, "k", 1, &number), EINVAL);
    ILV_CHECK_INT(ilv_dict_count(dict, &length), EINVAL);
    ILV_CHECK(ilv_dict_open(arena, ref) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
}

static void in_a_full_arena_nothing_is_half_done(void)
{
    char value[300] = "";
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    int64_t key = 0;
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    dict = ilv_dict_create(arena);
    while (ilv_dict_set(dict, &key, sizeof key, value, sizeof value) == 0)
        key++;
    size_t keys = count();
    ILV_CHECK_U64(keys, (uint64_t)key);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_INT(ilv_dict_set(dict, "new", 3, value, sizeof value), ENOMEM);
    ILV_CHECK_INT(ilv_dict_update(dict, "new", 3, 500, fill_with, value), ENOMEM);
    key = 0;
    ILV_CHECK_INT(ilv_dict_set(dict, &key, sizeof key, value, 70000), ENOMEM);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_U64(after.blocks, before.blocks);
    ILV_CHECK_U64(count(), keys);
    ILV_CHECK_INT(ilv_dict_check(dict), 0);
    ILV_CHECK_INT(ilv_dict_remove(dict, &key, sizeof key), 0);
    ILV_CHECK_INT(ilv_dict_set(dict, "new", 3, value, 200), 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

ILV_SUITE(dict, ILV_TEST(what_was_set_is_got), ILV_TEST(keys_and_values_may_be_empty_or_long),
          ILV_TEST(many_keys_make_it_grow_and_all_stay), ILV_TEST(memory_does_not_grow_with_use),
          ILV_TEST(add_keeps_what_is_there), ILV_TEST(a_value_that_does_not_fit_stays),
          ILV_TEST(an_update_changes_size_and_value), ILV_TEST(a_refused_update_is_none),
          ILV_TEST(integers_are_counted), ILV_TEST(a_snapshot_stays_as_it_was),
          ILV_TEST(nested_ones_are_shared_by_several_writers), ILV_TEST(no_increment_is_lost),
          ILV_TEST(several_writers_leave_it_whole), ILV_TEST(bad_arguments_are_refused),
          ILV_TEST(a_destroyed_dict_is_refused), ILV_TEST(in_a_full_arena_nothing_is_half_done));
