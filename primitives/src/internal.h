/* SPDX-License-Identifier: MIT */
/*
 * internal.h of primitives/: what its sources share. Nobody else includes it.
 *
 * Order of locks: an object's own ilv_mutex, then the registry of threads. No function of the
 * library calls a user's function with one of them held, except where its header says so.
 */
#ifndef ILV_INTERNAL_H
#define ILV_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "park.h"

#pragma GCC visibility push(hidden)

#define ilv__likely(condition) __builtin_expect(!!(condition), 1)
#define ilv__unlikely(condition) __builtin_expect(!!(condition), 0)

/* For loops that spin. */
static inline void ilv__pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

struct ilv_mutex;

/* The kernel's name of the calling thread: kept, and asked for again after a fork. */
pid_t ilv__tid(void);

/* A number of the calling thread that no other has, of any process that shares memory with it,
 * alive or dead: the kernel's number, and beside it the time of the question. Kept as above; never
 * 0. */
uint64_t ilv__task(void);

/*
 * A process that can be told from a later one with the same number: pid in the low half, the
 * time it was started (in clock ticks, cut to 32 bits) in the high half. 0 is nobody. One word, so
 * that one store writes it. Processes that share an object must share a space of pids.
 */
typedef uint64_t ilv__life;

/* The calling process; kept, and asked for again after a fork. */
ilv__life ilv__self_life(void);

/* False if the process has ended, killed or not, reaped or not. Costs some system calls. */
bool ilv__life_goes_on(ilv__life life);

/* Registers the handlers of fork; once a process, by whatever comes first. */
void ilv__self_prepare(void);

/* What a child must do that was made without them. */
void ilv__self_forget(void);

/* Waits until all threads have ended that keep the process: those that are no daemons, save the
 * caller. What exit does. */
void ilv__threads_await(void);

#pragma GCC visibility pop

#endif
