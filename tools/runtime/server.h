/* SPDX-License-Identifier: MIT */
/*
 * server.h: the fork server, and how a run begins in the process forked for it.
 */
#ifndef ILV_SERVER_H
#define ILV_SERVER_H

#include "runtime.h"

/* The descriptors of the control interface, moved out of the program's way. -1 outside. */
struct server_fds {
    int command;
    int answer;
};
extern struct server_fds ilv__server_fds ILV_HIDDEN;

/*
 * Answers READY and carries out commands. Returns in the process of each run, with the plan in
 * place and the world begun; the server itself never returns.
 */
void ilv__serve(void);

/* Tells the explorer and ends the process: the program cannot be stopped where it was to be. */
ILV_NORETURN void ilv__serve_early(enum ilv_answer_what what);

/* The program ended before the place where it was to stop. What went wrong in a constructor is
 * hunted from before the constructors on. */
ILV_NORETURN void ilv__serve_ended(enum ilv_end how);

/* Lets the program go on until it first calls the function of this name, and serves there; answers
 * NO_SYMBOL when the program has none (start_at.c). */
void ilv__start_at(const char *name);
/* The name that means the program's own call of ilv_start(). */
#define ILV_START_BY_CALL "ilv_start"

/* Forks the process of a run (checkpoint_fork.c): 0 in it, its pid in the server. */
int ilv__checkpoint_fork(void);
/* Remembers the tables as they are at the start of every run, and puts them back. */
void ilv__checkpoint_save(void);
void ilv__checkpoint_restore(void);

/* The run directory of run `run`: made as a copy of the source directory, entered by the run,
 * removed by the server (rundir.c). Nothing without --fresh-dir. */
void ilv__rundir_make(uint32_t run);
void ilv__rundir_enter(uint32_t run);
void ilv__rundir_remove(uint32_t run);
/* --check: runs the command and returns its exit status, or 128 + signal; 0 without one. */
int ilv__rundir_check(uint32_t run);

#endif
