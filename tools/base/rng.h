/* SPDX-License-Identifier: MIT */
/*
 * rng.h: a small seeded generator for everything that is decided by chance.
 *
 * 32 bytes of state, no memory of its own, no libc: it may run inside the program under test.
 * Equal seeds give equal sequences for ever: schedules name seeds, so the algorithm never
 * changes. Not for secrets.
 *
 *     struct ilv_rng rng;
 *     ilv_rng_seed(&rng, 7);
 *     pick = ilv_rng_below(&rng, count);
 *
 * xoshiro256++: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM
 * TOMS 47(4), 2021. Seeded by SplitMix64: G. Steele, D. Lea, C. Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014. Bounded numbers: D. Lemire, "Fast Random Integer
 * Generation in an Interval", ACM TOMACS 29(1), 2019.
 */
#ifndef ILV_RNG_H
#define ILV_RNG_H

#include <stdint.h>

struct ilv_rng {
    uint64_t word[4]; /* never all zero after ilv_rng_seed() */
};

/* The next word of the SplitMix64 sequence at *state. Never blocks. */
static inline uint64_t ilv_rng_split(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Begins the sequence of this seed. Any seed will do. Never blocks. */
static inline void ilv_rng_seed(struct ilv_rng *rng, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        rng->word[i] = ilv_rng_split(&seed);
    }
}

static inline uint64_t ilv__rng_rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* The next 64 bits, each as likely 0 as 1. Never blocks. */
static inline uint64_t ilv_rng_next(struct ilv_rng *rng)
{
    uint64_t *s = rng->word;
    uint64_t result = ilv__rng_rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = ilv__rng_rotate(s[3], 45);
    return result;
}

/* A number from 0 to n - 1, each as likely; 0 for n = 0. Draws again in the rare case that would
 * favour small numbers: less than once in 2^32 / n calls. */
static inline uint32_t ilv_rng_below(struct ilv_rng *rng, uint32_t n)
{
    uint64_t product = (ilv_rng_next(rng) >> 32) * n;
    if ((uint32_t)product < n) {
        uint32_t unfair = (uint32_t)(-n) % n;
        while ((uint32_t)product < unfair) {
            product = (ilv_rng_next(rng) >> 32) * n;
        }
    }
    return (uint32_t)(product >> 32);
}

/* A number in [0, 1), a multiple of 2^-53. Never blocks. */
static inline double ilv_rng_unit(struct ilv_rng *rng)
{
    return (double)(ilv_rng_next(rng) >> 11) * 0x1.0p-53;
}

#endif
