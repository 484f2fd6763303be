/* SPDX-License-Identifier: MIT */
/*
 * Atomic operations: carried out natively (native.h), or by the sanitizer beneath; in the sandbox
 * with the hooks before and after. clang says one thing for a strong and a weak
 * compare-exchange (compare_exchange_val), so only gcc's weak ones can be made to fail.
 */
#include "internal.h"
#include "native.h"

#define HIDDEN __attribute__((visibility("hidden")))
#define ORDER_BITS 7 /* above them stand hints for the processor */

static struct ilv_atomic_access describe(const volatile void *address, size_t size,
                                         enum ilv_atomic what, int order, const void *pc)
{
    return (struct ilv_atomic_access){.address = address,
                                      .pc = pc,
                                      .size = (uint32_t)size,
                                      .what = (uint8_t)what,
                                      .order = (uint8_t)(order & ORDER_BITS)};
}

static void fence_told(const struct ilv_access_hooks *hooks, int order, const void *pc)
{
    struct ilv_atomic_access access = describe(NULL, 0, ILV_ATOMIC_FENCE, order, pc);
    hooks->atomic_begin(&access);
    hooks->atomic_end(&access, 0, 0, 0);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): types */
/* The path in the sandbox, once for each width. */
#define TOLD(T, bits)                                                                             \
    static T load_told_##bits(const struct ilv_access_hooks *hooks, const volatile T *a,          \
                              int order, const void *pc)                                          \
    {                                                                                             \
        struct ilv_atomic_access access = describe(a, sizeof *a, ILV_ATOMIC_LOAD, order, pc);     \
        hooks->atomic_begin(&access);                                                             \
        T value = ilv__load_##bits(a, order);                                                     \
        hooks->atomic_end(&access, (uint64_t)value, (uint64_t)value, 0);                          \
        return value;                                                                             \
    }                                                                                             \
    static void store_told_##bits(const struct ilv_access_hooks *hooks, volatile T *a, T value,   \
                                  int order, const void *pc)                                      \
    {                                                                                             \
        struct ilv_atomic_access access = describe(a, sizeof *a, ILV_ATOMIC_STORE, order, pc);    \
        hooks->atomic_begin(&access);                                                             \
        uint64_t before = (uint64_t) * (const volatile T *)a;                                     \
        ilv__store_##bits(a, value, order);                                                       \
        hooks->atomic_end(&access, before, (uint64_t)value, 1);                                   \
    }                                                                                             \
    /* Returns what was there; *done: whether the desired value was stored. */                    \
    static T compare_told_##bits(const struct ilv_access_hooks *hooks, volatile T *a, T expected, \
                                 T desired, struct ilv_atomic_access *access, bool *done)         \
    {                                                                                             \
        bool fails = hooks->atomic_begin(access) && access->weak;                                 \
        T found = fails ? ilv__load_##bits(a, access->failure_order)                              \
                        : ilv__compare_##bits(a, expected, desired, access->order,                \
                                              access->failure_order);                             \
        *done = !fails && found == expected;                                                      \
        hooks->atomic_end(access, (uint64_t)found, (uint64_t)(*done ? desired : found), *done);   \
        return found;                                                                             \
    }
TOLD(ilv_u8, 8)
TOLD(ilv_u16, 16)
TOLD(ilv_u32, 32)
TOLD(ilv_u64, 64)
TOLD(ilv_u128, 128)
#undef TOLD

#define LOAD_AND_STORE(T, bits)                                                           \
    T ILV_STUB(__tsan_atomic##bits##_load)(const volatile T *, int);                      \
    HIDDEN T ILV_STUB(__tsan_atomic##bits##_load)(const volatile T *a, int order)         \
    {                                                                                     \
        const struct ilv_access_hooks *hooks = ilv__hooks();                              \
        return ILV_LIKELY(!hooks) ? ilv__load_##bits(a, order)                            \
                                  : load_told_##bits(hooks, a, order, ILV_PC());          \
    }                                                                                     \
    void ILV_STUB(__tsan_atomic##bits##_store)(volatile T *, T, int);                     \
    HIDDEN void ILV_STUB(__tsan_atomic##bits##_store)(volatile T * a, T value, int order) \
    {                                                                                     \
        const struct ilv_access_hooks *hooks = ilv__hooks();                              \
        if (ILV_LIKELY(!hooks))                                                           \
            ilv__store_##bits(a, value, order);                                           \
        else                                                                              \
            store_told_##bits(hooks, a, value, order, ILV_PC());                          \
    }

/* gcc's forms: the value found goes to *expected. */
#define COMPARE(T, bits, form, is_weak)                                                          \
    int ILV_STUB(__tsan_atomic##bits##_compare_exchange_##form)(volatile T *, T *, T, int, int); \
    HIDDEN int ILV_STUB(__tsan_atomic##bits##_compare_exchange_##form)(                          \
        volatile T * a, T * expected, T desired, int order, int failure)                         \
    {                                                                                            \
        const struct ilv_access_hooks *hooks = ilv__hooks();                                     \
        T wanted = *expected, found;                                                             \
        bool done;                                                                               \
        if (ILV_LIKELY(!hooks)) {                                                                \
            found = ilv__compare_##bits(a, wanted, desired, order, failure);                     \
            done = found == wanted;                                                              \
        } else {                                                                                 \
            struct ilv_atomic_access access =                                                    \
                describe(a, sizeof *a, ILV_ATOMIC_COMPARE, order, ILV_PC());                     \
            access.failure_order = (uint8_t)(failure & ORDER_BITS);                              \
            access.weak = (is_weak);                                                             \
            found = compare_told_##bits(hooks, a, wanted, desired, &access, &done);              \
        }                                                                                        \
        if (!done)                                                                               \
            *expected = found;                                                                   \
        return done;                                                                             \
    }

/* clang's form. */
#define COMPARE_VALUE(T, bits)                                                            \
    T ILV_STUB(__tsan_atomic##bits##_compare_exchange_val)(volatile T *, T, T, int, int); \
    HIDDEN T ILV_STUB(__tsan_atomic##bits##_compare_exchange_val)(                        \
        volatile T * a, T expected, T desired, int order, int failure)                    \
    {                                                                                     \
        const struct ilv_access_hooks *hooks = ilv__hooks();                              \
        bool done;                                                                        \
        if (ILV_LIKELY(!hooks))                                                           \
            return ilv__compare_##bits(a, expected, desired, order, failure);             \
        struct ilv_atomic_access access =                                                 \
            describe(a, sizeof *a, ILV_ATOMIC_COMPARE, order, ILV_PC());                  \
        access.failure_order = (uint8_t)(failure & ORDER_BITS);                           \
        return compare_told_##bits(hooks, a, expected, desired, &access, &done);          \
    }

#define WIDTH(bits, bytes)                \
    LOAD_AND_STORE(ilv_u##bits, bits)     \
    COMPARE(ilv_u##bits, bits, strong, 0) \
    COMPARE(ilv_u##bits, bits, weak, 1)   \
    COMPARE_VALUE(ilv_u##bits, bits)
#include "atomics.def"
#undef WIDTH

#define UPDATE(T, bits, operation, expression)                                                 \
    T ILV_STUB(__tsan_atomic##bits##_##operation)(volatile T *, T, int);                       \
    HIDDEN T ILV_STUB(__tsan_atomic##bits##_##operation)(volatile T * a, T operand, int order) \
    {                                                                                          \
        const struct ilv_access_hooks *hooks = ilv__hooks();                                   \
        if (ILV_LIKELY(!hooks))                                                                \
            return ilv__##operation##_##bits(a, operand, order);                               \
        struct ilv_atomic_access access =                                                      \
            describe(a, sizeof *a, ILV_ATOMIC_UPDATE, order, ILV_PC());                        \
        hooks->atomic_begin(&access);                                                          \
        T old = ilv__##operation##_##bits(a, operand, order);                                  \
        hooks->atomic_end(&access, (uint64_t)old, (uint64_t)(T)(expression), 1);               \
        return old;                                                                            \
    }
#define FETCH(operation, builtin, expression)  \
    UPDATE(ilv_u8, 8, operation, expression)   \
    UPDATE(ilv_u16, 16, operation, expression) \
    UPDATE(ilv_u32, 32, operation, expression) \
    UPDATE(ilv_u64, 64, operation, expression) \
    UPDATE(ilv_u128, 128, operation, expression)
#include "atomics.def"
#undef FETCH

/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef ILV_ACCESS_REAL
void ILV_REAL(__tsan_atomic_thread_fence)(int);
#define FENCE(order) ILV_REAL(__tsan_atomic_thread_fence)(order)
#else
#define FENCE(order)                                 \
    do {                                             \
        if ((order) == __ATOMIC_SEQ_CST)             \
            __atomic_thread_fence(__ATOMIC_SEQ_CST); \
    } while (0)
#endif

void ILV_STUB(__tsan_atomic_thread_fence)(int);
HIDDEN void ILV_STUB(__tsan_atomic_thread_fence)(int order)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks)
        fence_told(hooks, order, ILV_PC());
    FENCE(order);
}

/* Orders a task with its own signal handlers: the call does. */
void ILV_STUB(__tsan_atomic_signal_fence)(int);
HIDDEN void ILV_STUB(__tsan_atomic_signal_fence)(int order)
{
    (void)order;
}
