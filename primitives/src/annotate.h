/* SPDX-License-Identifier: MIT */
/*
 * annotate.h: what sanitizers and valgrind are told that they cannot see.
 *
 * The library's locks are pthread mutexes and its words are atomic: detectors understand both. What
 * they cannot see are switches of stacks within a thread. The sanitizers' functions are weak: a program
 * without a sanitizer has none of them and pays a test.
 */
#ifndef ILV_ANNOTATE_H
#define ILV_ANNOTATE_H

#include <stddef.h>

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

#pragma GCC visibility pop

#endif
