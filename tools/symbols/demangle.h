/* SPDX-License-Identifier: MIT */
/* demangle.h: what the room's C++ file gives to its C files; of the symbols room alone. */
#ifndef ILV_DEMANGLE_H
#define ILV_DEMANGLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The readable form of a symbol's name into out, without parameters for functions, without
 * version and clone suffixes. Always terminated, cut if too long. */
void ilv__demangle(const char *name, char *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
