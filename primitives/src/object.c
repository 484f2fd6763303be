/* SPDX-License-Identifier: MIT */
/*
 * object.c: what all objects in an arena have in common: birth, lock, repair, end. The kind orders
 * nothing: who has the address of an object was given it behind its making.
 */
#include "memory.h"

static struct ilv__undo *undo_of(struct ilv__object *object, const struct ilv__kind *kind)
{
    return (struct ilv__undo *)(void *)((char *)object + kind->undo);
}

int ilv__object_make(struct ilv_arena *arena, const struct ilv__kind *kind, size_t more,
                     uint64_t *slot, struct ilv__object **made)
{
    uint64_t ref = 0;
    if (!ilv__arena_valid(arena))
        return EINVAL;
    int error = ilv__heap_take(arena, kind->size + more, true, slot != NULL ? slot : &ref);
    if (error != 0)
        return error;
    struct ilv__object *object = ilv__at(arena, slot != NULL ? *slot : ref);
    object->self = ilv__ref(arena, object);
    __atomic_store_n(&object->kind, kind->magic, __ATOMIC_RELAXED);
    *made = object;
    return 0;
}

void *ilv__object_create(struct ilv_arena *arena, const struct ilv__kind *kind, size_t more)
{
    struct ilv__object *made = NULL;
    int error = ilv__object_make(arena, kind, more, NULL, &made);
    if (error != 0)
        errno = error;
    return made;
}

bool ilv__object_is(const void *object, const struct ilv__kind *kind)
{
    const struct ilv__object *head = object;
    return head != NULL && ((uintptr_t)head & 15) == 0 &&
           __atomic_load_n(&head->kind, __ATOMIC_RELAXED) == kind->magic;
}

void *ilv__object_open(struct ilv_arena *arena, const struct ilv__kind *kind, ilv_ref ref)
{
    if (ilv__arena_valid(arena) && ilv__heap_size_of(arena, ref) >= kind->size) {
        struct ilv__object *object = ilv__at(arena, ref);
        if (ilv__object_is(object, kind) && object->self == ref)
            return object;
    }
    errno = EINVAL;
    return NULL;
}

/* The heap first: what the dead one was doing there decides what fresh[] and stale[] hold. */
static void repair(struct ilv__object *object, const struct ilv__kind *kind)
{
    struct ilv_arena *arena = ilv__arena_of(object);
    if (kind->undo == 0)
        return;
    struct ilv__undo *undo = undo_of(object, kind);
    ilv__heap_enter(arena);
    ilv__heap_leave(arena);
    if (undo->control & ILV__UNDO_DONE)
        ilv__finish(arena, kind, undo);
    else
        ilv__roll_back(arena, undo);
}

int ilv__enter_slow(struct ilv__object *object, const struct ilv__kind *kind, int error)
{
    if (error != EOWNERDEAD)
        return error;
    repair(object, kind);
    ilv_mutex_consistent(&object->lock);
    return 0;
}

int ilv__object_end(void *of)
{
    struct ilv__object *object = of;
    struct ilv_arena *arena = ilv__arena_of(object);
    ilv_ref self = object->self;
    ilv__leave(object, 0);
    return ilv__heap_drop(arena, self, &object->kind);
}
