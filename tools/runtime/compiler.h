/* SPDX-License-Identifier: MIT */
/*
 * compiler.h: what pedantic compilers refuse and the runtime needs, in one place.
 */
#ifndef ILV_COMPILER_H
#define ILV_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#define ilv_likely(x) __builtin_expect(!!(x), 1)
#define ilv_unlikely(x) __builtin_expect(!!(x), 0)
#define ILV_NORETURN __attribute__((noreturn))
#define ILV_HIDDEN __attribute__((visibility("hidden")))
#define ILV_PRINTF(format, first) __attribute__((format(printf, format, first)))

/* Per-thread storage of a preloaded library: always in the static block, no call to reach it. */
#define ILV_TLS __thread __attribute__((tls_model("initial-exec")))

/* A data pointer turned into a function pointer (dlsym), which ISO C forbids to spell. */
#define ILV_FUNCTION(type, pointer) (__extension__(type)(pointer))

/* Says that a switch or table is complete. */
#define ILV_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
