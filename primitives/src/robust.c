/* SPDX-License-Identifier: MIT */
/* robust.c: whether glibc's mutexes are as robust.h knows them, and which threads may begin. */
#include "robust.h"

#include <stddef.h>
#include <string.h>

#include "mutex.h"

enum { NEAR = 1 << 16 }; /* bytes */

__thread struct ilv__robust ilv__robust __attribute__((tls_model("initial-exec")));

#if __PTHREAD_MUTEX_HAVE_PREV

/* By its holder, who held `others` before. */
static bool is_held(const struct __pthread_mutex_s *m, const struct robust_list_head *head,
                    const void *others)
{
    const void *node = &m->__list.__next;
    return m->__lock == ilv__tid() && m->__owner == ilv__tid() && m->__count == 1 &&
           m->__nusers == 1 && (const void *)head->list.next == node &&
           (const void *)m->__list.__next == others && (const void *)m->__list.__prev == head &&
           head->list_op_pending == NULL &&
           head->futex_offset == (const char *)&m->__lock - (const char *)node;
}

static bool is_free(const struct __pthread_mutex_s *m, const struct robust_list_head *head,
                    const void *others)
{
    return m->__lock == 0 && m->__owner == 0 && m->__nusers == 0 && m->__list.__next == NULL &&
           m->__list.__prev == NULL && (const void *)head->list.next == others &&
           head->list_op_pending == NULL;
}

/* Whether it can be the head of the caller's list, which glibc has beside what it knows of a
 * thread. */
static bool is_near(const void *head)
{
    uintptr_t self = (uintptr_t)pthread_self();
    return (uintptr_t)head >= self && (uintptr_t)head - self < NEAR;
}

/* We unlock what glibc locked, then the other way round; with self->head as it may be. */
static bool try_out(const struct ilv__robust *self, pthread_mutex_t *mutex)
{
    const struct __pthread_mutex_s *m = &mutex->__data;
    const void *others = m->__list.__next;
    if (!is_near(self->head) || !is_held(m, self->head, others) || !ilv__robust_unlock(mutex)) {
        pthread_mutex_unlock(mutex);
        return false;
    }
    if (!is_free(m, self->head, others) || !ilv__robust_lock(mutex))
        return false;
    bool held = is_held(m, self->head, others);
    return pthread_mutex_unlock(mutex) == 0 && held && is_free(m, self->head, others);
}

/* The first in a list is before all others and behind the head. */
void ilv__robust_prepare(void)
{
    struct ilv__robust *self = &ilv__robust;
    pthread_mutex_t mutex;
    if (self->tid != 0 || !ilv__unwatched)
        return;
    memset(&mutex, 0, sizeof mutex);
    mutex.__data.__kind = ilv__mutex_kind(PTHREAD_MUTEX_ERRORCHECK);
    self->tid = ilv__tid();
    if (pthread_mutex_lock(&mutex) != 0)
        return;
    self->head = (struct robust_list_head *)(void *)mutex.__data.__list.__prev;
    if (!try_out(self, &mutex))
        self->head = NULL;
}

#else

void ilv__robust_prepare(void)
{
}

#endif
