/* SPDX-License-Identifier: MIT */
/*
 * Internal to primitives: descriptors that tell the end of a process.
 *
 * A watch is a descriptor on which poll() returns once the process has ended, held by whoever may
 * ask. It is a pidfd; where the kernel has none (and under valgrind), the reading end of a
 * lifeline: a pipe whose writing end only that process keeps. A lifeline tells the end a moment
 * before the zombie can be reaped, and a spawned program hands it on to its own children.
 */
#ifndef ILV__WATCH_H
#define ILV__WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

/* Made before a fork, so that being short of descriptors shows there. */
struct ilv__watch {
    int watched; /* by the parent; a place holder for a pidfd */
    int held;    /* by the child; -1 for a pidfd */
};

int ilv__watch_open(struct ilv__watch *watch, bool program);

/* In the parent: the descriptor of the child, which is not reaped; or an error. */
int ilv__watch_child(struct ilv__watch *watch, pid_t child, int *descriptor);

/* In the parent, when there is no child. */
void ilv__watch_abandon(struct ilv__watch *watch);

/* In the child. */
void ilv__watch_hold(const struct ilv__watch *watch);

/* A descriptor of the calling process for those that it forks; -1 and errno without. */
int ilv__watch_self(void);

/* In every forked child: it keeps nothing of its parent alive. */
void ilv__watch_forget(void);

/* waitid() and kill() for a child that is not reaped. */
int ilv__watch_wait(int descriptor, pid_t child, siginfo_t *info, int options);
int ilv__watch_signal(int descriptor, pid_t child, int number);

#pragma GCC visibility pop

#endif
