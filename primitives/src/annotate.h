/* SPDX-License-Identifier: MIT */
/*
 * annotate.h: what sanitizers and valgrind are told that they cannot see.
 *
 * The library's locks are pthread mutexes and its words are atomic: ThreadSanitizer understands
 * both. It cannot see switches of stacks within a thread. helgrind and DRD do not understand atomic
 * words: they are told what is ordered by them. The sanitizers' functions are weak, and valgrind's
 * requests are a few instructions that do nothing elsewhere; they are left out where its headers
 * are missing.
 */
#ifndef ILV_ANNOTATE_H
#define ILV_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>

#if __has_include(<valgrind/drd.h>) && __has_include(<valgrind/helgrind.h>)
#include <valgrind/drd.h>
#include <valgrind/helgrind.h>
#include <valgrind/valgrind.h>
#define ILV__VALGRIND 1
#else
#define ILV__VALGRIND 0
#endif

#pragma GCC visibility push(default)

extern void *__tsan_get_current_fiber(void) __attribute__((weak));
extern void *__tsan_create_fiber(unsigned flags) __attribute__((weak));
extern void __tsan_destroy_fiber(void *fiber) __attribute__((weak));
extern void __tsan_switch_to_fiber(void *fiber, unsigned flags) __attribute__((weak));
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));
extern void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom, size_t size)
    __attribute__((weak));
extern void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom, size_t *size)
    __attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *low, size_t size)
    __attribute__((weak));

/* What real ThreadSanitizers define for the calls that they know. */
extern int __interceptor_pthread_mutex_timedlock(void) __attribute__((weak));
extern int __interceptor_pthread_mutex_clocklock(void) __attribute__((weak));

extern void __tsan_mutex_pre_lock(void *address, unsigned flags) __attribute__((weak));
extern void __tsan_mutex_post_lock(void *address, unsigned flags, int depth) __attribute__((weak));

/* What our sandbox offers to programs. */
extern void ilv_program_point(void) __attribute__((weak));

#pragma GCC visibility pop

/* Whether valgrind runs the process: asked once, when the library is loaded, since even a request
 * that does nothing costs a dozen instructions. */
extern bool ilv__on_valgrind __attribute__((visibility("hidden")));

/* What the two below tell valgrind: out of line, for their frames are large. */
void ilv__tell_before(const void *x) __attribute__((visibility("hidden")));
void ilv__tell_after(const void *x) __attribute__((visibility("hidden")));

/*
 * What one thread did before is_before(x) happens before what another does after is_after(x), if
 * the library's words at x make it so; for helgrind and DRD. x is a word and no mutex: those they
 * know.
 */
static inline void ilv__is_before(const void *x)
{
    if (__builtin_expect(ilv__on_valgrind, false))
        ilv__tell_before(x);
}

static inline void ilv__is_after(const void *x)
{
    if (__builtin_expect(ilv__on_valgrind, false))
        ilv__tell_after(x);
}

/*
 * Memory becomes a stack, and is none any more; for valgrind, whose number for it is passed on. Not
 * for DRD: version 3.19 fails an assertion of its own (drd_stop_using_mem) at the exit of a program
 * that told it of a stack; it takes switches between unknown ones as they come.
 */
static inline unsigned ilv__stack_begins(const void *low, size_t size)
{
#if ILV__VALGRIND
    if (DRD_GET_DRD_THREADID != 0)
        return 0;
    return (unsigned)VALGRIND_STACK_REGISTER(low, (const char *)low + size);
#else
    (void)low;
    (void)size;
    return 0;
#endif
}

static inline void ilv__stack_ends(unsigned known_as)
{
#if ILV__VALGRIND
    if (known_as != 0)
        VALGRIND_STACK_DEREGISTER(known_as);
#endif
    (void)known_as;
}

/* What AddressSanitizer has marked on a stack is void: nobody's frames lie there. */
static inline void ilv__stack_is_clean(const void *low, size_t size)
{
    if (__asan_unpoison_memory_region != NULL)
        __asan_unpoison_memory_region(low, size);
}

/* What ThreadSanitizer, or our sandbox, calls a flow of its own within a thread; NULL: nobody
 * asks. */
static inline void *ilv__fiber_of_caller(void)
{
    return __tsan_get_current_fiber != NULL ? __tsan_get_current_fiber() : NULL;
}

static inline void *ilv__fiber_new(void)
{
    return __tsan_create_fiber != NULL ? __tsan_create_fiber(0) : NULL;
}

static inline void ilv__fiber_is_gone(void *fiber)
{
    if (fiber != NULL && __tsan_destroy_fiber != NULL)
        __tsan_destroy_fiber(fiber);
}

/*
 * The caller leaves its stack for the one from low on; fake_stack is where AddressSanitizer keeps
 * its frames meanwhile, NULL if it never comes back. What was done before happens before what is
 * done there.
 */
static inline void ilv__switch_begins(void **fake_stack, const void *low, size_t size, void *fiber)
{
    if (__sanitizer_start_switch_fiber != NULL)
        __sanitizer_start_switch_fiber(fake_stack, low, size);
    if (fiber != NULL && __tsan_switch_to_fiber != NULL)
        __tsan_switch_to_fiber(fiber, 0);
}

/* The caller is on its stack, and learns which one was left, if anybody knows. */
static inline void ilv__switch_ends(void *fake_stack, const void **low, size_t *size)
{
    if (__sanitizer_finish_switch_fiber != NULL)
        __sanitizer_finish_switch_fiber(fake_stack, low, size);
}

static inline bool ilv__is_sandboxed(void)
{
    return ilv_program_point != NULL;
}

/* A detector looks at locks, and takes one that is tried for no cause of a deadlock. */
static inline bool ilv__locks_are_watched(void)
{
    return ilv__on_valgrind || __interceptor_pthread_mutex_timedlock != NULL;
}

/* The caller got the lock of a dead holder by a timed call, which ThreadSanitizer takes for a
 * failure. */
static inline void ilv__is_taken_over(void *lock)
{
    const unsigned tried = 1U << 4;
    if (__interceptor_pthread_mutex_timedlock == NULL || __tsan_mutex_post_lock == NULL)
        return;
    __tsan_mutex_pre_lock(lock, tried);
    __tsan_mutex_post_lock(lock, tried, 0);
}

/* A detector is at work that does not know pthread_mutex_clocklock, only
 * pthread_mutex_timedlock. */
static inline bool ilv__clocklock_is_unknown(void)
{
    return ilv__on_valgrind || (__interceptor_pthread_mutex_timedlock != NULL &&
                                __interceptor_pthread_mutex_clocklock == NULL);
}

#endif
