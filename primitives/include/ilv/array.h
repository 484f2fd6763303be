/* SPDX-License-Identifier: MIT */
/*
 * array.h: a fixed number of equal elements with their lock, in an arena.
 *
 *     struct ilv_array *row = ilv_array_create(arena, 1000, sizeof(double));
 *     ilv_array_set(row, 3, 1, &x);                one element
 *     ilv_array_get(row, 0, 1000, copy);           all of them, at one moment
 *     ilv_array_update(row, 10, 5, scale, &k);     five, under the lock
 *
 * Deaths: a call that is killed has changed all of its elements or none. To make that so, a change
 * of more than 128 bytes is made on a copy of the whole array in the arena, which takes its place:
 * the arena needs room for it.
 * Blocking: waits for the array's lock. Memory order: every call sees what earlier calls wrote.
 * What is null, destroyed, or no array gives EINVAL (a destroyed one as long as its memory was not
 * handed out again); elements beyond the end give ENOENT and nothing is done.
 */
#ifndef ILV_ARRAY_H
#define ILV_ARRAY_H

#include <ilv/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_array;

/* A new array, all zero. NULL and errno: EINVAL (null, no elements, size 0, a product that does not
 * fit), ENOMEM, ENOSPC as ilv_arena_alloc(). */
struct ilv_array *ilv_array_create(struct ilv_arena *arena, size_t count, size_t element_size);

/* The array with that reference. NULL and errno EINVAL when there is none. */
struct ilv_array *ilv_array_open(struct ilv_arena *arena, ilv_ref ref);

/* Ends it and frees its memory. Nobody else may be in a call on it. 0, EINVAL. */
int ilv_array_destroy(struct ilv_array *array);

/* How many elements, and the size of one; 0 for what is no array. Never block. */
size_t ilv_array_count(const struct ilv_array *array);
size_t ilv_array_element_size(const struct ilv_array *array);

/* Copies elements first to first + count - 1 out or in. 0, EINVAL, ENOENT; set also ENOMEM,
 * ENOSPC. */
int ilv_array_get(struct ilv_array *array, size_t first, size_t count, void *elements);
int ilv_array_set(struct ilv_array *array, size_t first, size_t count, const void *elements);

/* Element `at` as an integer; EBADMSG when elements have another size than 8. add wraps around and
 * gives the sum in *sum, which may be NULL. */
int ilv_array_get_int(struct ilv_array *array, size_t at, int64_t *result);
int ilv_array_set_int(struct ilv_array *array, size_t at, int64_t to);
int ilv_array_add(struct ilv_array *array, size_t at, int64_t delta, int64_t *sum);

/*
 * Calls change(elements, count, context) under the lock. When it returns 0 the elements stay as it
 * left them, else as they were and that number is the result. Inside, a call on the same array
 * gives EDEADLK. A child forked inside must not touch the elements; it gets EPERM.
 * 0, EINVAL, ENOENT, EPERM, ENOMEM, ENOSPC, or what change returned.
 */
int ilv_array_update(struct ilv_array *array, size_t first, size_t count,
                     int (*change)(void *elements, size_t count, void *context), void *context);

/* Is it whole? 0; EUCLEAN; EINVAL. */
int ilv_array_check(struct ilv_array *array);

#ifdef __cplusplus
}
#endif

#endif
