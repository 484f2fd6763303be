/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <string.h>

#include "ilv_test.h"

/* These values are in files: a change of any of them is a new version of the formats. */
static void values_are_for_ever(void)
{
    ILV_CHECK_U64(ilv_hash_mix(1), UINT64_C(0x5692161d100b05e5));
    ILV_CHECK_U64(ilv_hash_combine(1, 2), UINT64_C(0x081a5c1377856b73));
    ILV_CHECK_U64(ilv_hash_bytes(ILV_HASH_START, "foobar", 6), UINT64_C(0x85944171f73967e8));
    ILV_CHECK_U64(ilv_hash_bytes(ILV_HASH_START, "", 0), ILV_HASH_START);
}

static void parts_may_be_cut_anywhere(void)
{
    const char *text = "the parts may be cut anywhere";
    size_t size = strlen(text);
    uint64_t whole = ilv_hash_bytes(ILV_HASH_START, text, size);
    for (size_t cut = 0; cut <= size; cut++) {
        uint64_t h = ilv_hash_bytes(ILV_HASH_START, text, cut);
        ILV_CHECK_U64(ilv_hash_bytes(h, text + cut, size - cut), whole);
    }
}

static void order_counts(void)
{
    ILV_CHECK(ilv_hash_combine(1, 2) != ilv_hash_combine(2, 1));
    ILV_CHECK(ilv_hash_combine(0, 0) != 0);
    ILV_CHECK(ilv_hash_combine(0, 0) != ilv_hash_combine(0, 1));
}

static void one_bit_changes_about_half_of_the_bits(void)
{
    uint64_t h = ilv_hash_combine(12, 34);
    int least = 64;
    int most = 0;
    for (int bit = 0; bit < 64; bit++) {
        int a = __builtin_popcountll(h ^ ilv_hash_combine(12, 34 ^ UINT64_C(1) << bit));
        int b = __builtin_popcountll(h ^ ilv_hash_combine(12 ^ UINT64_C(1) << bit, 34));
        int low = a < b ? a : b;
        int high = a < b ? b : a;
        least = low < least ? low : least;
        most = high > most ? high : most;
    }
    ILV_CHECK(least >= 16);
    ILV_CHECK(most <= 48);
}

ILV_SUITE(hash, ILV_TEST(values_are_for_ever), ILV_TEST(parts_may_be_cut_anywhere),
          ILV_TEST(order_counts), ILV_TEST(one_bit_changes_about_half_of_the_bits));
