/* SPDX-License-Identifier: MIT */
/* Plain accesses of every kind, one a step; C and C++. */
#include <stdint.h>
#include <stdio.h>

#include "recorder.h"

typedef unsigned __int128 uint128;
struct big {
    char bytes[40];
};
struct __attribute__((packed)) packed {
    char pad;
    uint16_t half;
    uint32_t word;
    uint64_t wide;
};

uint8_t u8;
uint16_t u16;
uint32_t u32;
uint64_t u64;
uint128 u128;
volatile uint32_t v32;
volatile uint64_t v64;
struct big from, to;
struct packed packed;
uint64_t out;

PROBE void read_1(void)
{
    out = u8;
}
PROBE void read_2(void)
{
    out = u16;
}
PROBE void read_4(void)
{
    out = u32;
}
PROBE void read_8(void)
{
    out = u64;
}
PROBE void read_16(void)
{
    out = (uint64_t)(u128 >> 1);
}
PROBE void write_1(void)
{
    u8 = 1;
}
PROBE void write_2(void)
{
    u16 = 2;
}
PROBE void write_4(void)
{
    u32 = 4;
}
PROBE void write_8(void)
{
    u64 = 8;
}
PROBE void write_16(void)
{
    u128 = (uint128)out << 3;
}
PROBE void increment(void)
{
    u32++;
}
PROBE void add_if_set(void)
{
    if (u64)
        u64 += 5;
}
PROBE void volatile_read(void)
{
    out = v32;
}
PROBE void volatile_write(void)
{
    v64 = 9;
}
PROBE void volatile_twice(void)
{
    v32 = v32 + 1;
    v32 = v32 + 1;
}
PROBE void copied(void)
{
    to = from;
}
PROBE void unaligned_read(void)
{
    out = packed.word;
}
PROBE void unaligned_write(void)
{
    packed.wide = 7;
}
PROBE void unaligned_small(void)
{
    packed.half = 7;
}
__attribute__((no_sanitize("thread"))) PROBE void left_out(void)
{
    u32 += 1;
    u64 = 5;
}

static const struct recorder_step steps[] = {
    {"read_1", read_1},
    {"read_2", read_2},
    {"read_4", read_4},
    {"read_8", read_8},
    {"read_16", read_16},
    {"write_1", write_1},
    {"write_2", write_2},
    {"write_4", write_4},
    {"write_8", write_8},
    {"write_16", write_16},
    {"increment", increment},
    {"add_if_set", add_if_set},
    {"volatile_read", volatile_read},
    {"volatile_write", volatile_write},
    {"volatile_twice", volatile_twice},
    {"copied", copied},
    {"unaligned_read", unaligned_read},
    {"unaligned_write", unaligned_write},
    {"unaligned_small", unaligned_small},
    {"left_out", left_out},
};

int main(void)
{
    if (recorder_watch) {
        WATCH(u8);
        WATCH(u16);
        WATCH(u32);
        WATCH(u64);
        WATCH(u128);
        WATCH(v32);
        WATCH(v64);
        WATCH(from);
        WATCH(to);
        WATCH(packed);
    }
    from.bytes[39] = 3;
    recorder_steps(steps, sizeof steps / sizeof *steps);
    printf("%u %u %u %llu %u %llu %d %llu\n", u8, u16, u32, (unsigned long long)u64, v32,
           (unsigned long long)v64, to.bytes[39], (unsigned long long)packed.wide);
    return 3;
}
