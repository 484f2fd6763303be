/* SPDX-License-Identifier: MIT */
/*
 * hash.h: 64-bit hashes that are written to files, and so stay the same for ever.
 *
 * No memory, no libc: they may run inside the program under test. Not against an adversary.
 *
 *     uint64_t h = ILV_HASH_START;
 *     h = ilv_hash_bytes(h, part, size);        the parts may be cut anywhere
 *     h = ilv_hash_combine(h, number);          order counts
 *
 * ilv_hash_mix is the finaliser that D. Stafford found for MurmurHash3 (variant 13), as used by
 * SplitMix64; ilv_hash_bytes is FNV-1a (G. Fowler, L. Noll, K.-P. Vo).
 */
#ifndef ILV_HASH_H
#define ILV_HASH_H

#include <stddef.h>
#include <stdint.h>

#define ILV_HASH_START UINT64_C(0xcbf29ce484222325)

/* A one-to-one scramble: every bit of x changes about half of the result. Never blocks. */
static inline uint64_t ilv_hash_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* The hash of two words in this order. Never blocks. */
static inline uint64_t ilv_hash_combine(uint64_t a, uint64_t b)
{
    return ilv_hash_mix(ilv_hash_mix(a + UINT64_C(0x9e3779b97f4a7c15)) ^ b);
}

/* Goes on with the hash h over size more bytes. Never blocks. */
static inline uint64_t ilv_hash_bytes(uint64_t h, const void *bytes, size_t size)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i < size; i++) {
        h = (h ^ p[i]) * UINT64_C(0x100000001b3);
    }
    return h;
}

#endif
