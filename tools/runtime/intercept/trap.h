/* SPDX-License-Identifier: MIT */
/*
 * trap.h: the third door, below libc's symbols: every system call that no model announced comes
 * here before it is made.
 */
#ifndef ILV_TRAP_H
#define ILV_TRAP_H

#include "runtime.h"

/*
 * ilv__trap_arm() and ilv__trap_arm_thread() stand in runtime.h. The first arms the trap in the
 * process of a run, as the configuration says, for the calling thread; the second arms the
 * calling thread, a task, in the way the process was armed. Both are called by the runtime's own
 * code, before the task is let go by ilv__exit(). A thread that ends is let go by leaving its
 * selector at ILV_SELECT_ALLOW.
 *
 * Which way it is armed: enum ilv_trap, in run->trap as well.
 */

/* Goes back from a signal frame whose restorer's system call was trapped. stack is the stack
 * pointer that the restorer had. */
ILV_NORETURN void ilv__trap_return(uint64_t stack) ILV_HIDDEN;

/* Puts the handler back, in case that the program (or a library) changed it. */
void ilv__trap_handler_install(void);

#endif
