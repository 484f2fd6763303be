/* SPDX-License-Identifier: MIT */
/*
 * stage.h: one arena with one of everything in it, put back to the same bytes before each death,
 * and what may be found in it afterwards.
 */
#ifndef STAGE_H
#define STAGE_H

#include <ilv/array.h>
#include <ilv/dict.h>
#include <ilv/list.h>
#include <ilv/value.h>

#include "deaths.h"

struct stage {
    struct ilv_arena *arena;
    struct ilv_value *value;
    struct ilv_array *array;
    struct ilv_dict *dict;
    struct ilv_list *list;
    struct ilv_list *empty;
    ilv_ref
        *slots; /* 10 of them; slot 0 has a block of 100 bytes, slot 4 one beside a free block */
};

extern struct stage stage;

struct ilv_arena *stage_prepare(void);

/* The contents are those of before or after (or, for `clears`, with the object empty), everything
 * passes its check, can be used, and leaves nothing when it is destroyed. */
bool stage_verify(const struct operation *operation, const char *after);
bool stage_verify_clearing(const struct operation *operation, const char *after);

#endif
