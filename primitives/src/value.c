/* SPDX-License-Identifier: MIT */
/*
 * value.c: two copies, and one word that says which is the value.
 *
 * A change writes the other copy and then the word; a death before the word leaves the old value,
 * a death after it the new one. There is nothing to repair.
 */
#include <ilv/value.h>

#include "memory.h"

enum type {
    BYTES,
    INT,
    REAL,
};

struct ilv_value {
    struct ilv__object head;
    uint64_t size;
    uint32_t type;
    uint32_t which; /* the copy that is the value: 0 or 1 */
    uint64_t room;  /* from one copy to the other */
    unsigned char copies[];
};

const struct ilv__kind ilv__kind_value = {
    .magic = 0x65756c61762d6c69ULL, .size = sizeof(struct ilv_value), .undo = 0, .discard = NULL};

static unsigned char *now(struct ilv_value *value)
{
    return value->copies + value->which * value->room;
}

/* A copy of the value, to be changed and then shown. */
static unsigned char *next(struct ilv_value *value)
{
    unsigned char *copy = value->copies + (1 - value->which) * value->room;
    memcpy(copy, now(value), value->size);
    return copy;
}

static void show(struct ilv_value *value)
{
    ilv__then();
    __atomic_store_n(&value->which, 1 - value->which, __ATOMIC_RELAXED);
}

static struct ilv_value *create(struct ilv_arena *arena, size_t size, uint32_t type,
                                const void *first)
{
    size_t room = (size + 15) & ~(size_t)15;
    if (size == 0 || size > ILV__BIGGEST) {
        errno = size == 0 ? EINVAL : ENOMEM;
        return NULL;
    }
    struct ilv_value *value = ilv__object_create(arena, &ilv__kind_value, 2 * room);
    if (value == NULL)
        return NULL;
    value->size = size;
    value->type = type;
    value->room = room;
    if (first != NULL)
        memcpy(value->copies, first, size);
    return value;
}

struct ilv_value *ilv_value_create(struct ilv_arena *arena, size_t size)
{
    return create(arena, size, BYTES, NULL);
}

struct ilv_value *ilv_value_create_int(struct ilv_arena *arena, int64_t first)
{
    return create(arena, sizeof first, INT, &first);
}

struct ilv_value *ilv_value_create_real(struct ilv_arena *arena, double first)
{
    return create(arena, sizeof first, REAL, &first);
}

struct ilv_value *ilv_value_open(struct ilv_arena *arena, ilv_ref ref)
{
    return ilv__object_open(arena, &ilv__kind_value, ref);
}

int ilv_value_destroy(struct ilv_value *value)
{
    int error = ilv__enter(value, &ilv__kind_value);
    return error == 0 ? ilv__object_end(value) : error;
}

size_t ilv_value_size(const struct ilv_value *value)
{
    return ilv__object_is(value, &ilv__kind_value) ? value->size : 0;
}

static int get(struct ilv_value *value, void *bytes, size_t size)
{
    if (bytes == NULL)
        return EINVAL;
    int error = ilv__enter(value, &ilv__kind_value);
    if (error != 0)
        return error;
    if (size != value->size)
        return ilv__leave(value, EMSGSIZE);
    memcpy(bytes, now(value), size);
    return ilv__leave(value, 0);
}

static int set(struct ilv_value *value, const void *bytes, size_t size)
{
    if (bytes == NULL)
        return EINVAL;
    int error = ilv__enter(value, &ilv__kind_value);
    if (error != 0)
        return error;
    if (size != value->size)
        return ilv__leave(value, EMSGSIZE);
    memcpy(value->copies + (1 - value->which) * value->room, bytes, size);
    show(value);
    return ilv__leave(value, 0);
}

static int type_error(const struct ilv_value *value, uint32_t type)
{
    if (!ilv__object_is(value, &ilv__kind_value))
        return EINVAL;
    return value->type == type ? 0 : EBADMSG;
}

int ilv_value_get(struct ilv_value *value, void *bytes, size_t size)
{
    return get(value, bytes, size);
}

int ilv_value_set(struct ilv_value *value, const void *bytes, size_t size)
{
    return set(value, bytes, size);
}

int ilv_value_get_int(struct ilv_value *value, int64_t *result)
{
    int error = type_error(value, INT);
    return error == 0 ? get(value, result, sizeof *result) : error;
}

int ilv_value_set_int(struct ilv_value *value, int64_t to)
{
    int error = type_error(value, INT);
    return error == 0 ? set(value, &to, sizeof to) : error;
}

int ilv_value_get_real(struct ilv_value *value, double *result)
{
    int error = type_error(value, REAL);
    return error == 0 ? get(value, result, sizeof *result) : error;
}

int ilv_value_set_real(struct ilv_value *value, double to)
{
    int error = type_error(value, REAL);
    return error == 0 ? set(value, &to, sizeof to) : error;
}

int ilv_value_add(struct ilv_value *value, int64_t delta, int64_t *sum)
{
    uint64_t number;
    int error = type_error(value, INT);
    if (error == 0)
        error = ilv__enter(value, &ilv__kind_value);
    if (error != 0)
        return error;
    unsigned char *copy = next(value);
    memcpy(&number, copy, sizeof number);
    number += (uint64_t)delta;
    memcpy(copy, &number, sizeof number);
    show(value);
    if (sum != NULL)
        *sum = (int64_t)number;
    return ilv__leave(value, 0);
}

int ilv_value_update(struct ilv_value *value,
                     int (*change)(void *bytes, size_t size, void *context), void *context)
{
    if (change == NULL)
        return EINVAL;
    int error = ilv__enter(value, &ilv__kind_value);
    if (error != 0)
        return error;
    pid_t caller = ilv__tid();
    error = change(next(value), value->size, context);
    if (ilv__tid() != caller)
        return EPERM;
    if (error == 0)
        show(value);
    return ilv__leave(value, error);
}
