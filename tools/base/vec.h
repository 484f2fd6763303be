/* SPDX-License-Identifier: MIT */
/*
 * vec.h: a growing array of any type. For the explorer's side only: it uses malloc, and ends the
 * program with a sentence when there is no memory.
 *
 *     ILV_VEC(uint32_t) numbers = {0};
 *     ilv_vec_push(&numbers, 7);
 *     for (size_t i = 0; i < numbers.count; i++) { use(numbers.at[i]); }
 *     ilv_vec_free(&numbers);
 *
 * All zero is an empty vector. Elements move when it grows: keep indices, not pointers. The
 * first argument of the macros is evaluated more than once.
 */
#ifndef ILV_VEC_H
#define ILV_VEC_H

#include <stddef.h>

#define ILV_VEC(type) \
    struct {          \
        type *at;     \
        size_t count; \
        size_t room;  \
    }

/* Makes room for more elements than there are. */
#define ilv_vec_reserve(vec, more)                                                           \
    do {                                                                                     \
        if ((vec)->room - (vec)->count < (size_t)(more)) {                                   \
            (vec)->at = ilv__vec_grow((vec)->at, &(vec)->room, (vec)->count, (size_t)(more), \
                                      sizeof *(vec)->at);                                    \
        }                                                                                    \
    } while (0)

/* Adds a copy of the element at the end. */
#define ilv_vec_push(vec, ...)                     \
    do {                                           \
        ilv_vec_reserve(vec, 1);                   \
        (vec)->at[(vec)->count++] = (__VA_ARGS__); \
    } while (0)

/* Frees the memory and leaves an empty vector. What elements own stays the caller's. */
#define ilv_vec_free(vec)            \
    do {                             \
        ilv__vec_release((vec)->at); \
        (vec)->at = NULL;            \
        (vec)->count = 0;            \
        (vec)->room = 0;             \
    } while (0)

/* malloc, strdup and strndup that end the program with a sentence instead of returning NULL. */
void *ilv_new(size_t size);
char *ilv_copy_text(const char *text);
char *ilv_copy_bytes(const void *bytes, size_t size);

void *ilv__vec_grow(void *at, size_t *room, size_t count, size_t more, size_t size);
void ilv__vec_release(void *at);

#endif
