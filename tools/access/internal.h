/* SPDX-License-Identifier: MIT */
/*
 * internal.h: the own header of the stubs, the part of Interleave that is linked into every
 * module that `interleave cc` links.
 *
 * The law of this code:
 *
 *  1. Outside the sandbox a stub costs one test and does what the program would have done.
 *  2. Names that it defines are hidden, so that each module calls its own.
 *  3. It calls no libc function but by its __real_ name: the others lead back here.
 *  4. It is never instrumented, keeps errno and holds no state but the module's table.
 *
 * The same sources make several archives. With ILV_ACCESS_REAL a real sanitizer lies beneath: what
 * a compiler calls as NAME arrives as __wrap_NAME and is carried out by __real_NAME. The
 * sanitizer lies in the executable. Shared libraries (ILV_ACCESS_SHARED) wrap no name of
 * ThreadSanitizer's: they define NAME and go on to its function in the executable under a name of
 * ours (beneath.S), because a linker that wraps NAME for the executable would also do so for the
 * libraries that it is linked with.
 */
#ifndef ILV_ACCESS_INTERNAL_H
#define ILV_ACCESS_INTERNAL_H

#include "access.h"

#define ILV_LIKELY(x) __builtin_expect(!!(x), 1)
#define ILV_PC() __builtin_return_address(0)

#if !defined ILV_ACCESS_REAL
#define ILV_BENEATH 0
#define ILV_STUB(name) name
#elif defined ILV_ACCESS_SHARED
#define ILV_BENEATH ILV_ACCESS_REAL
#define ILV_STUB(name) name
#define ILV_REAL(name) ilv_beneath_##name
#else
#define ILV_BENEATH ILV_ACCESS_REAL
#define ILV_STUB(name) __wrap_##name
#define ILV_REAL(name) __real_##name
#endif

extern struct ilv_access_module ilv__access_module __attribute__((visibility("hidden")));

/* The hooks, or NULL outside the sandbox. */
static inline const struct ilv_access_hooks *ilv__hooks(void)
{
    if (ILV_LIKELY(!__atomic_load_n(&ilv__access_module.on, __ATOMIC_RELAXED)))
        return NULL;
    return ilv__access_module.hooks;
}

#endif
