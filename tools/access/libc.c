/* SPDX-License-Identifier: MIT */
/*
 * The wraps of libc.def. The result and errno are the call's own: hooks keep errno.
 */
#include "libc.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#define HIDDEN __attribute__((visibility("hidden")))
#define ILV_LEAST(result, n) \
    ((result) < 0 || (size_t)(result) < (n) ? (ssize_t)(result) : (ssize_t)(n))

#define READS(address, bytes) hooks->libc_read(address, bytes, pc);
#define WRITES(address, bytes) hooks->libc_write(address, bytes, pc);
#define TEXT(s) READS(s, ilv__text(s))
#define GOT(address, count) got(hooks, address, (ssize_t)(count), pc);
/* The first bytes of an array of struct iovec. */
#define VECTOR(hook, vector, count, bytes) \
    ilv__vector(hooks, hooks->hook, vector, count, bytes, pc);
/* What strtok_r() and strsep() do to a text. */
#define TOKEN(s, set) ilv__token(hooks, s, set, pc);
#define PIECE(s, set) ilv__piece(hooks, s, set, pc);
#define NOTHING

static inline void got(const struct ilv_access_hooks *hooks, const void *address, ssize_t count,
                       const void *pc)
{
    if (count > 0)
        hooks->libc_write(address, (size_t)count, pc);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): types */
#define LIBC_OTHER(name)
#define LIBC(type, name, parameters, arguments, before, after) \
    type __real_##name parameters;                             \
    type __wrap_##name parameters;                             \
    HIDDEN type __wrap_##name parameters                       \
    {                                                          \
        const struct ilv_access_hooks *hooks = ilv__hooks();   \
        const void *pc = ILV_PC();                             \
        if (ILV_LIKELY(!hooks))                                \
            return __real_##name arguments;                    \
        (void)pc;                                              \
        before type result = __real_##name arguments;          \
        after return result;                                   \
    }
#define LIBC_VOID(name, parameters, arguments, before)       \
    void __real_##name parameters;                           \
    void __wrap_##name parameters;                           \
    HIDDEN void __wrap_##name parameters                     \
    {                                                        \
        const struct ilv_access_hooks *hooks = ilv__hooks(); \
        const void *pc = ILV_PC();                           \
        if (hooks) {                                         \
            before                                           \
        }                                                    \
        __real_##name arguments;                             \
    }
#include "libc.def"
/* NOLINTEND(bugprone-macro-parentheses) */

/*
 * clang 22 says memcpy with names of its own for what the program copies by assignment. Only a
 * ThreadSanitizer of that age has them.
 */
#if ILV_BENEATH == 1 && !defined ILV_ACCESS_SHARED
#define ON(name, libc, arguments) (__real_##name ? __real_##name arguments : libc arguments)
void *__real___tsan_memcpy(void *to, const void *from, size_t n) __attribute__((weak));
void *__real___tsan_memmove(void *to, const void *from, size_t n) __attribute__((weak));
void *__real___tsan_memset(void *to, int byte, size_t n) __attribute__((weak));
#else
#define ON(name, libc, arguments) libc arguments
#endif

void *ILV_STUB(__tsan_memcpy)(void *to, const void *from, size_t n);
HIDDEN void *ILV_STUB(__tsan_memcpy)(void *to, const void *from, size_t n)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks) {
        hooks->libc_read(from, n, ILV_PC());
        hooks->libc_write(to, n, ILV_PC());
    }
    return ON(__tsan_memcpy, __real_memcpy, (to, from, n));
}

void *ILV_STUB(__tsan_memmove)(void *to, const void *from, size_t n);
HIDDEN void *ILV_STUB(__tsan_memmove)(void *to, const void *from, size_t n)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks) {
        hooks->libc_read(from, n, ILV_PC());
        hooks->libc_write(to, n, ILV_PC());
    }
    return ON(__tsan_memmove, __real_memmove, (to, from, n));
}

void *ILV_STUB(__tsan_memset)(void *to, int byte, size_t n);
HIDDEN void *ILV_STUB(__tsan_memset)(void *to, int byte, size_t n)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    if (hooks)
        hooks->libc_write(to, n, ILV_PC());
    return ON(__tsan_memset, __real_memset, (to, byte, n));
}
