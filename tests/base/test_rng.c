/* SPDX-License-Identifier: MIT */
#include "rng.h"

#include <math.h>

#include "ilv_test.h"

/* Of the published reference code, with SplitMix64 from this seed. */
static void the_sequence_is_for_ever(void)
{
    uint64_t state = 1234567;
    ILV_CHECK_U64(ilv_rng_split(&state), UINT64_C(6457827717110365317));
    ILV_CHECK_U64(ilv_rng_split(&state), UINT64_C(3203168211198807973));
    struct ilv_rng rng = {{1, 2, 3, 4}};
    ILV_CHECK_U64(ilv_rng_next(&rng), UINT64_C(41943041));
    ILV_CHECK_U64(ilv_rng_next(&rng), UINT64_C(58720359));
    ILV_CHECK_U64(ilv_rng_next(&rng), UINT64_C(3588806011781223));
}

static void equal_seeds_give_equal_numbers(void)
{
    struct ilv_rng a;
    struct ilv_rng b;
    ilv_rng_seed(&a, 7);
    ilv_rng_seed(&b, 7);
    int different = 0;
    for (int i = 0; i < 1000; i++) {
        different += ilv_rng_next(&a) != ilv_rng_next(&b);
    }
    ILV_CHECK_INT(different, 0);
}

static void neighbouring_seeds_give_unrelated_numbers(void)
{
    int bits = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct ilv_rng a;
        struct ilv_rng b;
        ilv_rng_seed(&a, seed);
        ilv_rng_seed(&b, seed + 1);
        bits += __builtin_popcountll(ilv_rng_next(&a) ^ ilv_rng_next(&b));
    }
    ILV_CHECK(bits > 31000 && bits < 33000);
}

/* The chi-square statistic of draws below n. */
static double unevenness(struct ilv_rng *rng, uint32_t n, unsigned draws)
{
    unsigned seen[64] = {0};
    for (unsigned i = 0; i < draws; i++) {
        seen[ilv_rng_below(rng, n)]++;
    }
    double expected = (double)draws / n;
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        double off = seen[i] - expected;
        sum += off * off / expected;
    }
    return sum;
}

static void bounded_numbers_are_even(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(1));
    for (uint32_t n = 2; n <= 64; n++) {
        double limit = (n - 1) + 5 * sqrt(2.0 * (n - 1));
        ILV_CHECK(unevenness(&rng, n, 20000) < limit);
    }
}

/* With n = 3 * 2^30, the upper half of 32 bits scaled without care would hit every third number
 * twice as often. */
static void large_bounds_do_not_favour_some_numbers(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(2));
    int seen[3] = {0};
    for (int i = 0; i < 30000; i++) {
        seen[ilv_rng_below(&rng, UINT32_C(3) << 30) % 3]++;
    }
    for (int i = 0; i < 3; i++) {
        ILV_CHECK(seen[i] > 9600 && seen[i] < 10400);
    }
}

static void bounds_hold(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(3));
    int outside = 0;
    for (uint32_t n = 1; n < 100000; n++) {
        outside += ilv_rng_below(&rng, n) >= n;
    }
    ILV_CHECK_INT(outside, 0);
    ILV_CHECK_INT(ilv_rng_below(&rng, 0), 0);
    ILV_CHECK_INT(ilv_rng_below(&rng, 1), 0);
}

static void units_are_spread_over_the_interval(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(4));
    double sum = 0;
    double least = 1;
    double most = 0;
    for (int i = 0; i < 100000; i++) {
        double u = ilv_rng_unit(&rng);
        sum += u;
        least = u < least ? u : least;
        most = u > most ? u : most;
    }
    ILV_CHECK(least >= 0 && least < 0.001);
    ILV_CHECK(most < 1 && most > 0.999);
    ILV_CHECK(fabs(sum / 100000 - 0.5) < 0.005);
}

ILV_SUITE(rng, ILV_TEST(the_sequence_is_for_ever), ILV_TEST(equal_seeds_give_equal_numbers),
          ILV_TEST(neighbouring_seeds_give_unrelated_numbers), ILV_TEST(bounded_numbers_are_even),
          ILV_TEST(large_bounds_do_not_favour_some_numbers), ILV_TEST(bounds_hold),
          ILV_TEST(units_are_spread_over_the_interval));
