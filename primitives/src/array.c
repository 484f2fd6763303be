/* SPDX-License-Identifier: MIT */
/*
 * array.c: elements in one block. A small change is made in place, its old bytes noted; a bigger
 * one on a copy of the block, which takes the block's place. See memory.h for what deaths do.
 */
#include <ilv/array.h>

#include "memory.h"

struct ilv_array {
    struct ilv__object head;
    uint64_t count;
    uint64_t element_size;
    ilv_ref elements;
    struct ilv__undo undo;
};

const struct ilv__kind ilv__kind_array = {.magic = 0x7961727261696c69ULL,
                                          .size = sizeof(struct ilv_array),
                                          .undo = offsetof(struct ilv_array, undo),
                                          .discard = NULL};

/* The operation goes on as if a caller held the lock: nobody has the new array's address yet. */
struct ilv_array *ilv_array_create(struct ilv_arena *arena, size_t count, size_t element_size)
{
    size_t bytes;
    if (count == 0 || element_size == 0 || __builtin_mul_overflow(count, element_size, &bytes)) {
        errno = EINVAL;
        return NULL;
    }
    struct ilv_array *array = ilv__object_create(arena, &ilv__kind_array, 0);
    if (array == NULL)
        return NULL;
    array->count = count;
    array->element_size = element_size;
    int error = ilv__heap_take(arena, bytes, true, &array->elements);
    if (error != 0) {
        ilv__heap_drop(arena, array->head.self, &array->head.kind);
        errno = error;
        return NULL;
    }
    return array;
}

struct ilv_array *ilv_array_open(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__object_open(arena, &ilv__kind_array, ref);
}

int ilv_array_destroy(struct ilv_array *array)
{
    int error = ilv__enter(array, &ilv__kind_array);
    if (error != 0)
        return error;
    ilv__heap_drop_from(ilv__arena_of(array), &array->elements);
    return ilv__object_end(array);
}

size_t ilv_array_count(const struct ilv_array *array)
{
    return ilv__object_is(array, &ilv__kind_array) ? array->count : 0;
}

size_t ilv_array_element_size(const struct ilv_array *array)
{
    return ilv__object_is(array, &ilv__kind_array) ? array->element_size : 0;
}

/* Takes the lock; 0 when the elements are there. */
static int enter(struct ilv_array *array, size_t first, size_t count)
{
    int error = ilv__enter(array, &ilv__kind_array);
    if (error == 0 && (first > array->count || count > array->count - first))
        error = ilv__leave(array, ENOENT);
    else if (error == 0 && array->elements == 0)
        error = ilv__leave(array, EINVAL);
    return error;
}

static char *element(struct ilv_array *array, ilv_ref elements, size_t at)
{
    return (char *)ilv__at(ilv__arena_of(array), elements) + at * array->element_size;
}

/* Makes elements writable, in place or in a copy: *where is their address. */
static int open_range(struct ilv_array *array, size_t first, size_t count, char **where)
{
    struct ilv_arena *arena = ilv__arena_of(array);
    size_t bytes = count * array->element_size;
    *where = element(array, array->elements, first);
    if (bytes <= ILV__UNDO_BYTES) {
        ilv__save(arena, &array->undo, *where, bytes);
        return 0;
    }
    size_t whole = array->count * array->element_size;
    int error = ilv__heap_take(arena, whole, false, &array->undo.fresh[0]);
    if (error != 0)
        return error;
    memcpy(ilv__at(arena, array->undo.fresh[0]), ilv__at(arena, array->elements), whole);
    *where = element(array, array->undo.fresh[0], first);
    return 0;
}

static void commit(struct ilv_array *array)
{
    struct ilv_arena *arena = ilv__arena_of(array);
    ilv_ref fresh = array->undo.fresh[0];
    if (fresh == 0) {
        ilv__commit(&array->undo);
        return;
    }
    array->undo.stale[0] = array->elements;
    ilv__change(arena, &array->undo, &array->elements, fresh);
    ilv__finish(arena, &ilv__kind_array, &array->undo);
}

int ilv_array_get(struct ilv_array *array, size_t first, size_t count, void *elements)
{
    if (elements == NULL)
        return EINVAL;
    int error = enter(array, first, count);
    if (error != 0)
        return error;
    memcpy(elements, element(array, array->elements, first), count * array->element_size);
    return ilv__leave(array, 0);
}

int ilv_array_set(struct ilv_array *array, size_t first, size_t count, const void *elements)
{
    char *where;
    if (elements == NULL)
        return EINVAL;
    int error = enter(array, first, count);
    if (error != 0)
        return error;
    error = open_range(array, first, count, &where);
    if (error == 0) {
        memcpy(where, elements, count * array->element_size);
        commit(array);
    }
    return ilv__leave(array, error);
}

static int int_error(const struct ilv_array *array)
{
    if (!ilv__object_is(array, &ilv__kind_array))
        return EINVAL;
    return array->element_size == sizeof(int64_t) ? 0 : EBADMSG;
}

int ilv_array_get_int(struct ilv_array *array, size_t at, int64_t *result)
{
    int error = int_error(array);
    return error == 0 ? ilv_array_get(array, at, 1, result) : error;
}

int ilv_array_set_int(struct ilv_array *array, size_t at, int64_t to)
{
    int error = int_error(array);
    return error == 0 ? ilv_array_set(array, at, 1, &to) : error;
}

/* One store of an aligned word: nothing needs to be noted. */
int ilv_array_add(struct ilv_array *array, size_t at, int64_t delta, int64_t *sum)
{
    int error = int_error(array);
    if (error == 0)
        error = enter(array, at, 1);
    if (error != 0)
        return error;
    uint64_t *word = (uint64_t *)(void *)element(array, array->elements, at);
    uint64_t number = *word + (uint64_t)delta;
    __atomic_store_n(word, number, __ATOMIC_RELAXED);
    if (sum != NULL)
        *sum = (int64_t)number;
    return ilv__leave(array, 0);
}

int ilv_array_update(struct ilv_array *array, size_t first, size_t count,
                     int (*change)(void *elements, size_t count, void *context), void *context)
{
    char *where;
    if (change == NULL)
        return EINVAL;
    int error = enter(array, first, count);
    if (error != 0)
        return error;
    error = open_range(array, first, count, &where);
    if (error != 0)
        return ilv__leave(array, error);
    pid_t caller = ilv__tid();
    error = change(where, count, context);
    if (ilv__tid() != caller)
        return EPERM;
    if (error == 0)
        commit(array);
    else
        ilv__roll_back(ilv__arena_of(array), &array->undo);
    return ilv__leave(array, error);
}

int ilv_array_check(struct ilv_array *array)
{
    int error = enter(array, 0, 0);
    if (error != 0)
        return error;
    size_t room = ilv__heap_size_of(ilv__arena_of(array), array->elements);
    bool holds = array->undo.control == 0 && room / array->element_size >= array->count;
    return ilv__leave(array, holds ? 0 : EUCLEAN);
}
