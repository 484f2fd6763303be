/* SPDX-License-Identifier: MIT */
/*
 * needed.h: the shared libraries that a program asks for by name.
 */
#ifndef ILV_NEEDED_H
#define ILV_NEEDED_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the ELF program in these bytes needs a library whose name begins like that. False for
 * a file whose tables do not lie within it. Never blocks. */
bool ilv__needs_library(const unsigned char *bytes, size_t size, const char *prefix);

/* Why the sandbox does not take a program with this sanitizer's shared runtime, and what to do;
 * NULL if it has none. */
const char *ilv__shared_sanitizer(const unsigned char *bytes, size_t size);

#endif
