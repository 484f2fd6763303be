/* SPDX-License-Identifier: MIT */
/*
 * loader.h: the locks of the dynamic linker, as far as the runtime itself would wait for them.
 *
 * Code that dlopen runs, constructors above all, is scheduled like any other; the linker's lock
 * is held meanwhile. A task that needs it makes a futex call, which is modelled. But the runtime
 * needs it too: pthread_create takes it, and there nobody else could be let go on.
 */
#ifndef ILV_LOADER_H
#define ILV_LOADER_H

#include "runtime.h"

/* Finds the locks. Where it cannot, they are taken to be free always. Called once, in the first
 * thread, before there is another one; after ilv__tid_word_locate(), which was successful. */
void ilv__loader_locate(void);

/* Whether the running task could have the list of loaded objects at once (dl_iterate_phdr). */
bool ilv__loader_lists_free(void);

/* Publishes an operation that takes the linker's lock for a moment, and returns when the running
 * task was chosen and the lock is free. As ilv__point(). */
void ilv__loader_point(const struct ilv_op *op);

/* The lock may have been taken or let go since it was looked at last: looks for those who wait
 * for it. Called before each choice while there are any (world.loader_waiters). */
void ilv__loader_look(void);

#endif
