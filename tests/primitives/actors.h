/* SPDX-License-Identifier: MIT */
/*
 * actors.h: who takes part in a conformance test: threads, or processes.
 *
 * Each suite is compiled twice: into test_primitives_threads, where actors are threads and objects
 * lie in the memory of the process, and, with ILV_PROCESSES, into test_primitives_processes, where
 * actors are forked children and objects lie in a shared mapping. The source is the same.
 *
 *     static int holder(void *argument) { ...; return 0; }
 *
 *     struct mutex_stage *stage = share(sizeof *stage);
 *     struct actor actor = start(holder, stage);
 *     await_sleep(&actor);
 *     ILV_CHECK_INT(end_of(&actor), 0);
 *
 * Nothing here waits for an amount of time: await() looks at a word until it has a value, and
 * await_sleep() at what the kernel says of a task.
 */
#ifndef ACTORS_H
#define ACTORS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#ifdef ILV_PROCESSES
#define ACTORS_ARE_PROCESSES true
#else
#define ACTORS_ARE_PROCESSES false
#endif

/* Of arenas that need no more: memcheck's search for leaks looks at every page up to the limit. */
#define LIMIT ((size_t)16 << 20)

struct actor {
    struct actor_start *start;
    pthread_t thread;
    pid_t pid;
};

/* Zeroed memory that actors started later share with the test. Never freed. */
void *share(size_t size);

/* Starts an actor; its function's result, 0 to 99, is given by end_of(). */
struct actor start(int (*function)(void *argument), void *argument);

/* Waits until it has ended: what its function gave, or -n if it was killed by signal n. */
int end_of(struct actor *actor);

/* Waits until it sleeps in the kernel, where it has been sleeping for some looks. */
void await_sleep(const struct actor *actor);

/* Kills a process with SIGKILL, leaves it a zombie if not reaped; see end_of(). Skips the test if
 * actors are threads: those die with the test. */
void kill_it(struct actor *actor);
void only_for_processes(void);

/* Words that actors tell each other with: atomic, released and acquired. */
void tell(uint32_t *word, uint32_t value);
uint32_t told(const uint32_t *word);
void await(const uint32_t *word, uint32_t value);

/* Deadlines that have passed long ago, and that no test lives to see. */
extern const struct timespec long_ago;
extern const struct timespec far_away;
/* And three that cannot be: negative, nanoseconds negative, nanoseconds too many. */
extern const struct timespec impossible[3];

#endif
