/* SPDX-License-Identifier: MIT */
/*
 * robust.h: what glibc does with a free robust mutex, without the way there.
 *
 * To lock and unlock a robust mutex that nobody contends for takes two atomic exchanges and a few
 * stores; glibc spends as much time on finding out which of its mutexes it is. Here are the same
 * stores on the same object, so that either side of a pair may be glibc's. All but a free word and
 * a plain owner is left to glibc: waiting, dead owners, mutexes that are lost.
 *
 *   lock       pending = node    the kernel looks there, too, when the thread dies
 *              word 0 -> tid     acquires
 *              list <- node      now the kernel finds it in the list
 *              pending = NULL
 *              owner = tid
 *   unlock     the same backwards. The word's exchange releases, and says whether somebody waits;
 *              if the thread dies before it has woken that one, the kernel does, as pending says
 *              where
 *
 * Who dies is stopped between two instructions, and the kernel reads what the thread itself would:
 * so the order of the stores in the program is all that is needed (ilv__robust_step).
 *
 * A thread begins with it when nobody watches locks, and when mutex and list are laid out as here,
 * which it tries out with a mutex of its own (robust.c). The child of a fork begins anew. Sources
 * for the list, its futex_offset and what the kernel does with them: Linux,
 * Documentation/locking/robust-futexes.rst and robust-futex-ABI.rst; the fields are those of
 * glibc's bits/struct_mutex.h.
 */
#ifndef ILV_ROBUST_H
#define ILV_ROBUST_H

#include <linux/futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "park.h"

#pragma GCC visibility push(hidden)

struct ilv__robust {
    struct robust_list_head *head; /* the calling thread's; NULL: all is left to glibc */
    pid_t tid;                     /* 0: it has not tried so far */
};

extern __thread struct ilv__robust ilv__robust __attribute__((tls_model("initial-exec")));

/* Lets the calling thread begin, if that can be. */
void ilv__robust_prepare(void);

/* What is before it in the program is done before what is behind it, as far as the thread itself
 * can see. */
static inline void ilv__robust_step(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

#if __PTHREAD_MUTEX_HAVE_PREV

/* A link is the address of a node's `next` word, of which the lowest bit may be a mark; the word
 * before that is its `prev`. The head looks like a node. */
static inline void **ilv__robust_next(void *link)
{
    return (void **)((uintptr_t)link & ~(uintptr_t)1);
}

static inline void **ilv__robust_prev(void *link)
{
    return ilv__robust_next(link) - 1;
}

static inline void ilv__robust_link(struct robust_list_head *head, void **node)
{
    void *first = head->list.next;
    node[0] = first;
    node[-1] = head;
    *ilv__robust_prev(first) = node;
    ilv__robust_step();
    head->list.next = (struct robust_list *)node;
}

static inline void ilv__robust_unlink(void **node)
{
    *ilv__robust_next(node[-1]) = node[0];
    *ilv__robust_prev(node[0]) = node[-1];
    node[0] = NULL;
    node[-1] = NULL;
}

/* The last of an unlock: the mutex is in no list, and pending. */
static inline void ilv__robust_free(struct robust_list_head *head, struct __pthread_mutex_s *m)
{
    ilv__robust_step();
    uint32_t before = (uint32_t)__atomic_exchange_n(&m->__lock, 0, __ATOMIC_RELEASE);
    if (__builtin_expect((before & FUTEX_WAITERS) != 0, 0))
        ilv__wake((uint32_t *)&m->__lock, 1);
    ilv__robust_step();
    head->list_op_pending = NULL;
}

/* The mutex was not free; or it was, and is lost, as glibc will say. */
static inline bool ilv__robust_not_taken(struct robust_list_head *head, struct __pthread_mutex_s *m)
{
    if (m != NULL)
        ilv__robust_free(head, m);
    head->list_op_pending = NULL;
    return false;
}

/* Takes the mutex if it is free; false: nothing was done. Never blocks. Acquires. */
static inline bool ilv__robust_lock(pthread_mutex_t *mutex)
{
    struct robust_list_head *head = ilv__robust.head;
    struct __pthread_mutex_s *m = &mutex->__data;
    void **node = (void **)&m->__list.__next;
    int word = 0;
    if (__builtin_expect(head == NULL || __atomic_load_n(&m->__lock, __ATOMIC_RELAXED) != 0, 0))
        return false;
    head->list_op_pending = (struct robust_list *)node;
    ilv__robust_step();
    bool taken = __atomic_compare_exchange_n(&m->__lock, &word, ilv__robust.tid, false,
                                             __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    if (__builtin_expect(!taken || m->__owner != 0, 0))
        return ilv__robust_not_taken(head, taken ? m : NULL);
    m->__count = 1;
    ilv__robust_link(head, node);
    ilv__robust_step();
    head->list_op_pending = NULL;
    __atomic_store_n(&m->__owner, ilv__robust.tid, __ATOMIC_RELAXED);
    m->__nusers++;
    return true;
}

/* Gives the mutex up if the caller holds it, once, and got it from nobody dead; false: nothing was
 * done. Releases. */
static inline bool ilv__robust_unlock(pthread_mutex_t *mutex)
{
    struct robust_list_head *head = ilv__robust.head;
    struct __pthread_mutex_s *m = &mutex->__data;
    void **node = (void **)&m->__list.__next;
    if (__builtin_expect(head == NULL ||
                             __atomic_load_n(&m->__owner, __ATOMIC_RELAXED) != ilv__robust.tid ||
                             m->__count != 1,
                         0))
        return false;
    head->list_op_pending = (struct robust_list *)node;
    ilv__robust_step();
    ilv__robust_unlink(node);
    m->__nusers--;
    __atomic_store_n(&m->__owner, 0, __ATOMIC_RELAXED);
    ilv__robust_free(head, m);
    return true;
}

#else

static inline bool ilv__robust_lock(pthread_mutex_t *mutex)
{
    (void)mutex;
    return false;
}

static inline bool ilv__robust_unlock(pthread_mutex_t *mutex)
{
    (void)mutex;
    return false;
}

#endif

#pragma GCC visibility pop

#endif
