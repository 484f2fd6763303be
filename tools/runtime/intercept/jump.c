/* SPDX-License-Identifier: MIT */
/*
 * jump.c: the doors of setjmp and longjmp. A jump may leave signal handlers, and restores the
 * mask that sigsetjmp saved: both are virtual here.
 *
 * The real functions would ask the kernel for the mask. So they are always told not to save one,
 * and the virtual mask is kept in the last words of the buffer's own mask, which neither glibc
 * nor the kernel uses (the kernel's sets have 8 bytes, glibc's have 128).
 */
#include <setjmp.h>

#include "intercept/doors.h"
#include "objects/signal.h"

#define SAVED_MAGIC UINT64_C(0x564c49a7534d4a50)
#define AT_MAGIC 14
#define AT_MASK 15
#define STACK_POINTER 6 /* glibc's JB_RSP */
#define ROTATION 17

typedef void function(void);
function *ilv__note_sigsetjmp(struct __jmp_buf_tag *target, int save,
                              uint64_t *argument) ILV_HIDDEN;
function *ilv__note_setjmp(struct __jmp_buf_tag *target, int save, uint64_t *argument) ILV_HIDDEN;

/* Marks the buffer as one that has a mask; no other buffer has this number there. */
static uint64_t magic_of(const struct __jmp_buf_tag *target)
{
    return SAVED_MAGIC ^ (uintptr_t)target;
}

static bool has_mask(const struct __jmp_buf_tag *target)
{
    return target->__saved_mask.__val[AT_MAGIC] == magic_of(target);
}

/* A buffer of pthread_cleanup_push ends before the mask: nothing is written that is not ours. */
static void note(struct __jmp_buf_tag *target, bool save)
{
    unsigned long *words = target->__saved_mask.__val;
    if (!save && !has_mask(target))
        return;
    words[AT_MAGIC] = save ? magic_of(target) : 0;
    words[AT_MASK] = ilv__self->mask;
}

/* Called by the door, which jumps to what is returned with *argument as the second argument. */
function *ilv__note_sigsetjmp(struct __jmp_buf_tag *target, int save, uint64_t *argument)
{
    if (ilv__managed()) {
        note(target, save != 0);
        *argument = 0;
    }
    return (function *)ilv__real()->__sigsetjmp;
}

function *ilv__note_setjmp(struct __jmp_buf_tag *target, int save, uint64_t *argument)
{
    (void)save;
    (void)argument;
    if (ilv__managed())
        note(target, false);
    return (function *)ilv__real()->_setjmp;
}

/* glibc hides the registers in a buffer: rotated, and mixed with a secret of the thread. */
static uintptr_t stack_pointer_of(const struct __jmp_buf_tag *target)
{
    uint64_t secret;
    uint64_t hidden = (uint64_t)target->__jmpbuf[STACK_POINTER];
    __asm__("mov %%fs:0x30, %0" : "=r"(secret));
    return (hidden >> ROTATION | hidden << (64 - ROTATION)) ^ secret;
}

static void leave_handlers(const struct __jmp_buf_tag *target)
{
    const unsigned long *words = target->__saved_mask.__val;
    if (!ilv__managed())
        return;
    ilv__enter();
    ilv__signal_unwind(stack_pointer_of(target));
    if (has_mask(target)) {
        uint64_t mask = words[AT_MASK];
        ilv__signal_mask(SIG_SETMASK, &mask, NULL);
    }
    ilv__exit();
}

void ilv_door_longjmp(struct __jmp_buf_tag *target, int value)
{
    leave_handlers(target);
    ilv__real()->longjmp(target, value);
}

void ilv_door__longjmp(struct __jmp_buf_tag *target, int value)
{
    leave_handlers(target);
    ilv__real()->_longjmp(target, value);
}

void ilv_door_siglongjmp(struct __jmp_buf_tag *target, int value)
{
    leave_handlers(target);
    ilv__real()->siglongjmp(target, value);
}

void ilv_door___longjmp_chk(struct __jmp_buf_tag *target, int value)
{
    leave_handlers(target);
    ilv__real()->__longjmp_chk(target, value);
}
