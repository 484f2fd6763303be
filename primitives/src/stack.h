/* SPDX-License-Identifier: MIT */
/*
 * stack.h: stacks for coroutines. A stack that is given back is kept by the thread that gives it
 * back, for the next of its size; what a thread keeps is unmapped when it ends.
 */
#ifndef ILV_STACK_H
#define ILV_STACK_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

struct ilv__stack {
    void *low; /* the first byte that can be used; NULL: no stack */
    size_t size;
    unsigned known_as; /* by valgrind */
};

/* A stack of that size, which is a multiple of the page. 0, or ENOMEM. */
int ilv__stack_take(struct ilv__stack *stack, size_t size);

/* Nobody runs on it any more. Does nothing if there is none. */
void ilv__stack_give_back(struct ilv__stack *stack);

/* Unmaps all that the calling thread keeps. */
void ilv__stack_forget_kept(void);

#pragma GCC visibility pop

#endif
