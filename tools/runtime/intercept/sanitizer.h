/* SPDX-License-Identifier: MIT */
/*
 * sanitizer.h: programs that carry a sanitizer's own runtime (ThreadSanitizer, AddressSanitizer;
 * statically linked, as clang does) are hunted as they are. See sanitizer.c.
 */
#ifndef ILV_SANITIZER_H
#define ILV_SANITIZER_H

#include "runtime.h"

/* Which one lies beneath. */
extern enum ilv_sanitizer ilv__sanitizer ILV_HIDDEN;

/* Looks for one in the program. Once, before any of the program's code has run. */
void ilv__sanitizer_find(void);
/* In the server, before the first run: the sanitizer is up by now. */
void ilv__sanitizer_prepare(void);
/* In each run, when the trap is armed: without it what a sanitizer says cannot be seen. */
void ilv__sanitizer_begin_run(void);

/* Around a call within which the sanitizer may hold a lock of its own: 1 before, -1 after. There
 * is no choice between the two. */
void ilv__sanitizer_holds(int change);

/* What a real thread begins with. */
struct ilv_thread_start {
    void *(*routine)(void *);
    void *argument;
};

/*
 * How the real thread of t is to begin so that entry(t) runs in it. ThreadSanitizer's start
 * routine tells the creator, which waits for it, that the thread has begun; only then may the
 * thread wait for its turn. So it is called first and calls the entry, and t->start and
 * t->argument become the program's own.
 */
struct ilv_thread_start ilv__sanitizer_start(struct task *t, void *(*entry)(void *));

/*
 * A thread of the sanitizer's own, which watches limits on memory, is not made: it would run
 * beside the task that has its turn. Whether this start routine is such a one; then *thread is a
 * handle of nothing, for which ilv__sanitizer_no_thread() is true.
 */
bool ilv__sanitizer_own_thread(void *(*start)(void *), pthread_t *thread);
bool ilv__sanitizer_no_thread(pthread_t thread);

/* Whether a call that returns there was made by the sanitizer for itself: reading the clock. */
bool ilv__sanitizer_asks(const void *back);

/* Whether the instruction before pc is a system call of the sanitizer itself. */
bool ilv__sanitizer_calls(uint64_t pc);
/* Carries that call out. Does not return when the sanitizer ends the process or has found what
 * ends the run. */
long ilv__sanitizer_syscall(long number, const long *arguments);

/* ---- sanitizer_once.c --------------------------------------------------------------------- */

/* The program defines a function of this name. */
void ilv__sanitizer_once_symbol(const char *name, uint64_t address, uint64_t size);
/* All are known and it is ThreadSanitizer: once, before any of the program's code has run. */
void ilv__sanitizer_once_replace(void);
/* From now on ThreadSanitizer may be told. */
void ilv__sanitizer_once_up(void);

/* ---- sanitizer_compare.c ------------------------------------------------------------------ */

/* A race on the word of this byte, seen by our detector or by ThreadSanitizer. */
void ilv__sanitizer_we_found(uint64_t address);
void ilv__sanitizer_they_found(uint64_t address);
/* The run ends: where they disagree it has findings. */
void ilv__sanitizer_compare(void);

/* ---- sanitizer_report.c ------------------------------------------------------------------- */

/* The program defines a function of this name: the ones through which reports are read are kept. */
void ilv__sanitizer_report_symbol(const char *name, uint64_t address);
/* The sanitizer writes; what it finds becomes a finding. */
void ilv__sanitizer_wrote(const char *text, size_t size);
/* The sanitizer ends the process: with what it found, or because it cannot go on. */
ILV_NORETURN void ilv__sanitizer_ends(int status);
/* The task whose kernel thread this is, NULL if there is none (sanitizer.c). */
const struct task *ilv__sanitizer_task(int kernel_tid);

#endif
