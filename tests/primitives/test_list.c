/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <ilv/list.h>
#include <string.h>

#include "actors.h"
#include "ilv_test.h"

enum {
    ACTORS = 4,
    ROUNDS = 1000,
    MANY = 500,
};

static struct ilv_arena *arena;
static struct ilv_list *list;

static void new_list(void)
{
    arena = ilv_arena_create(NULL, 0, LIMIT);
    list = ilv_list_create(arena);
    ILV_CHECK(list != NULL);
}

/* The items, one after the other, with a comma after each. */
static const char *text(void)
{
    static char text[1000];
    size_t at = 0;
    struct ilv_items *items = NULL;
    ILV_CHECK_INT(ilv_list_slice(list, 0, SIZE_MAX, &items), 0);
    for (size_t i = 0; i < ilv_items_count(items); i++) {
        struct ilv_item item = ilv_items_at(items, i);
        memcpy(text + at, item.value, item.value_size);
        at += item.value_size;
        text[at++] = ',';
    }
    text[at] = '\0';
    ilv_items_free(items);
    return text;
}

static void append(const char *item)
{
    ILV_CHECK_INT(ilv_list_append(list, item, strlen(item)), 0);
}

static void items_stay_in_order(void)
{
    new_list();
    append("a");
    append("longer than eight");
    append("");
    append("eight888");
    ILV_CHECK_STR(text(), "a,longer than eight,,eight888,");
    ILV_CHECK_INT(ilv_list_insert(list, 0, "first", 5), 0);
    ILV_CHECK_INT(ilv_list_insert(list, 2, "between the others", 18), 0);
    ILV_CHECK_INT(ilv_list_insert(list, 6, "last", 4), 0);
    ILV_CHECK_INT(ilv_list_insert(list, 8, "beyond", 6), ENOENT);
    ILV_CHECK_STR(text(), "first,a,between the others,longer than eight,,eight888,last,");
    ILV_CHECK_INT(ilv_list_check(list), 0);
}

static void items_are_popped_anywhere(void)
{
    static const size_t places[] = {3, 0, ILV_LIST_LAST, 1, 0, 0};
    static const char *const items[] = {"three is a longer one", "0", "5", "2", "1", "4"};
    char item[32];
    size_t size;
    new_list();
    for (int i = 0; i < 6; i++)
        append(i == 3 ? "three is a longer one" : (char[]){(char)('0' + i), '\0'});
    for (size_t i = 0; i < 6; i++) {
        ILV_CHECK_INT(ilv_list_pop(list, places[i], item, sizeof item, &size), 0);
        item[size] = '\0';
        ILV_CHECK_STR(item, items[i]);
        ILV_CHECK_INT(ilv_list_check(list), 0);
    }
    ILV_CHECK_INT(ilv_list_pop(list, 0, item, sizeof item, &size), ENOENT);
    ILV_CHECK_INT(ilv_list_pop(list, ILV_LIST_LAST, item, sizeof item, &size), ENOENT);
}

static void it_may_be_a_queue_for_ever(void)
{
    int64_t item = 0;
    struct ilv_arena_stat stat;
    new_list();
    for (int64_t i = 0; i < 10000; i++) {
        ILV_CHECK_INT(ilv_list_append_int(list, i), 0);
        if (i >= 10) {
            ILV_CHECK_INT(ilv_list_pop(list, 0, &item, sizeof item, NULL), 0);
            ILV_CHECK_INT(item, i - 10);
        }
    }
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 2);
    ILV_CHECK(stat.used < 2000);
}

static void ranges_are_removed(void)
{
    new_list();
    for (int i = 0; i < 10; i++)
        append(i % 3 == 0 ? "a long item of the list" : (char[]){(char)('0' + i), '\0'});
    ILV_CHECK_INT(ilv_list_remove(list, 2, 5), 0);
    ILV_CHECK_STR(text(), "a long item of the list,1,7,8,a long item of the list,");
    ILV_CHECK_INT(ilv_list_remove(list, 3, 3), ENOENT);
    ILV_CHECK_INT(ilv_list_remove(list, 1, SIZE_MAX), ENOENT);
    ILV_CHECK_INT(ilv_list_remove(list, 5, 0), 0);
    ILV_CHECK_INT(ilv_list_remove(list, 0, 5), 0);
    ILV_CHECK_STR(text(), "");
    append("again");
    ILV_CHECK_STR(text(), "again,");
    ILV_CHECK_INT(ilv_list_check(list), 0);
}

static void items_are_set_and_found(void)
{
    size_t at = 0;
    new_list();
    for (int i = 0; i < 4; i++)
        append((char[]){(char)('0' + i), '\0'});
    ILV_CHECK_INT(ilv_list_set(list, 1, "a longer item", 13), 0);
    ILV_CHECK_INT(ilv_list_set(list, ILV_LIST_LAST, "end", 3), 0);
    ILV_CHECK_INT(ilv_list_set(list, 1, "another long item", 17), 0);
    ILV_CHECK_INT(ilv_list_set(list, 4, "x", 1), ENOENT);
    ILV_CHECK_STR(text(), "0,another long item,2,end,");
    ILV_CHECK_INT(ilv_list_find(list, "another long item", 17, &at), 0);
    ILV_CHECK_U64(at, 1);
    ILV_CHECK_INT(ilv_list_find(list, "en", 2, &at), ENOENT);
    ILV_CHECK_INT(ilv_list_append_if_absent(list, "end", 3), EEXIST);
    ILV_CHECK_INT(ilv_list_append_if_absent(list, "new", 3), 0);
    ILV_CHECK_STR(text(), "0,another long item,2,end,new,");
}

static void a_slice_is_a_copy(void)
{
    struct ilv_items *items = NULL;
    new_list();
    for (int64_t i = 0; i < 10; i++)
        ilv_list_append_int(list, i);
    ILV_CHECK_INT(ilv_list_slice(list, 7, 9, &items), 0);
    ILV_CHECK_U64(ilv_items_count(items), 3);
    ilv_items_free(items);
    ILV_CHECK_INT(ilv_list_slice(list, 2, 3, &items), 0);
    ILV_CHECK_INT(ilv_list_clear(list), 0);
    for (size_t i = 0; i < 3; i++) {
        int64_t number;
        struct ilv_item item = ilv_items_at(items, i);
        ILV_CHECK(item.key == NULL);
        memcpy(&number, item.value, sizeof number);
        ILV_CHECK_INT(number, (int64_t)i + 2);
    }
    ilv_items_free(items);
    ILV_CHECK_INT(ilv_list_slice(list, 20, 3, &items), 0);
    ILV_CHECK_U64(ilv_items_count(items), 0);
    ilv_items_free(items);
}

static int fill_with(void *item, size_t size, void *context)
{
    const char *how = context;
    memset(item, how[0], size);
    return how[1] == '!' ? 44 : 0;
}

static int reenter(void *item, size_t size, void *context)
{
    (void)item;
    (void)size;
    *(int *)context = ilv_list_append_int(list, 1);
    return 0;
}

static void an_update_changes_one_item_or_nothing(void)
{
    int result = 0;
    new_list();
    append("short");
    append("longer than that");
    ILV_CHECK_INT(ilv_list_update(list, 0, fill_with, (char[]){"s"}), 0);
    ILV_CHECK_INT(ilv_list_update(list, 1, fill_with, (char[]){"l"}), 0);
    ILV_CHECK_STR(text(), "sssss,llllllllllllllll,");
    ILV_CHECK_INT(ilv_list_update(list, 0, fill_with, (char[]){"x!"}), 44);
    ILV_CHECK_INT(ilv_list_update(list, 1, fill_with, (char[]){"x!"}), 44);
    ILV_CHECK_INT(ilv_list_update(list, 2, fill_with, (char[]){"x"}), ENOENT);
    ILV_CHECK_STR(text(), "sssss,llllllllllllllll,");
    ILV_CHECK_INT(ilv_list_update(list, 0, reenter, &result), 0);
    ILV_CHECK_INT(result, EDEADLK);
    ILV_CHECK_INT(ilv_list_check(list), 0);
}

static void integers_are_items_of_eight_bytes(void)
{
    int64_t number = 0;
    new_list();
    ILV_CHECK_INT(ilv_list_append_int(list, -5), 0);
    append("text");
    ILV_CHECK_INT(ilv_list_get_int(list, 0, &number), 0);
    ILV_CHECK_INT(number, -5);
    ILV_CHECK_INT(ilv_list_set_int(list, 0, 6), 0);
    ILV_CHECK_INT(ilv_list_get(list, 0, &number, sizeof number, NULL), 0);
    ILV_CHECK_INT(number, 6);
    ILV_CHECK_INT(ilv_list_get_int(list, 1, &number), EBADMSG);
    ILV_CHECK_INT(ilv_list_set_int(list, 1, 6), EBADMSG);
    ILV_CHECK_INT(ilv_list_get_int(list, 2, &number), ENOENT);
}

static void an_item_that_does_not_fit_stays(void)
{
    char item[4] = "";
    size_t size = 0;
    new_list();
    append("longer");
    ILV_CHECK_INT(ilv_list_get(list, 0, item, sizeof item, &size), ERANGE);
    ILV_CHECK_U64(size, 6);
    ILV_CHECK_INT(ilv_list_pop(list, 0, item, sizeof item, NULL), ERANGE);
    ILV_CHECK_STR(text(), "longer,");
    ILV_CHECK_STR(item, "");
}

/* Appends its own numbers, and pops one in two from either end. */
static int writer(void *argument)
{
    int64_t number = (intptr_t)argument << 32;
    char item[64];
    for (int i = 0; i < ROUNDS; i++, number++) {
        size_t size = i % 4 ? sizeof number : 40;
        memset(item, 0, sizeof item);
        memcpy(item, &number, sizeof number);
        if (ilv_list_append(list, item, size) != 0)
            return 1;
        if (i % 2 && ilv_list_pop(list, i % 8 == 1 ? ILV_LIST_LAST : 0, item, sizeof item, NULL))
            return 2;
    }
    return 0;
}

static void several_writers_leave_it_whole(void)
{
    struct actor actors[ACTORS];
    struct ilv_arena_stat stat;
    size_t length = 0;
    new_list();
    for (intptr_t i = 0; i < ACTORS; i++)
        actors[i] = start(writer, (void *)i);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_list_count(list, &length), 0);
    ILV_CHECK_U64(length, ACTORS * ROUNDS / 2);
    ILV_CHECK_INT(ilv_list_check(list), 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
    ILV_CHECK_INT(ilv_list_destroy(list), 0);
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 0);
}

static int collector(void *argument)
{
    (void)argument;
    for (int64_t i = 0; i < MANY; i++) {
        int error = ilv_list_append_if_absent(list, &i, sizeof i);
        if (error != 0 && error != EEXIST)
            return 1;
    }
    return 0;
}

static void what_is_appended_if_absent_is_there_once(void)
{
    struct actor actors[ACTORS];
    size_t length = 0;
    new_list();
    for (int i = 0; i < ACTORS; i++)
        actors[i] = start(collector, NULL);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_list_count(list, &length), 0);
    ILV_CHECK_U64(length, MANY);
}

static void bad_arguments_are_refused(void)
{
    char item[4];
    size_t size;
    int64_t number;
    new_list();
    ILV_CHECK(ilv_list_create(NULL) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK_INT(ilv_list_append(NULL, "x", 1), EINVAL);
    ILV_CHECK_INT(ilv_list_append(list, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_list_append(list, NULL, 0), 0);
    ILV_CHECK_INT(ilv_list_insert(list, 0, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_list_set(list, 0, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_list_append_if_absent(list, NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_list_find(list, "x", 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_get(list, 0, NULL, 4, &size), EINVAL);
    ILV_CHECK_INT(ilv_list_pop(list, 0, NULL, 4, &size), EINVAL);
    ILV_CHECK_INT(ilv_list_get(NULL, 0, item, 4, &size), EINVAL);
    ILV_CHECK_INT(ilv_list_update(list, 0, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_get_int(list, 0, NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_get_int(NULL, 0, &number), EINVAL);
    ILV_CHECK_INT(ilv_list_count(list, NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_slice(list, 0, 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_clear(NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_check(NULL), EINVAL);
    ILV_CHECK_INT(ilv_list_append(list, item, SIZE_MAX), ENOMEM);
    ILV_CHECK_STR(text(), ",");
}

static void a_destroyed_list_is_refused(void)
{
    size_t length;
    new_list();
    append("an item with a block of its own");
    ilv_ref ref = ilv_arena_ref(arena, list);
    ILV_CHECK(ilv_list_open(arena, ref) == list);
    ILV_CHECK_INT(ilv_list_destroy(list), 0);
    ILV_CHECK_INT(ilv_list_destroy(list), EINVAL);
    ILV_CHECK_INT(ilv_list_append(list, "x", 1), EINVAL);
    ILV_CHECK_INT(ilv_list_count(list, &length), EINVAL);
    ILV_CHECK(ilv_list_open(arena, ref) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
}

static void in_a_full_arena_nothing_is_half_done(void)
{
    char item[1000] = "";
    size_t length = 0;
    size_t before = 0;
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    list = ilv_list_create(arena);
    while (ilv_list_append(list, item, sizeof item) == 0)
        continue;
    while (ilv_list_append(list, item, 0) == 0)
        continue;
    ilv_list_count(list, &before);
    ILV_CHECK_INT(ilv_list_append(list, item, 100), ENOMEM);
    ILV_CHECK_INT(ilv_list_insert(list, 3, item, 100), ENOMEM);
    ILV_CHECK_INT(ilv_list_set(list, 3, item, 2000), ENOMEM);
    ILV_CHECK_INT(ilv_list_update(list, 3, fill_with, (char[]){"u"}), ENOMEM);
    ilv_list_count(list, &length);
    ILV_CHECK_U64(length, before);
    ILV_CHECK_INT(ilv_list_check(list), 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
    ILV_CHECK_INT(ilv_list_pop(list, 0, item, sizeof item, NULL), 0);
    ILV_CHECK_INT(ilv_list_append(list, item, 100), 0);
}

static int refuse(void *item, size_t size, void *context)
{
    (void)context;
    memset(item, 'r', size);
    return 1234;
}

static void a_refused_update_keeps_no_memory(void)
{
    char item[100] = "an item with a block of its own";
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    new_list();
    ILV_CHECK_INT(ilv_list_append(list, item, sizeof item), 0);
    ILV_CHECK_INT(ilv_arena_stat(arena, &before), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_list_update(list, 0, refuse, NULL), 1234);
    ILV_CHECK_INT(ilv_arena_stat(arena, &after), 0);
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_U64(after.blocks, before.blocks);
    ILV_CHECK_INT(ilv_list_check(list), 0);
}

ILV_SUITE(list, ILV_TEST(items_stay_in_order), ILV_TEST(items_are_popped_anywhere),
          ILV_TEST(it_may_be_a_queue_for_ever), ILV_TEST(ranges_are_removed),
          ILV_TEST(items_are_set_and_found), ILV_TEST(a_slice_is_a_copy),
          ILV_TEST(an_update_changes_one_item_or_nothing),
          ILV_TEST(integers_are_items_of_eight_bytes), ILV_TEST(an_item_that_does_not_fit_stays),
          ILV_TEST(several_writers_leave_it_whole),
          ILV_TEST(what_is_appended_if_absent_is_there_once), ILV_TEST(bad_arguments_are_refused),
          ILV_TEST(a_destroyed_list_is_refused), ILV_TEST(in_a_full_arena_nothing_is_half_done),
          ILV_TEST(a_refused_update_keeps_no_memory));
