/* SPDX-License-Identifier: MIT */
#include "vec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(size_t size)
{
    (void)fprintf(stderr, "interleave: out of memory: %zu bytes more were needed\n", size);
    abort();
}

void *ilv_new(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        out_of_memory(size);
    }
    return memory;
}

char *ilv_copy_bytes(const void *bytes, size_t size)
{
    char *copy = ilv_new(size + 1);
    if (size) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

char *ilv_copy_text(const char *text)
{
    return ilv_copy_bytes(text, strlen(text));
}

void *ilv__vec_grow(void *at, size_t *room, size_t count, size_t more, size_t size)
{
    size_t most = SIZE_MAX / 2 / size;
    if (more > most || count > most - more) {
        out_of_memory(SIZE_MAX);
    }
    size_t wanted = count + more;
    size_t bigger = *room < most / 2 ? *room * 2 : most;
    bigger = bigger < 8 ? 8 : bigger;
    bigger = bigger < wanted ? wanted : bigger;
    void *memory = realloc(at, bigger * size);
    if (!memory) {
        out_of_memory(bigger * size);
    }
    *room = bigger;
    return memory;
}

void ilv__vec_release(void *at)
{
    free(at);
}
