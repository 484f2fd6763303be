/* SPDX-License-Identifier: MIT */
/*
 * value.h: one value with its lock, in an arena.
 *
 * A value has a type and a size that never change: an integer, a number, or so many bytes. Getting
 * and setting are as a whole; a change that depends on the old value is made by a function that
 * runs under the lock.
 *
 *     struct ilv_value *hits = ilv_value_create_int(arena, 0);
 *     ilv_value_add(hits, 1, NULL);                in any process
 *
 *     struct ilv_value *state = ilv_value_create(arena, sizeof(struct state));
 *     ilv_value_update(state, advance, &step);
 *
 * Deaths: who is killed inside a call has changed the value wholly or not at all.
 * Blocking: waits for the value's lock. Memory order: every call sees what earlier calls wrote.
 * What is null, destroyed, or no value gives EINVAL (a destroyed one as long as its memory was not
 * handed out again).
 */
#ifndef ILV_VALUE_H
#define ILV_VALUE_H

#include <ilv/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_value;

/* A new value, all zero or the number given. NULL and errno: EINVAL (null, size 0), ENOMEM, ENOSPC
 * as ilv_arena_alloc(). */
struct ilv_value *ilv_value_create(struct ilv_arena *arena, size_t size);
struct ilv_value *ilv_value_create_int(struct ilv_arena *arena, int64_t first);
struct ilv_value *ilv_value_create_real(struct ilv_arena *arena, double first);

/* The value with that reference. NULL and errno EINVAL when there is none. */
struct ilv_value *ilv_value_open(struct ilv_arena *arena, ilv_ref ref);

/* Ends it and frees its memory. Nobody else may be in a call on it. 0, EINVAL. */
int ilv_value_destroy(struct ilv_value *value);

/* Its size in bytes; 0 for what is no value. Never blocks. */
size_t ilv_value_size(const struct ilv_value *value);

/* Copies the bytes out or in. `size` is the value's own: EMSGSIZE otherwise. 0, EINVAL. */
int ilv_value_get(struct ilv_value *value, void *bytes, size_t size);
int ilv_value_set(struct ilv_value *value, const void *bytes, size_t size);

/* The same for a value made with a type; EBADMSG when it has another. */
int ilv_value_get_int(struct ilv_value *value, int64_t *result);
int ilv_value_set_int(struct ilv_value *value, int64_t to);
int ilv_value_get_real(struct ilv_value *value, double *result);
int ilv_value_set_real(struct ilv_value *value, double to);

/* Adds (wrapping around) and gives the sum in *sum, which may be NULL. 0, EINVAL, EBADMSG. */
int ilv_value_add(struct ilv_value *value, int64_t delta, int64_t *sum);

/*
 * Calls change(bytes, size, context) under the lock on a copy of the value. When it returns 0 the
 * copy becomes the value; else the value stays and that number is the result. Inside, a call on
 * the same value gives EDEADLK. A child forked inside gets EPERM and changes nothing.
 * 0, EINVAL, EPERM, or what change returned.
 */
int ilv_value_update(struct ilv_value *value,
                     int (*change)(void *bytes, size_t size, void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
