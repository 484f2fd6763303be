/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <ilv/array.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"

enum {
    ACTORS = 4,
    ROUNDS = 1000,
    COUNT = 50,
};

static struct ilv_arena *arena;
static struct ilv_array *array;

static void new_array(size_t count)
{
    arena = ilv_arena_create(NULL, 0, LIMIT);
    array = ilv_array_create(arena, count, sizeof(int64_t));
}

static int adder(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++)
        if (ilv_array_add(array, (size_t)i % COUNT, 1, NULL) != 0)
            return 1;
    return 0;
}

static void no_addition_is_lost(void)
{
    struct actor actors[ACTORS];
    int64_t elements[COUNT];
    new_array(COUNT);
    for (int i = 0; i < ACTORS; i++)
        actors[i] = start(adder, NULL);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_array_get(array, 0, COUNT, elements), 0);
    for (int i = 0; i < COUNT; i++)
        ILV_CHECK_INT(elements[i], ACTORS * ROUNDS / COUNT);
}

/* Sets a range to one number, a short or a long one in turn, and finds each range in one piece. */
static int writer(void *argument)
{
    int64_t elements[COUNT];
    for (int i = 0; i < ROUNDS; i++) {
        size_t count = i % 2 ? COUNT : 4;
        for (size_t at = 0; at < COUNT; at++)
            elements[at] = (int64_t)i * ACTORS + (intptr_t)argument;
        if (ilv_array_set(array, 0, count, elements) != 0 ||
            ilv_array_get(array, 0, COUNT, elements) != 0)
            return 1;
        for (size_t at = 1; at < COUNT; at++)
            if (elements[at] != elements[at < 4 ? 0 : 4])
                return 2;
    }
    return 0;
}

static void a_range_is_set_as_a_whole(void)
{
    struct actor actors[ACTORS];
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    new_array(COUNT);
    ilv_arena_stat(arena, &before);
    for (intptr_t i = 0; i < ACTORS; i++)
        actors[i] = start(writer, (void *)i);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.used, before.used);
    ILV_CHECK_INT(ilv_array_check(array), 0);
}

static int square(void *elements, size_t count, void *context)
{
    int64_t *element = elements;
    for (size_t i = 0; i < count; i++)
        element[i] *= element[i];
    return context != NULL ? *(int *)context : 0;
}

static void an_update_changes_all_or_nothing(void)
{
    int64_t element = 0;
    int refusal = 33;
    new_array(COUNT);
    for (size_t i = 0; i < COUNT; i++)
        ILV_CHECK_INT(ilv_array_set_int(array, i, (int64_t)i), 0);
    ILV_CHECK_INT(ilv_array_update(array, 0, COUNT, square, NULL), 0);
    ILV_CHECK_INT(ilv_array_update(array, 2, 3, square, NULL), 0);
    ILV_CHECK_INT(ilv_array_update(array, 0, COUNT, square, &refusal), 33);
    ILV_CHECK_INT(ilv_array_update(array, 3, 3, square, &refusal), 33);
    ILV_CHECK_INT(ilv_array_get_int(array, 3, &element), 0);
    ILV_CHECK_INT(element, 81);
    ILV_CHECK_INT(ilv_array_get_int(array, 7, &element), 0);
    ILV_CHECK_INT(element, 49);
    ILV_CHECK_INT(ilv_array_check(array), 0);
}

static int fork_inside(void *elements, size_t count, void *context)
{
    (void)elements;
    (void)count;
    *(pid_t *)context = fork();
    return 0;
}

static void a_child_forked_inside_changes_nothing(void)
{
    pid_t child = -1;
    int status = 0;
    new_array(COUNT);
    int result = ilv_array_update(array, 0, COUNT, fork_inside, &child);
    if (child == 0)
        _exit(result == EPERM ? 0 : 1);
    ILV_CHECK_INT(result, 0);
    waitpid(child, &status, 0);
    ILV_CHECK_INT(status, 0);
    ILV_CHECK_INT(ilv_array_check(array), 0);
}

static void beyond_the_end_is_refused(void)
{
    int64_t elements[COUNT + 1] = {0};
    new_array(COUNT);
    ILV_CHECK_INT(ilv_array_get(array, 0, COUNT + 1, elements), ENOENT);
    ILV_CHECK_INT(ilv_array_set(array, COUNT, 1, elements), ENOENT);
    ILV_CHECK_INT(ilv_array_set(array, SIZE_MAX, 2, elements), ENOENT);
    ILV_CHECK_INT(ilv_array_get(array, 1, SIZE_MAX, elements), ENOENT);
    ILV_CHECK_INT(ilv_array_add(array, COUNT, 1, NULL), ENOENT);
    ILV_CHECK_INT(ilv_array_update(array, COUNT, 1, square, NULL), ENOENT);
    ILV_CHECK_INT(ilv_array_get(array, COUNT, 0, elements), 0);
    ILV_CHECK_INT(ilv_array_get(array, 0, COUNT, elements), 0);
}

static void bad_arguments_are_refused(void)
{
    int64_t number = 0;
    new_array(COUNT);
    ILV_CHECK(ilv_array_create(arena, 0, 8) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_array_create(arena, 8, 0) == NULL);
    ILV_CHECK(ilv_array_create(arena, SIZE_MAX, 8) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_array_create(NULL, 8, 8) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK_INT(ilv_array_get(NULL, 0, 1, &number), EINVAL);
    ILV_CHECK_INT(ilv_array_get(array, 0, 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_array_set(array, 0, 1, NULL), EINVAL);
    ILV_CHECK_INT(ilv_array_update(array, 0, 1, NULL, NULL), EINVAL);
    ILV_CHECK_U64(ilv_array_count(array), COUNT);
    ILV_CHECK_U64(ilv_array_element_size(array), 8);
    ILV_CHECK_U64(ilv_array_count(NULL), 0);
    struct ilv_array *bytes = ilv_array_create(arena, 10, 3);
    ILV_CHECK_INT(ilv_array_set_int(bytes, 0, 1), EBADMSG);
    ILV_CHECK_INT(ilv_array_get_int(bytes, 0, &number), EBADMSG);
    ILV_CHECK_INT(ilv_array_add(bytes, 0, 1, NULL), EBADMSG);
}

static void without_room_nothing_is_done(void)
{
    int64_t elements[2000] = {1};
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    ILV_CHECK(ilv_array_create(arena, 9000, 8) == NULL);
    ILV_CHECK_INT(errno, ENOMEM);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_U64(before.blocks, 0);
    array = ilv_array_create(arena, 4000, 8);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_INT(ilv_array_set(array, 0, 2000, elements), ENOMEM);
    ILV_CHECK_INT(ilv_array_set(array, 0, 16, elements), 0);
    ilv_arena_stat(arena, &after);
    ILV_CHECK(memcmp(&before, &after, sizeof before) == 0);
    ILV_CHECK_INT(ilv_array_check(array), 0);
}

static void a_destroyed_array_is_refused(void)
{
    int64_t number = 0;
    struct ilv_arena_stat stat;
    new_array(COUNT);
    ilv_ref ref = ilv_arena_ref(arena, array);
    ILV_CHECK(ilv_array_open(arena, ref) == array);
    ILV_CHECK_INT(ilv_array_destroy(array), 0);
    ILV_CHECK_INT(ilv_array_destroy(array), EINVAL);
    ILV_CHECK_INT(ilv_array_get_int(array, 0, &number), EINVAL);
    ILV_CHECK(ilv_array_open(arena, ref) == NULL);
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 0);
}

ILV_SUITE(array, ILV_TEST(no_addition_is_lost), ILV_TEST(a_range_is_set_as_a_whole),
          ILV_TEST(an_update_changes_all_or_nothing),
          ILV_TEST(a_child_forked_inside_changes_nothing), ILV_TEST(beyond_the_end_is_refused),
          ILV_TEST(bad_arguments_are_refused), ILV_TEST(without_room_nothing_is_done),
          ILV_TEST(a_destroyed_array_is_refused));
