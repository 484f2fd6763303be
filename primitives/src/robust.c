/* SPDX-License-Identifier: MIT */
/* robust.c: whether glibc's mutexes are as robust.h knows them, and which threads may begin. */
#include "robust.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mutex.h"

__thread struct ilv__robust ilv__robust __attribute__((tls_model("initial-exec")));

#if __PTHREAD_MUTEX_HAVE_PREV

enum known { UNKNOWN, AS_WE_KNOW, OTHERWISE };

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

/* With a mutex that glibc locks and we unlock, then the other way round. */
static bool try_out(const struct robust_list_head *head)
{
    const void *others = head->list.next;
    pthread_mutex_t mutex;
    const struct __pthread_mutex_s *m = &mutex.__data;
    memset(&mutex, 0, sizeof mutex);
    mutex.__data.__kind = ilv__mutex_kind(PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_lock(&mutex);
    bool known = is_held(m, head, others);
    if (!known || !ilv__robust_unlock(&mutex))
        pthread_mutex_unlock(&mutex);
    known = known && is_free(m, head, others) && ilv__robust_lock(&mutex);
    if (!known)
        return false;
    known = is_held(m, head, others);
    return pthread_mutex_unlock(&mutex) == 0 && known && is_free(m, head, others);
}

void ilv__robust_prepare(void)
{
    static enum known known;
    struct ilv__robust *self = &ilv__robust;
    size_t size;
    if (self->head != NULL || !ilv__unwatched ||
        __atomic_load_n(&known, __ATOMIC_RELAXED) == OTHERWISE)
        return;
    self->tid = ilv__tid();
    if (syscall(SYS_get_robust_list, 0, &self->head, &size) != 0)
        self->head = NULL;
    if (self->head == NULL || __atomic_load_n(&known, __ATOMIC_RELAXED) == AS_WE_KNOW)
        return;
    enum known found = try_out(self->head) ? AS_WE_KNOW : OTHERWISE;
    __atomic_store_n(&known, found, __ATOMIC_RELAXED);
    if (found == OTHERWISE)
        self->head = NULL;
}

#else

void ilv__robust_prepare(void)
{
}

#endif
