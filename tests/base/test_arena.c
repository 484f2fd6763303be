/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include "ilv_test.h"

static _Alignas(64) unsigned char memory[256];

static void pieces_lie_in_the_memory_and_do_not_overlap(void)
{
    struct ilv_arena arena;
    ilv_arena_init(&arena, memory, sizeof memory);
    unsigned char *a = ilv_arena_take(&arena, 10, 1);
    unsigned char *b = ilv_arena_take(&arena, 16, 8);
    unsigned char *c = ilv_arena_take(&arena, 1, 64);
    ILV_CHECK(a == memory);
    ILV_CHECK(b == memory + 16);
    ILV_CHECK(c == memory + 64);
    ILV_CHECK_U64(arena.used, 65);
}

static void the_last_byte_can_be_taken(void)
{
    struct ilv_arena arena;
    ilv_arena_init(&arena, memory, sizeof memory);
    ILV_CHECK(ilv_arena_take(&arena, sizeof memory, 1) == memory);
    ILV_CHECK(ilv_arena_take(&arena, 0, 1) == memory + sizeof memory);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void)
{
    struct ilv_arena arena;
    ilv_arena_init(&arena, memory, 100);
    ILV_CHECK(ilv_arena_take(&arena, 90, 1) != NULL);
    ILV_CHECK(ilv_arena_take(&arena, 11, 1) == NULL);
    ILV_CHECK(ilv_arena_take(&arena, 1, 64) == NULL);
    ILV_CHECK(ilv_arena_take(&arena, SIZE_MAX, 1) == NULL);
    ILV_CHECK_U64(arena.used, 90);
    ILV_CHECK(ilv_arena_take(&arena, 10, 1) != NULL);
}

static void alignment_is_of_the_address_not_of_the_offset(void)
{
    struct ilv_arena arena;
    ilv_arena_init(&arena, memory + 3, 100);
    uintptr_t at = (uintptr_t)ilv_arena_take(&arena, 4, 16);
    ILV_CHECK_U64(at % 16, 0);
    ILV_CHECK_U64(at, (uintptr_t)memory + 16);
}

ILV_SUITE(arena, ILV_TEST(pieces_lie_in_the_memory_and_do_not_overlap),
          ILV_TEST(the_last_byte_can_be_taken),
          ILV_TEST(what_does_not_fit_is_refused_and_changes_nothing),
          ILV_TEST(alignment_is_of_the_address_not_of_the_offset));
