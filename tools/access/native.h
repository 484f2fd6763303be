/* SPDX-License-Identifier: MIT */
/*
 * native.h: how the stubs carry atomic operations out: ilv__<operation>_<bits>().
 *
 * A stub is a call, across which a compiler moves nothing, so only the machine's order matters.
 * x86-64 keeps all orders but that of a store with a later load: loads are loads and what reads
 * and writes is locked whatever order was asked for; a store that is seq_cst is an exchange. 16
 * bytes have one instruction, LOCK CMPXCHG16B; a load is one that puts back what it found, so
 * such an object cannot lie in memory that is only readable.
 *
 * With ILV_ACCESS_REAL all this is the sanitizer's.
 */
#ifndef ILV_ACCESS_NATIVE_H
#define ILV_ACCESS_NATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "internal.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): types and operators */
typedef uint8_t ilv_u8;
typedef uint16_t ilv_u16;
typedef uint32_t ilv_u32;
typedef uint64_t ilv_u64;
__extension__ typedef unsigned __int128 ilv_u128;

#ifdef ILV_ACCESS_REAL

#define NATIVE_FETCH(bits, operation, builtin, expression)                                       \
    ilv_u##bits ILV_REAL(__tsan_atomic##bits##_##operation)(volatile ilv_u##bits *, ilv_u##bits, \
                                                            int);                                \
    static inline ilv_u##bits ilv__##operation##_##bits(volatile ilv_u##bits *a,                 \
                                                        ilv_u##bits operand, int order)          \
    {                                                                                            \
        return ILV_REAL(__tsan_atomic##bits##_##operation)(a, operand, order);                   \
    }
#define NATIVE_FETCH_128(operation, builtin, expression) \
    NATIVE_FETCH(128, operation, builtin, expression)

#define NATIVE(bits)                                                                             \
    ilv_u##bits ILV_REAL(__tsan_atomic##bits##_load)(const volatile ilv_u##bits *, int);         \
    void ILV_REAL(__tsan_atomic##bits##_store)(volatile ilv_u##bits *, ilv_u##bits, int);        \
    ilv_u##bits ILV_REAL(__tsan_atomic##bits##_compare_exchange_val)(                            \
        volatile ilv_u##bits *, ilv_u##bits, ilv_u##bits, int, int);                             \
    static inline ilv_u##bits ilv__load_##bits(const volatile ilv_u##bits *a, int order)         \
    {                                                                                            \
        return ILV_REAL(__tsan_atomic##bits##_load)(a, order);                                   \
    }                                                                                            \
    static inline void ilv__store_##bits(volatile ilv_u##bits *a, ilv_u##bits value, int order)  \
    {                                                                                            \
        ILV_REAL(__tsan_atomic##bits##_store)(a, value, order);                                  \
    }                                                                                            \
    static inline ilv_u##bits ilv__compare_##bits(volatile ilv_u##bits *a, ilv_u##bits expected, \
                                                  ilv_u##bits desired, int order, int failure)   \
    {                                                                                            \
        return ILV_REAL(__tsan_atomic##bits##_compare_exchange_val)(a, expected, desired, order, \
                                                                    failure);                    \
    }

NATIVE(8)
NATIVE(16)
NATIVE(32)
NATIVE(64)
NATIVE(128)

#else

/* The value that was there; stores desired if that is the expected one. */
#define NATIVE_COMPARE(bits)                                                                     \
    static inline ilv_u##bits ilv__compare_##bits(volatile ilv_u##bits *a, ilv_u##bits expected, \
                                                  ilv_u##bits desired, int order, int failure)   \
    {                                                                                            \
        (void)order, (void)failure;                                                              \
        __atomic_compare_exchange_n(a, &expected, desired, false, __ATOMIC_SEQ_CST,              \
                                    __ATOMIC_SEQ_CST);                                           \
        return expected;                                                                         \
    }

#define NATIVE(bits)                                                                            \
    NATIVE_COMPARE(bits)                                                                        \
    static inline ilv_u##bits ilv__load_##bits(const volatile ilv_u##bits *a, int order)        \
    {                                                                                           \
        (void)order;                                                                            \
        return __atomic_load_n(a, __ATOMIC_SEQ_CST);                                            \
    }                                                                                           \
    static inline void ilv__store_##bits(volatile ilv_u##bits *a, ilv_u##bits value, int order) \
    {                                                                                           \
        if (order == __ATOMIC_SEQ_CST)                                                          \
            __atomic_store_n(a, value, __ATOMIC_SEQ_CST);                                       \
        else                                                                                    \
            __atomic_store_n(a, value, __ATOMIC_RELEASE);                                       \
    }

NATIVE(8)
NATIVE(16)
NATIVE(32)
NATIVE(64)

static inline ilv_u128 ilv__compare_128(volatile ilv_u128 *a, ilv_u128 expected, ilv_u128 desired,
                                        int order, int failure)
{
    uint64_t low = (uint64_t)expected, high = (uint64_t)(expected >> 64);
    (void)order, (void)failure;
    __asm__ volatile("lock cmpxchg16b %2"
                     : "+a"(low), "+d"(high), "+m"(*a)
                     : "b"((uint64_t)desired), "c"((uint64_t)(desired >> 64))
                     : "cc", "memory");
    return (ilv_u128)high << 64 | low;
}

static inline ilv_u128 ilv__load_128(const volatile ilv_u128 *a, int order)
{
    return ilv__compare_128((volatile ilv_u128 *)(uintptr_t)a, 0, 0, order, order);
}

static inline void ilv__store_128(volatile ilv_u128 *a, ilv_u128 value, int order)
{
    ilv_u128 found = 0, guess;
    do {
        guess = found;
        found = ilv__compare_128(a, guess, value, order, order);
    } while (found != guess);
}

#define NATIVE_FETCH(bits, operation, builtin, expression)                              \
    static inline ilv_u##bits ilv__##operation##_##bits(volatile ilv_u##bits *a,        \
                                                        ilv_u##bits operand, int order) \
    {                                                                                   \
        (void)order;                                                                    \
        return builtin(a, operand, __ATOMIC_SEQ_CST);                                   \
    }

#define NATIVE_FETCH_128(operation, builtin, expression)                                  \
    static inline ilv_u128 ilv__##operation##_128(volatile ilv_u128 *a, ilv_u128 operand, \
                                                  int order)                              \
    {                                                                                     \
        ilv_u128 found = 0, old;                                                          \
        do {                                                                              \
            old = found;                                                                  \
            found = ilv__compare_128(a, old, (expression), order, order);                 \
        } while (found != old);                                                           \
        return old;                                                                       \
    }

#endif

#define FETCH(operation, builtin, expression)        \
    NATIVE_FETCH(8, operation, builtin, expression)  \
    NATIVE_FETCH(16, operation, builtin, expression) \
    NATIVE_FETCH(32, operation, builtin, expression) \
    NATIVE_FETCH(64, operation, builtin, expression) \
    NATIVE_FETCH_128(operation, builtin, expression)
#include "atomics.def"
#undef FETCH

/* NOLINTEND(bugprone-macro-parentheses) */

#endif
