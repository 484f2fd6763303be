/* SPDX-License-Identifier: MIT */
#include "libc.h"

size_t __real_strlen(const char *s);
size_t __real_strspn(const char *s, const char *set);
size_t __real_strcspn(const char *s, const char *set);

size_t ilv__text(const char *s)
{
    return s ? __real_strlen(s) + 1 : 0;
}

const char *ilv__end(const char *s)
{
    return s + __real_strlen(s);
}

size_t ilv__part(const char *s, size_t n)
{
    size_t most = ilv__up_to(s, 0, n);
    return most && !s[most - 1] ? most : most + 1;
}

size_t ilv__up_to(const void *in, int byte, size_t n)
{
    const unsigned char *at = in;
    for (size_t i = 0; i < n; i++) {
        if (at[i] == (unsigned char)byte)
            return i + 1;
    }
    return n;
}

size_t ilv__up_to_or_end(const char *s, int byte)
{
    size_t i = 0;
    while (s[i] && s[i] != (char)byte)
        i++;
    return i + 1;
}

size_t ilv__compared(const void *a, const void *b, size_t n)
{
    const unsigned char *left = a, *right = b;
    for (size_t i = 0; i < n; i++) {
        if (left[i] != right[i])
            return i + 1;
    }
    return n;
}

size_t ilv__alike(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i] != b[i] || !a[i])
            return i + 1;
    }
    return n;
}

static int folded(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

size_t ilv__alike_folded(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (folded(a[i]) != folded(b[i]) || !a[i])
            return i + 1;
    }
    return n;
}

size_t ilv__span(const char *s, const char *set)
{
    return __real_strspn(s, set);
}

size_t ilv__span_without(const char *s, const char *set)
{
    return __real_strcspn(s, set);
}

void ilv__piece(const struct ilv_access_hooks *hooks, const char *s, const char *set,
                const void *pc)
{
    if (!s)
        return;
    size_t length = __real_strcspn(s, set);
    hooks->libc_read(s, length + 1, pc);
    if (s[length])
        hooks->libc_write(s + length, 1, pc);
}

void ilv__token(const struct ilv_access_hooks *hooks, const char *s, const char *set,
                const void *pc)
{
    if (!s)
        return;
    size_t skipped = __real_strspn(s, set);
    hooks->libc_read(s, skipped + 1, pc);
    ilv__piece(hooks, s + skipped, set, pc);
}

void ilv__vector(const struct ilv_access_hooks *hooks,
                 void (*hook)(const void *address, size_t size, const void *pc),
                 const struct iovec *vector, size_t count, ssize_t bytes, const void *pc)
{
    hooks->libc_read(vector, count * sizeof *vector, pc);
    for (size_t i = 0; i < count && bytes > 0; i++) {
        size_t part = vector[i].iov_len < (size_t)bytes ? vector[i].iov_len : (size_t)bytes;
        hook(vector[i].iov_base, part, pc);
        bytes -= (ssize_t)part;
    }
}
