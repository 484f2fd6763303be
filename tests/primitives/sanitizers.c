/* SPDX-License-Identifier: MIT */
/*
 * sanitizers.c: what ThreadSanitizer is told about all suites; it asks before anything is set up,
 * so that this file is compiled without it.
 *
 * Suppressed are, by the names of the functions that do it: locks that strangers unlock or that are
 * relocked on purpose, and expect to be refused; and one leak, of a thread that had just ended in
 * the parent when a child was forked, which ThreadSanitizer looks for in the child. A thread may be
 * started in a forked child of a process that has several: the library allows it.
 */
#include "sanitizers.h"

#pragma GCC visibility push(default)
const char *__tsan_default_suppressions(void);
const char *__tsan_default_options(void);
#pragma GCC visibility pop

const char *__tsan_default_suppressions(void)
{
    return "mutex:unlock_it\n"
           "mutex:unlock_of_a_free_lock_is_refused\n"
           "mutex:one_unlock_too_many_is_refused\n"
           "mutex:relock_is_refused\n"
           "mutex:waiting_without_the_mutex_is_refused\n"
           "mutex:a_waiter_of_a_killed_holder_gets_the_rlock\n"
           "mutex:a_timed_wait_with_an_rlock_holds_it_again\n"
           "thread:a_child_does_not_wait_for_a_thread_to_begin\n";
}

const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

#if __has_include(<valgrind/drd.h>) && __has_include(<valgrind/helgrind.h>)
#include <valgrind/drd.h>
#include <valgrind/helgrind.h>

void relaxed_word(const void *word, size_t size)
{
    VALGRIND_HG_DISABLE_CHECKING(word, size);
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, word, size, 0, 0, 0);
}
#else
void relaxed_word(const void *word, size_t size)
{
    (void)word;
    (void)size;
}
#endif
