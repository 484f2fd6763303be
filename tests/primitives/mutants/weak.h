/* SPDX-License-Identifier: MIT */
/*
 * weak.h: included before every source of a program whose atomic words are to be weak.
 *
 * Each word keeps its last values. A load gives any of them that C11 lets the thread see: none
 * older than one that it saw, or wrote, or that happened before the load; and if the load is
 * sequentially consistent, none older than the last sequentially consistent store. Operations that
 * change a word see its newest value, as they must. Happens before is kept by clocks of all
 * threads: through what is released and acquired, mutexes, starts and joins of threads. Fences are
 * not known: the primitives have none. Loads do not see values that are yet to come, so not
 * everything that C11 allows can be seen. For the sandbox, which lets one thread run at a time:
 * weak.c has no locks.
 */
#ifndef WEAK_H
#define WEAK_H

#ifndef __ASSEMBLER__

#include <pthread.h>
#include <stdint.h>

enum weak_operation { WEAK_STORE, WEAK_ADD, WEAK_AND, WEAK_OR };

uint64_t weak_load(const volatile void *at, unsigned size, int order);

/* Gives the value before. */
uint64_t weak_change(volatile void *at, unsigned size, enum weak_operation operation, uint64_t with,
                     int order);

/* `may_fail`: also when it could succeed. */
int weak_compare(volatile void *at, unsigned size, void *expected, uint64_t desired, int may_fail,
                 int success, int failure);
void weak_store(volatile void *at, unsigned size, uint64_t value, int order);

/* Gives `error`, and if that means so, takes over what was released. */
int weak_locked(pthread_mutex_t *mutex, int error);
void weak_unlocks(pthread_mutex_t *mutex);
int weak_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                void *argument);
int weak_join(pthread_t thread, void **result);

#ifndef WEAK_INSIDE
#define WEAK__CHANGE(p, operation, v, order) \
    ((__typeof__(*(p)))weak_change((p), sizeof *(p), (operation), (uint64_t)(v), (order)))
#define __atomic_load_n(p, order) ((__typeof__(*(p)))weak_load((p), sizeof *(p), (order)))
#define __atomic_store_n(p, v, order) weak_store((p), sizeof *(p), (uint64_t)(v), (order))
#define __atomic_exchange_n(p, v, order) WEAK__CHANGE(p, WEAK_STORE, v, order)
#define __atomic_fetch_add(p, v, order) WEAK__CHANGE(p, WEAK_ADD, v, order)
#define __atomic_fetch_sub(p, v, order) WEAK__CHANGE(p, WEAK_ADD, -(uint64_t)(v), order)
#define __atomic_sub_fetch(p, v, order) \
    ((__typeof__(*(p)))(WEAK__CHANGE(p, WEAK_ADD, -(uint64_t)(v), order) - (v)))
#define __atomic_fetch_and(p, v, order) WEAK__CHANGE(p, WEAK_AND, v, order)
#define __atomic_fetch_or(p, v, order) WEAK__CHANGE(p, WEAK_OR, v, order)
#define __atomic_compare_exchange_n(p, expected, v, weak, success, failure) \
    weak_compare((p), sizeof *(p), (expected), (uint64_t)(v), (weak), (success), (failure))
#define pthread_mutex_lock(m) weak_locked((m), pthread_mutex_lock(m))
#define pthread_mutex_trylock(m) weak_locked((m), pthread_mutex_trylock(m))
#define pthread_mutex_timedlock(m, t) weak_locked((m), pthread_mutex_timedlock((m), (t)))
#define pthread_mutex_clocklock(m, c, t) weak_locked((m), pthread_mutex_clocklock((m), (c), (t)))
#define pthread_mutex_unlock(m) (weak_unlocks(m), pthread_mutex_unlock(m))
#define pthread_create(t, a, body, argument) weak_create((t), (a), (body), (argument))
#define pthread_join(t, result) weak_join((t), (result))
#endif

#endif /* __ASSEMBLER__ */
#endif
