/* SPDX-License-Identifier: MIT */
/*
 * once.c: `done` goes from 0 to 1 by one store, with the mutex held; it is released after the work
 * and acquired by those who do not take the mutex. A death before the store leaves 0: not done.
 */
#include <errno.h>
#include <ilv/once.h>

#include "annotate.h"
#include "mutex.h"

_Static_assert(sizeof(struct ilv_once) == 56, "arenas and other versions rely on the size");

bool ilv_once_is_done(const struct ilv_once *once)
{
    if (once == NULL || __atomic_load_n(&once->done, __ATOMIC_ACQUIRE) == 0)
        return false;
    ilv__is_after(&once->done);
    return true;
}

static int do_it(struct ilv_once *once, int (*function)(void *argument), void *argument)
{
    int error = ilv_mutex_lock(&once->mutex);
    if (error == EOWNERDEAD)
        error = ilv_mutex_consistent(&once->mutex);
    if (error != 0)
        return error;
    if (!ilv_once_is_done(once) && (error = function(argument)) == 0) {
        ilv__is_before(&once->done);
        __atomic_store_n(&once->done, 1, __ATOMIC_RELEASE);
    }
    ilv__mutex_leave(&once->mutex);
    return error;
}

int ilv_once_do(struct ilv_once *once, int (*function)(void *argument), void *argument)
{
    if (once == NULL || function == NULL)
        return EINVAL;
    return ilv__likely(ilv_once_is_done(once)) ? 0 : do_it(once, function, argument);
}
