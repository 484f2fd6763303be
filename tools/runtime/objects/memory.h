/* SPDX-License-Identifier: MIT */
/*
 * memory.h: the model of memory, for instrumented programs (`interleave cc`).
 *
 * Every access is told to the race engine (race.h). It is a point only where that can matter:
 * where the word is *contended*, which it is once two accesses to it raced, or once an atomic
 * operation touched a word that another task had touched. By the theorem that a program without
 * races needs no other preemptions than at its synchronisation (S. Adve and M. Hill, "Weak
 * ordering", ISCA 1990; M. Musuvathi et al., "CHESS", OSDI 2008) nothing is lost by that.
 * What is contended in one run is known by its place (location.h) in all later rounds, from the
 * start of a run on; a block that is allocated at such a place is marked at once.
 *
 * A task that makes very many accesses without a point comes to one anyway: it may be spinning on
 * a word that only another task will change.
 */
#ifndef ILV_MEMORY_H
#define ILV_MEMORY_H

#include "race.h"
#include "runtime.h"

/* What hooks look at before they call anything. */
struct watch {
    bool here; /* there is an instrumented module */
    bool on;   /* there is more than one task, and the run is not over */
    bool each; /* not only contended words are points */
    struct ilv_race *race;
};
extern struct watch ilv__watch ILV_HIDDEN;

#define ILV_QUIET_MOST 4096u /* accesses without a point */

struct access {
    uint64_t address;
    uint64_t size;
    const void *pc; /* where the program made it */
    uint16_t event; /* enum ilv_event */
    uint16_t what;  /* ILV_RACE_* */
};

/* Once in the server, when the first instrumented module is there; in each run; and when the
 * program has ended. */
void ilv__memory_prepare(void);
void ilv__memory_begin_run(void);
void ilv__memory_end_run(void);
/* The top of the first task's stack. */
void ilv__memory_main_stack(const void *top);

/* A task's thread was made: its stack is fresh. */
void ilv__memory_task_made(const struct task *t);
/* The program's stack is about to be reported on, or left: what was written is in memory now. */
void ilv__memory_settle(struct task *t);

/* An access is about to be made by the running task. May let others run. */
void ilv__memory_access(const struct access *access);
/* Around an atomic operation; struct ilv_atomic_access is access.h's. */
struct ilv_atomic_access;
bool ilv__memory_atomic_begin(const struct ilv_atomic_access *atomic);
void ilv__memory_atomic_end(const struct ilv_atomic_access *atomic, uint64_t before, uint64_t after,
                            bool wrote);
/* Whether the published operation, a weak compare-exchange, may fail spuriously. */
bool ilv__memory_may_fail(const struct task *t);

/* The heap: a block was made, or is about to be given back. */
void ilv__memory_allocated(const void *address, size_t size, const void *pc);
size_t ilv__memory_freed(const void *address, const void *pc); /* returns its size */
/* A mapping was made: a block too. */
void ilv__memory_mapped(const void *address, size_t size, const void *pc);
/* Fresh memory of any kind. */
void ilv__memory_fresh(const void *address, size_t size);
/* Races on it are meant; may be said before there is a run. */
void ilv__memory_benign(const void *address, size_t size);

#endif
