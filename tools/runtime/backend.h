/* SPDX-License-Identifier: MIT */
/*
 * backend.h: what both backends share, and what the rest of the runtime asks of them.
 */
#ifndef ILV_BACKEND_H
#define ILV_BACKEND_H

#include "runtime.h"

/* Finds where glibc keeps a thread's kernel id in its descriptor. Returns false when it cannot
 * (an unknown glibc): then there are no fibers. Called once, in the first thread. */
bool ilv__tid_word_locate(void);
/* That word; zero when the thread is gone. */
int32_t *ilv__tid_word(pthread_t handle);

/* What a thread with these attributes (NULL: the default ones) needs. */
void ilv__thread_want(const pthread_attr_t *attributes, struct ilv_thread_want *want);
/* Notes it in the block: the pool of later runs has such a thread. */
void ilv__note_want(const struct ilv_thread_want *want);
/* Attributes for such a thread. 0 or an error number; to be destroyed. */
int ilv__attributes_of(const struct ilv_thread_want *want, pthread_attr_t *attributes);

#endif
