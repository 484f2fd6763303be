/* SPDX-License-Identifier: MIT */
/*
 * machine.h: contexts of execution, one file a machine in machine/: registers and a stack.
 *
 * A switch keeps what a function call keeps: the registers that a callee must preserve, and the
 * control words of the floating point units. Nothing else is the context's: no signal mask, no
 * locals of threads.
 */
#ifndef ILV_MACHINE_H
#define ILV_MACHINE_H

#pragma GCC visibility push(hidden)

/*
 * A context that rests and will begin with entry(), which never returns. Its stack is the memory
 * from low to top, aligned to 16 bytes. It begins with the control words of the caller.
 */
void *ilv__machine_make(void *top, void *low, void (*entry)(void));

/* Puts the caller to rest, leaving its context in *from, and goes on with the context `to`, which
 * rests no more. Returns when somebody goes on with *from. */
void ilv__machine_switch(void **from, void *to);

#pragma GCC visibility pop

#endif
