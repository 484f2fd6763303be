/* SPDX-License-Identifier: MIT */
/*
 * line.c: text in a buffer of fixed size, and templates with one-letter places.
 */
#include <stdarg.h>
#include <stdio.h>

#include "internal.h"

struct ilv__line ilv__line(char *out, size_t size)
{
    if (size > 0)
        out[0] = '\0';
    return (struct ilv__line){out, size, 0};
}

void ilv__add(struct ilv__line *line, const char *form, ...)
{
    if (line->used + 1 >= line->size)
        return;
    size_t room = line->size - line->used;
    va_list list;
    va_start(list, form);
    int n = vsnprintf(line->out + line->used, room, form, list);
    va_end(list);
    line->used += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

void ilv__expand(struct ilv__line *line, const char *form, ilv__put *put, const void *context)
{
    for (; *form != '\0'; form++) {
        if (form[0] == '%' && form[1] != '\0')
            put(line, *++form, context);
        else
            ilv__add(line, "%c", *form);
    }
}
