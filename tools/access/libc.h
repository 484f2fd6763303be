/* SPDX-License-Identifier: MIT */
/*
 * libc.h: how many bytes libc's calls read of a text, for the table libc.def. All count what the
 * call looks at: the byte at which it stops is one of them. None calls what leads back here.
 */
#ifndef ILV_ACCESS_LIBC_H
#define ILV_ACCESS_LIBC_H

#include <sys/types.h>
#include <sys/uio.h>

#include "internal.h"

#pragma GCC visibility push(hidden)

/* The text and its NUL; 0 for NULL. */
size_t ilv__text(const char *s);
/* The place of its NUL. */
const char *ilv__end(const char *s);
/* What strncat writes of it: at most n bytes and a NUL. */
size_t ilv__part(const char *s, size_t n);
/* Up to that byte, at most n. */
size_t ilv__up_to(const void *in, int byte, size_t n);
/* Up to that byte or the end of the text. */
size_t ilv__up_to_or_end(const char *s, int byte);
/* Up to the first byte in which they differ: of memory, of texts, of texts whatever their case. */
size_t ilv__compared(const void *a, const void *b, size_t n);
size_t ilv__alike(const char *a, const char *b, size_t n);
size_t ilv__alike_folded(const char *a, const char *b, size_t n);
/* As strspn() and strcspn(). */
size_t ilv__span(const char *s, const char *set);
size_t ilv__span_without(const char *s, const char *set);

/* Tell what strtok_r() reads and writes of s (which may be NULL), and what strsep() does. */
void ilv__token(const struct ilv_access_hooks *hooks, const char *s, const char *set,
                const void *pc);
void ilv__piece(const struct ilv_access_hooks *hooks, const char *s, const char *set,
                const void *pc);

/* Tells the first bytes of a vector to a hook. */
void ilv__vector(const struct ilv_access_hooks *hooks,
                 void (*hook)(const void *address, size_t size, const void *pc),
                 const struct iovec *vector, size_t count, ssize_t bytes, const void *pc);

#pragma GCC visibility pop

#endif
