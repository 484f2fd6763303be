/* SPDX-License-Identifier: MIT */
/* Atomic operations with their orders, one a step; C and C++. */
#include <stdint.h>
#include <stdio.h>

#include "recorder.h"

uint8_t a8;
uint16_t a16;
uint32_t a32;
uint64_t a64;
int *pointer;
uint64_t out;

PROBE void load_relaxed(void)
{
    out = __atomic_load_n(&a8, __ATOMIC_RELAXED);
}
PROBE void load_acquire(void)
{
    out = __atomic_load_n(&a16, __ATOMIC_ACQUIRE);
}
PROBE void load_in_order(void)
{
    out = __atomic_load_n(&a32, __ATOMIC_SEQ_CST);
}
PROBE void store_relaxed(void)
{
    __atomic_store_n(&a64, 5, __ATOMIC_RELAXED);
}
PROBE void store_release(void)
{
    __atomic_store_n(&a32, 6, __ATOMIC_RELEASE);
}
PROBE void store_in_order(void)
{
    __atomic_store_n(&pointer, (int *)&a64 + 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&a16, 7, __ATOMIC_SEQ_CST);
}
PROBE void exchange(void)
{
    out = __atomic_exchange_n(&a32, 8, __ATOMIC_ACQ_REL);
}
PROBE void add(void)
{
    out = __atomic_fetch_add(&a32, 3, __ATOMIC_RELAXED);
}
PROBE void subtract_below_zero(void)
{
    out = __atomic_fetch_sub(&a8, 1, __ATOMIC_SEQ_CST);
}
PROBE void and_or_xor(void)
{
    out = __atomic_fetch_and(&a32, 9, __ATOMIC_ACQUIRE);
    out = __atomic_fetch_or(&a32, 6, __ATOMIC_RELEASE);
    out = __atomic_fetch_xor(&a32, 5, __ATOMIC_ACQ_REL);
}
PROBE void nand(void)
{
    out = __atomic_fetch_nand(&a16, 3, __ATOMIC_SEQ_CST);
}
PROBE void compare_succeeds(void)
{
    uint64_t expected = 5;
    out = __atomic_compare_exchange_n(&a64, &expected, 11, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}
PROBE void compare_fails(void)
{
    uint64_t expected = 5;
    out = __atomic_compare_exchange_n(&a64, &expected, 12, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    out += expected;
}
PROBE void compare_weak(void)
{
    uint32_t expected = 10;
    out = __atomic_compare_exchange_n(&a32, &expected, 20, 1, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    printf("weak %s\n", out ? "succeeded" : "failed");
}
PROBE void fences(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static const struct recorder_step steps[] = {
    {"load_relaxed", load_relaxed},
    {"load_acquire", load_acquire},
    {"load_in_order", load_in_order},
    {"store_relaxed", store_relaxed},
    {"store_release", store_release},
    {"store_in_order", store_in_order},
    {"exchange", exchange},
    {"add", add},
    {"subtract_below_zero", subtract_below_zero},
    {"and_or_xor", and_or_xor},
    {"nand", nand},
    {"compare_succeeds", compare_succeeds},
    {"compare_fails", compare_fails},
    {"compare_weak", compare_weak},
    {"fences", fences},
};

int main(void)
{
    if (recorder_watch) {
        WATCH(a8);
        WATCH(a16);
        WATCH(a32);
        WATCH(a64);
    }
    recorder_steps(steps, sizeof steps / sizeof *steps);
    printf("%u %u %u %llu\n", a8, a16, a32, (unsigned long long)a64);
    return 3;
}
