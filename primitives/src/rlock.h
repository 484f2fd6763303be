/* SPDX-License-Identifier: MIT */
/* rlock.h of src/: what the condition needs of an rlock. */
#ifndef ILV_RLOCK_INTERNAL_H
#define ILV_RLOCK_INTERNAL_H

#include <ilv/rlock.h>

#pragma GCC visibility push(hidden)

/* Gives up all locks of the caller, and says how many there were. EINVAL, EPERM as unlock. */
int ilv__rlock_give_up(struct ilv_rlock *rlock, uint32_t *depth);

/* Takes them again, so many. As lock. */
int ilv__rlock_take_again(struct ilv_rlock *rlock, uint32_t depth);

#pragma GCC visibility pop

#endif
