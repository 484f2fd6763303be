/* SPDX-License-Identifier: MIT */
/* What arena.h promises: blocks, growth, several users. Names and attaching: test_attach.c. */
#include <errno.h>
#include <fcntl.h>
#include <ilv/arena.h>
#include <string.h>

#include "actors.h"
#include "ilv_test.h"

enum {
    ACTORS = 4,
    ROUNDS = 400,
    HELD = 16,
};

static struct ilv_arena *arena;
static int interrupts;

/* Stands here instead of libc's, also for a shared library: the system's may be interrupted. */
__attribute__((visibility("default"))) int posix_fallocate(int __fd, off_t __offset, off_t __len)
{
    if (interrupts > 0 && interrupts--)
        return EINTR;
    return fallocate(__fd, 0, __offset, __len) == 0 ? 0 : errno;
}

static bool all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void a_block_is_zero_and_aligned(void)
{
    arena = ilv_arena_create(NULL, 0, 0);
    for (size_t size = 1; size < 3000; size += 97) {
        unsigned char *block = ilv_arena_alloc(arena, size);
        ILV_CHECK(block != NULL);
        if (block == NULL || !ILV_CHECK(all_zero(block, size)))
            return;
        ILV_CHECK_INT((uintptr_t)block % 16, 0);
        memset(block, 0xff, size);
        ILV_CHECK_INT(ilv_arena_free(arena, block), 0);
    }
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void freed_neighbours_are_joined(void)
{
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    void *blocks[64];
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    ilv_arena_stat(arena, &before);
    size_t most = (before.limit - 16384) / 64;
    for (size_t i = 0; i < 64; i++)
        ILV_CHECK((blocks[i] = ilv_arena_alloc(arena, most)) != NULL);
    for (size_t i = 0; i < 64; i += 2)
        ILV_CHECK_INT(ilv_arena_free(arena, blocks[i]), 0);
    ILV_CHECK(ilv_arena_alloc(arena, 40 * most) == NULL);
    for (size_t i = 1; i < 64; i += 2)
        ILV_CHECK_INT(ilv_arena_free(arena, blocks[i]), 0);
    ILV_CHECK(ilv_arena_alloc(arena, 40 * most) != NULL);
    ilv_arena_stat(arena, &after);
    ILV_CHECK_U64(after.blocks, before.blocks + 1);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void a_full_arena_refuses_and_stays_as_it_is(void)
{
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    ilv_ref *slot = ilv_arena_alloc(arena, sizeof *slot);
    *slot = 5;
    while (ilv_arena_alloc(arena, 1000) != NULL)
        continue;
    ILV_CHECK_INT(errno, ENOMEM);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_INT(ilv_arena_alloc_into(arena, 2000, slot), ENOMEM);
    ILV_CHECK_U64(*slot, 5);
    ILV_CHECK(ilv_arena_alloc(arena, SIZE_MAX) == NULL);
    ILV_CHECK_INT(errno, ENOMEM);
    ILV_CHECK(ilv_arena_alloc(arena, SIZE_MAX - 20) == NULL);
    ilv_arena_stat(arena, &after);
    ILV_CHECK(memcmp(&before, &after, sizeof before) == 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void it_grows_without_moving(void)
{
    struct ilv_arena_stat stat;
    arena = ilv_arena_create(NULL, 0, 64 << 20);
    char *first = ilv_arena_alloc(arena, 100);
    memcpy(first, "still here", 11);
    char *big = ilv_arena_alloc(arena, 20 << 20);
    ILV_CHECK(big != NULL);
    if (big == NULL)
        return;
    big[(20 << 20) - 1] = 'x';
    ilv_arena_stat(arena, &stat);
    ILV_CHECK(stat.size > 20 << 20);
    ILV_CHECK_STR(first, "still here");
    ILV_CHECK_INT(ilv_arena_free(arena, big), 0);
    ILV_CHECK(ilv_arena_alloc(arena, 20 << 20) == big);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void it_grows_though_signals_interrupt(void)
{
    arena = ilv_arena_create(NULL, 0, 64 << 20);
    interrupts = 3;
    ILV_CHECK(ilv_arena_alloc(arena, 20 << 20) != NULL);
    ILV_CHECK_INT(interrupts, 0);
}

static void bad_arguments_are_refused(void)
{
    struct ilv_arena_stat stat;
    ilv_ref outside = 0;
    arena = ilv_arena_create(NULL, 0, LIMIT);
    ILV_CHECK(ilv_arena_alloc(NULL, 10) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_arena_alloc(arena, 0) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK_INT(ilv_arena_alloc_into(arena, 10, &outside), EINVAL);
    ILV_CHECK_INT(ilv_arena_alloc_into(arena, 10, NULL), EINVAL);
    ILV_CHECK_INT(ilv_arena_alloc_into(NULL, 10, &outside), EINVAL);
    ILV_CHECK_INT(ilv_arena_free_from(arena, &outside), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(arena, NULL), 0);
    ILV_CHECK_INT(ilv_arena_stat(NULL, &stat), EINVAL);
    ILV_CHECK_INT(ilv_arena_stat(arena, NULL), EINVAL);
    ILV_CHECK_INT(ilv_arena_check(NULL), EINVAL);
    ILV_CHECK_INT(ilv_arena_detach(NULL), EINVAL);
    ILV_CHECK_INT(ilv_arena_descriptor(NULL), -1);
    ILV_CHECK_U64(ilv_arena_root(NULL), 0);
    ILV_CHECK_INT(ilv_arena_set_root(NULL, 0), EINVAL);
    ILV_CHECK_INT(ilv_arena_set_root(arena, 1ULL << 40), EINVAL);
}

static void impossible_sizes_are_refused(void)
{
    ILV_CHECK(ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST - 1) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_arena_create(NULL, 1 << 20, ILV_ARENA_SMALLEST) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_arena_create(NULL, 0, SIZE_MAX) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK(ilv_arena_create(NULL, SIZE_MAX, 0) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    arena = ilv_arena_create(NULL, 0, ILV_ARENA_SMALLEST);
    ILV_CHECK(arena != NULL);
    ILV_CHECK_INT(ilv_arena_detach(arena), 0);
}

static void what_is_no_block_cannot_be_freed(void)
{
    char local[32];
    arena = ilv_arena_create(NULL, 0, LIMIT);
    char *block = ilv_arena_alloc(arena, 100);
    char *other = ilv_arena_alloc(arena, 100);
    ILV_CHECK_INT(ilv_arena_free(arena, local), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(arena, block + 8), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(arena, block + 16), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(arena, ilv_arena_at(arena, ilv_arena_ref(arena, block))), 0);
    ILV_CHECK_INT(ilv_arena_free(arena, block), EINVAL);
    ILV_CHECK_INT(ilv_arena_free(arena, other), 0);
    ILV_CHECK_INT(ilv_arena_free(arena, block), EINVAL);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void damage_is_seen(void)
{
    arena = ilv_arena_create(NULL, 0, LIMIT);
    char *block = ilv_arena_alloc(arena, 100);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
    memset(block, 0x11, 200);
    ILV_CHECK_INT(ilv_arena_check(arena), EUCLEAN);
}

static void references_lead_back(void)
{
    int local;
    arena = ilv_arena_create(NULL, 0, LIMIT);
    char *block = ilv_arena_alloc(arena, 100);
    ilv_ref ref = ilv_arena_ref(arena, block + 7);
    ILV_CHECK(ref != 0 && ilv_arena_at(arena, ref) == block + 7);
    ILV_CHECK_U64(ilv_arena_ref(arena, &local), 0);
    ILV_CHECK_U64(ilv_arena_ref(arena, NULL), 0);
    ILV_CHECK(ilv_arena_at(arena, 0) == NULL);
    ILV_CHECK(ilv_arena_at(arena, UINT64_MAX) == NULL);
    ILV_CHECK_U64(ilv_arena_root(arena), 0);
    ILV_CHECK_INT(ilv_arena_set_root(arena, ref), 0);
    ILV_CHECK_U64(ilv_arena_root(arena), ref);
    ILV_CHECK_INT(ilv_arena_set_root(arena, 0), 0);
    ILV_CHECK_U64(ilv_arena_root(arena), 0);
}

static void a_slot_is_filled_and_emptied_with_its_block(void)
{
    struct ilv_arena_stat before;
    struct ilv_arena_stat after;
    arena = ilv_arena_create(NULL, 0, LIMIT);
    ilv_ref *slot = ilv_arena_alloc(arena, sizeof *slot);
    ilv_arena_stat(arena, &before);
    ILV_CHECK_INT(ilv_arena_alloc_into(arena, 100, slot), 0);
    ILV_CHECK(ilv_arena_at(arena, *slot) != NULL);
    ILV_CHECK_INT(ilv_arena_free_from(arena, slot), 0);
    ILV_CHECK_U64(*slot, 0);
    ILV_CHECK_INT(ilv_arena_free_from(arena, slot), 0);
    ilv_arena_stat(arena, &after);
    ILV_CHECK(memcmp(&before, &after, sizeof before) == 0);
}

static uint32_t drawn(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(*state >> 33);
}

/* Fills its blocks with its own letter and finds them untouched. */
static int user_of_blocks(void *argument)
{
    char *held[HELD] = {NULL};
    size_t sizes[HELD];
    char letter = (char)('A' + (intptr_t)argument);
    uint64_t state = (uint64_t)letter;
    int faults = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t i = drawn(&state) % HELD;
        for (size_t at = 0; held[i] != NULL && at < sizes[i]; at++)
            faults += held[i][at] != letter;
        faults += ilv_arena_free(arena, held[i]) != 0;
        sizes[i] = 1 + drawn(&state) % 2000;
        held[i] = ilv_arena_alloc(arena, sizes[i]);
        if (held[i] == NULL)
            return 99;
        memset(held[i], letter, sizes[i]);
    }
    for (size_t i = 0; i < HELD; i++)
        faults += ilv_arena_free(arena, held[i]) != 0;
    return faults < 90 ? faults : 90;
}

static void several_users_share_it(void)
{
    struct actor actors[ACTORS];
    struct ilv_arena_stat stat;
    arena = ilv_arena_create(NULL, 0, LIMIT);
    for (intptr_t i = 0; i < ACTORS; i++)
        actors[i] = start(user_of_blocks, (void *)i);
    for (int i = 0; i < ACTORS; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ilv_arena_stat(arena, &stat);
    ILV_CHECK_U64(stat.blocks, 0);
    ILV_CHECK_U64(stat.used, 0);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

ILV_SUITE(arena, ILV_TEST(a_block_is_zero_and_aligned), ILV_TEST(freed_neighbours_are_joined),
          ILV_TEST(a_full_arena_refuses_and_stays_as_it_is), ILV_TEST(it_grows_without_moving),
          ILV_TEST(it_grows_though_signals_interrupt), ILV_TEST(bad_arguments_are_refused),
          ILV_TEST(impossible_sizes_are_refused), ILV_TEST(what_is_no_block_cannot_be_freed),
          ILV_TEST(damage_is_seen), ILV_TEST(references_lead_back),
          ILV_TEST(a_slot_is_filled_and_emptied_with_its_block), ILV_TEST(several_users_share_it));
