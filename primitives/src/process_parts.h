/* SPDX-License-Identifier: MIT */
/* Internal to primitives: what the sources of process.h share. */
#ifndef ILV__PROCESS_PARTS_H
#define ILV__PROCESS_PARTS_H

#include <ilv/process.h>

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

enum { ILV__NAME_SIZE = 64 };

enum ilv__stage { ILV__CREATED, ILV__STARTING, ILV__STARTED, ILV__ENDED };

/* Guarded by the registry's lock, save what is written before the handle is given out. */
struct ilv_process {
    struct ilv_process *next; /* in the registry, by their start */
    char name[ILV__NAME_SIZE];
    char path[ILV__NAME_SIZE]; /* of numbers, as in 1:2 */
    bool daemon;
    pid_t maker; /* only he may join; 0: current or parent */
    enum ilv__stage stage;
    pid_t pid;
    int pidfd; /* see watch.h */
    bool lost; /* ended, and its code was taken by somebody else */
    int code;
    ilv_process_function *function;
    void *argument;
    const char *program; /* NULL: a function */
    char *const *arguments;
    char *const *environment;
};

/* The registry: the children of this process. Empty in a forked child. */
void ilv__registry_lock(void);
void ilv__registry_unlock(void);

/* Makes the handlers of fork and exit known; once. */
int ilv__process_prepare(void);

/* Forks and runs it, in a thread that lives as long as the process if it is a daemon. The handle
 * has number and pidfd afterwards. */
int ilv__process_launch(struct ilv_process *process);

/* In the child: who it is, and who its parent. */
void ilv__process_become(struct ilv_process *process, pid_t parent, int parent_pidfd);

/* Ends daemons, joins the others; what exit() does. */
void ilv__process_at_exit(void);

/* In a forked child: the thread that starts daemons is not there. */
void ilv__process_forget_launcher(void);

#pragma GCC visibility pop

#endif
