/* SPDX-License-Identifier: MIT */
/*
 * ucontext.c: contexts of libc, for machines that have no file of their own here. One that rests is
 * a ucontext_t: on the stack that it belongs to, so that nothing is to be freed.
 */
#include <stddef.h>
#include <ucontext.h>

#include "../machine.h"

void *ilv__machine_make(void *top, void *low, void (*entry)(void))
{
    ucontext_t *made = (ucontext_t *)top - 1;
    if (getcontext(made) != 0)
        __builtin_trap();
    made->uc_stack.ss_sp = low;
    made->uc_stack.ss_size = (size_t)((char *)made - (char *)low);
    made->uc_link = NULL;
    makecontext(made, entry, 0);
    return made;
}

void ilv__machine_switch(void **from, void *to)
{
    ucontext_t here;
    *from = &here;
    if (swapcontext(&here, to) != 0)
        __builtin_trap();
}
