/* SPDX-License-Identifier: MIT */
/* An arena and what lies in it: every call, by all threads at once. */
/* fault 1: get and set, instead of a step under the lock */
/* finds 1: exit-status */
#include <errno.h>
#include <ilv/arena.h>
#include <ilv/array.h>
#include <ilv/dict.h>
#include <ilv/list.h>
#include <ilv/value.h>
#include <string.h>

#include "threads.h"

enum { THREADS = 2, ELEMENTS = 4 };

static struct ilv_arena *arena;
static struct ilv_value *value;
static struct ilv_value *pair;
static struct ilv_array *array;
static struct ilv_dict *dict;
static struct ilv_list *list;

static void use_arena(void)
{
    struct ilv_arena_stat stat;
    ilv_ref *block = ilv_arena_alloc(arena, sizeof *block);
    holds(block != NULL && *block == 0);
    must(ilv_arena_alloc_into(arena, 100, block));
    memset(ilv_arena_at(arena, *block), 1, 100);
    must(ilv_arena_stat(arena, &stat));
    must(ilv_arena_check(arena));
    must(ilv_arena_free_from(arena, block));
    must(ilv_arena_free(arena, block));
    holds(stat.blocks > 0);
}

/* What the root leads to was written before it was set. No lock is between. */
static void publish(void)
{
    int64_t *number = ilv_arena_alloc(arena, sizeof *number);
    *number = 42;
    must(ilv_arena_set_root(arena, ilv_arena_ref(arena, number)));
}

static void look_at_root(void)
{
    ilv_ref root = ilv_arena_root(arena);
    holds(root == 0 || *(int64_t *)ilv_arena_at(arena, root) == 42);
}

static int make_equal(void *bytes, size_t size, void *context)
{
    int64_t *numbers = bytes;
    (void)context;
    numbers[1] = ++numbers[0];
    return size == 2 * sizeof *numbers ? 0 : ERANGE;
}

static void use_value(void)
{
    int64_t seen[2] = {0, 1};
    if (fault == 1) {
        must(ilv_value_get_int(value, seen));
        must(ilv_value_set_int(value, seen[0] + 1));
    } else {
        must(ilv_value_add(value, 1, NULL));
    }
    must(ilv_value_update(pair, make_equal, NULL));
    must(ilv_value_get(pair, seen, sizeof seen));
    holds(seen[0] == seen[1]);
    must(ilv_value_set(pair, seen, sizeof seen));
}

static int add_to_all(void *elements, size_t count, void *context)
{
    int64_t *numbers = elements;
    (void)context;
    for (size_t i = 0; i < count; i++)
        numbers[i]++;
    return 0;
}

static void use_array(void)
{
    int64_t seen[ELEMENTS];
    must(ilv_array_update(array, 0, ELEMENTS, add_to_all, NULL));
    must(ilv_array_get(array, 0, ELEMENTS, seen));
    for (int i = 1; i < ELEMENTS; i++)
        holds(seen[i] == seen[0]);
    must(ilv_array_check(array));
}

static void use_dict(void)
{
    struct ilv_items *items = NULL;
    size_t count = 0;
    int64_t number = 0;
    must(ilv_dict_add_int(dict, "sum", 3, 1, &number));
    int error = ilv_dict_add(dict, "other", 5, "value", 5);
    holds(error == 0 || error == EEXIST);
    must(ilv_dict_get_int(dict, "sum", 3, &number));
    must(ilv_dict_items(dict, &items));
    ilv_items_free(items);
    error = ilv_dict_remove(dict, "other", 5);
    holds(error == 0 || error == ENOENT);
    must(ilv_dict_count(dict, &count));
    must(ilv_dict_check(dict));
    holds(count >= 1 && number >= 1);
}

static void use_list(void)
{
    struct ilv_items *items = NULL;
    char text[8];
    size_t at = 0;
    must(ilv_list_append(list, "a long item of the list", 23));
    must(ilv_list_insert(list, 0, "first", 5));
    must(ilv_list_find(list, "first", 5, &at));
    must(ilv_list_slice(list, 0, 1, &items));
    ilv_items_free(items);
    must(ilv_list_pop(list, 0, text, sizeof text, &at));
    must(ilv_list_count(list, &at));
    must(ilv_list_check(list));
}

static void (*const calls[])(void) = {use_arena, use_value, use_array, use_dict, use_list};
enum { CALLS = sizeof calls / sizeof *calls };

static void *body(void *argument)
{
    if (argument == NULL)
        publish();
    else
        look_at_root();
    for (long i = 0; i < CALLS; i++)
        calls[(i + (long)argument) % CALLS]();
    return NULL;
}

static void ends_as_it_should(void)
{
    int64_t number = 0;
    size_t count = 0;
    must(ilv_value_get_int(value, &number));
    holds(number == THREADS);
    must(ilv_dict_get_int(dict, "sum", 3, &number));
    holds(number == THREADS);
    must(ilv_list_count(list, &count));
    holds(count == THREADS);
    must(ilv_list_clear(list));
    must(ilv_dict_clear(dict));
}

int main(void)
{
    arena = ilv_arena_create(NULL, 0, 1 << 20);
    holds(arena != NULL);
    value = ilv_value_create_int(arena, 0);
    pair = ilv_value_create(arena, 2 * sizeof(int64_t));
    array = ilv_array_create(arena, ELEMENTS, sizeof(int64_t));
    dict = ilv_dict_create(arena);
    list = ilv_list_create(arena);
    run_threads(THREADS, body);
    ends_as_it_should();
    must(ilv_dict_destroy(dict));
    must(ilv_list_destroy(list));
    must(ilv_array_destroy(array));
    must(ilv_value_destroy(pair));
    must(ilv_value_destroy(value));
    must(ilv_arena_detach(arena));
}
