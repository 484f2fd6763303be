/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <ilv/value.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"

enum {
    ACTORS = 4,
    ROUNDS = 3000,
    WORDS = 64,
};

static struct ilv_arena *arena;
static struct ilv_value *value;

static void new_arena(void)
{
    arena = ilv_arena_create(NULL, 0, LIMIT);
}

static int adder(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++)
        if (ilv_value_add(value, 1, NULL) != 0)
            return 1;
    return 0;
}

static void no_addition_is_lost(void)
{
    struct actor actors[ACTORS];
    int64_t sum = 0;
    new_arena();
    value = ilv_value_create_int(arena, 0);
    for (int i = 0; i < ACTORS; i++)
        actors[i] = start(adder, NULL);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_value_get_int(value, &sum), 0);
    ILV_CHECK_INT(sum, (int64_t)ACTORS * ROUNDS);
}

static int writer_of_equal_words(void *argument)
{
    uint32_t words[WORDS];
    for (int i = 0; i < ROUNDS; i++) {
        for (size_t at = 0; at < WORDS; at++)
            words[at] = (uint32_t)(intptr_t)argument + (uint32_t)i * ACTORS;
        if (ilv_value_set(value, words, sizeof words) != 0 ||
            ilv_value_get(value, words, sizeof words) != 0)
            return 1;
        for (size_t at = 1; at < WORDS; at++)
            if (words[at] != words[0])
                return 2;
    }
    return 0;
}

static void a_value_is_set_as_a_whole(void)
{
    struct actor actors[ACTORS];
    new_arena();
    value = ilv_value_create(arena, WORDS * sizeof(uint32_t));
    for (intptr_t i = 0; i < ACTORS; i++)
        actors[i] = start(writer_of_equal_words, (void *)i);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
}

static void types_are_kept(void)
{
    double real = 0;
    int64_t number = 0;
    new_arena();
    struct ilv_value *real_value = ilv_value_create_real(arena, 1.5);
    struct ilv_value *int_value = ilv_value_create_int(arena, -3);
    ILV_CHECK_INT(ilv_value_get_real(real_value, &real), 0);
    ILV_CHECK(real == 1.5);
    ILV_CHECK_INT(ilv_value_get_int(int_value, &number), 0);
    ILV_CHECK_INT(number, -3);
    ILV_CHECK_INT(ilv_value_get_int(real_value, &number), EBADMSG);
    ILV_CHECK_INT(ilv_value_set_int(real_value, 1), EBADMSG);
    ILV_CHECK_INT(ilv_value_add(real_value, 1, NULL), EBADMSG);
    ILV_CHECK_INT(ilv_value_get_real(int_value, &real), EBADMSG);
    ILV_CHECK_INT(ilv_value_set_real(int_value, 1), EBADMSG);
    ILV_CHECK_INT(ilv_value_set_real(real_value, 2.5), 0);
    ILV_CHECK_INT(ilv_value_get(real_value, &real, sizeof real), 0);
    ILV_CHECK(real == 2.5);
}

static void addition_wraps_around(void)
{
    int64_t sum = 0;
    new_arena();
    value = ilv_value_create_int(arena, INT64_MAX);
    ILV_CHECK_INT(ilv_value_add(value, 1, &sum), 0);
    ILV_CHECK(sum == INT64_MIN);
}

static int refuse(void *bytes, size_t size, void *context)
{
    memset(bytes, 0xff, size);
    return *(int *)context;
}

static int reenter(void *bytes, size_t size, void *context)
{
    (void)bytes;
    (void)size;
    *(int *)context = ilv_value_add(value, 1, NULL);
    return 0;
}

static void a_refused_change_is_none(void)
{
    int64_t number = 0;
    int result = 55;
    new_arena();
    value = ilv_value_create_int(arena, 9);
    ILV_CHECK_INT(ilv_value_update(value, refuse, &result), 55);
    ILV_CHECK_INT(ilv_value_get_int(value, &number), 0);
    ILV_CHECK_INT(number, 9);
    result = 0;
    ILV_CHECK_INT(ilv_value_update(value, refuse, &result), 0);
    ILV_CHECK_INT(ilv_value_get_int(value, &number), 0);
    ILV_CHECK_INT(number, -1);
    ILV_CHECK_INT(ilv_value_update(value, reenter, &result), 0);
    ILV_CHECK_INT(result, EDEADLK);
}

static int fork_inside(void *bytes, size_t size, void *context)
{
    memset(bytes, 1, size);
    *(pid_t *)context = fork();
    return 0;
}

static void a_child_forked_inside_changes_nothing(void)
{
    pid_t child = -1;
    int status = 0;
    int64_t number = 0;
    new_arena();
    value = ilv_value_create_int(arena, 9);
    int result = ilv_value_update(value, fork_inside, &child);
    if (child == 0)
        _exit(result == EPERM ? 0 : 1);
    ILV_CHECK_INT(result, 0);
    waitpid(child, &status, 0);
    ILV_CHECK_INT(status, 0);
    ILV_CHECK_INT(ilv_value_get_int(value, &number), 0);
    ILV_CHECK_INT(number, 0x0101010101010101);
}

static void bad_arguments_are_refused(void)
{
    int64_t number = 0;
    new_arena();
    value = ilv_value_create_int(arena, 9);
    ILV_CHECK(ilv_value_create(arena, 0) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_value_create(NULL, 8) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_value_create(arena, SIZE_MAX) == NULL);
    ILV_CHECK_INT(errno, ENOMEM);
    ILV_CHECK_INT(ilv_value_get_int(NULL, &number), EINVAL);
    ILV_CHECK_INT(ilv_value_get_int(value, NULL), EINVAL);
    ILV_CHECK_INT(ilv_value_set(value, NULL, 8), EINVAL);
    ILV_CHECK_INT(ilv_value_get(value, &number, 4), EMSGSIZE);
    ILV_CHECK_INT(ilv_value_set(value, &number, 9), EMSGSIZE);
    ILV_CHECK_INT(ilv_value_update(value, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_value_update(NULL, refuse, NULL), EINVAL);
    ILV_CHECK_U64(ilv_value_size(value), 8);
    ILV_CHECK_U64(ilv_value_size(NULL), 0);
}

static void a_destroyed_value_is_refused(void)
{
    int64_t number = 0;
    struct ilv_arena_stat stat;
    new_arena();
    value = ilv_value_create_int(arena, 9);
    ilv_ref ref = ilv_arena_ref(arena, value);
    ILV_CHECK(ilv_value_open(arena, ref) == value);
    ILV_CHECK(ilv_value_open(arena, ref + 16) == NULL);
    ILV_CHECK(ilv_value_open(arena, 0) == NULL);
    ILV_CHECK(ilv_value_open(NULL, ref) == NULL);
    ILV_CHECK_INT(ilv_value_destroy(value), 0);
    ILV_CHECK_INT(ilv_value_destroy(value), EINVAL);
    ILV_CHECK_INT(ilv_value_get_int(value, &number), EINVAL);
    ILV_CHECK(ilv_value_open(arena, ref) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 0);
}

ILV_SUITE(value, ILV_TEST(no_addition_is_lost), ILV_TEST(a_value_is_set_as_a_whole),
          ILV_TEST(types_are_kept), ILV_TEST(addition_wraps_around),
          ILV_TEST(a_refused_change_is_none), ILV_TEST(a_child_forked_inside_changes_nothing),
          ILV_TEST(bad_arguments_are_refused), ILV_TEST(a_destroyed_value_is_refused));
