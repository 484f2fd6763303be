/* SPDX-License-Identifier: MIT */
/*
 * once.c: the model of pthread_once (POSIX.1-2017) and of the Itanium C++ ABI's guards (3.3.3).
 *
 *   word         pthread_once   guard    begin
 *   new          0              0        does it: the word says under way
 *   under way    1              0x100    waits; so does the initialiser that comes to itself
 *   done         2              0x1      nothing to do
 *
 * The word itself is the state, as glibc and libstdc++ have it, so that reused and statically
 * initialised memory needs nothing. An initialiser that is cancelled, exits its thread or throws
 * makes the word new again: this file is compiled with -fexceptions, and the cleanup of `attempt`
 * runs when it is unwound.
 */
#include "objects/once.h"

#include <unwind.h>

#define ONCE_NEW 0
#define ONCE_UNDER_WAY 1
#define ONCE_DONE 2
#define ONCE_STATE 3 /* glibc keeps a count of forks above these bits */

#define GUARD_DONE 1u
#define GUARD_UNDER_WAY 0x100u

static uint32_t object_of(const void *address, size_t size)
{
    uint32_t object = ilv__object_find(ILV_CLASS_ONCE, address);
    return object != 0 ? object : ilv__object_make(ILV_CLASS_ONCE, address, size);
}

static const void *address_of(const struct task *t)
{
    return (const void *)(uintptr_t)ilv__object_info(t->info->op.object)->address;
}

static void end_step(uint32_t object, bool done)
{
    ilv__changed(object);
    ilv__done(0, done);
}

/* ---- pthread_once ------------------------------------------------------------------------- */

struct attempt {
    int *control;
    uint32_t object;
    bool returned;
};

static void finish(const struct attempt *a)
{
    ilv__enter();
    struct ilv_op op = ilv__op(ILV_EV_ONCE_END, a->object);
    ilv__point(&op, NULL);
    *a->control = a->returned ? ONCE_DONE : ONCE_NEW;
    end_step(a->object, a->returned);
}

/* On the way out of an initialiser that did not return, the door that was left is closed. */
static void unwound(struct attempt *a)
{
    if (a->returned)
        return;
    finish(a);
    ilv__exit();
}

static _Unwind_Reason_Code stop_at_once(struct _Unwind_Context *context, void *unused)
{
    (void)context;
    (void)unused;
    return _URC_END_OF_STACK;
}

/* The personality routine of `attempt` is linked in, the unwinder that calls it is the program's:
 * what the routine needs is set up when its own unwinder is used first. */
static void prepare_to_be_unwound(void)
{
    static bool prepared;
    if (!prepared)
        _Unwind_Backtrace(stop_at_once, NULL);
    prepared = true;
}

static void attempt(int *control, uint32_t object, void (*initialiser)(void))
{
    __attribute__((cleanup(unwound))) struct attempt a = {control, object, false};
    prepare_to_be_unwound();
    ilv__exit();
    initialiser();
    a.returned = true;
    finish(&a);
}

static bool once_possible(const struct task *t)
{
    const int *control = address_of(t);
    return (*control & ONCE_STATE) != ONCE_UNDER_WAY;
}

int ilv__once(int *control, void (*initialiser)(void))
{
    uint32_t object = object_of(control, sizeof *control);
    struct ilv_op op = ilv__op(ILV_EV_ONCE_BEGIN, object);
    ilv__point(&op, once_possible);
    bool mine = (*control & ONCE_STATE) == ONCE_NEW;
    if (mine) {
        *control = ONCE_UNDER_WAY;
        ilv__changed(object);
    }
    ilv__done(0, mine);
    if (mine)
        attempt(control, object, initialiser);
    return 0;
}

/* ---- guards ------------------------------------------------------------------------------- */

static bool guard_possible(const struct task *t)
{
    const uint32_t *word = address_of(t);
    return (*word & GUARD_UNDER_WAY) == 0;
}

int ilv__guard_acquire(uint64_t *guard)
{
    uint32_t *word = (uint32_t *)(void *)guard;
    uint32_t object = object_of(guard, sizeof *guard);
    struct ilv_op op = ilv__op(ILV_EV_ONCE_BEGIN, object);
    ilv__point(&op, guard_possible);
    bool mine = (*word & GUARD_DONE) == 0;
    if (mine) {
        *word = GUARD_UNDER_WAY;
        ilv__changed(object);
    }
    ilv__done(0, mine);
    return mine;
}

static void end_guard(uint64_t *guard, bool done)
{
    uint32_t object = object_of(guard, sizeof *guard);
    struct ilv_op op = ilv__op(ILV_EV_ONCE_END, object);
    ilv__point(&op, NULL);
    *(uint32_t *)(void *)guard = done ? GUARD_DONE : 0;
    end_step(object, done);
}

void ilv__guard_release(uint64_t *guard)
{
    end_guard(guard, true);
}

void ilv__guard_abort(uint64_t *guard)
{
    end_guard(guard, false);
}
