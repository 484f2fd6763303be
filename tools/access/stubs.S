/* SPDX-License-Identifier: MIT */
/*
 * The stubs of plain accesses (plain.def), twice from this file.
 *
 * Without a sanitizer beneath: test the module's byte and return; or put the program's address
 * behind the arguments and jump into the hook, whose frame then lies directly upon the program's.
 * Only registers that any call may change are used, and the stack is as the program left it.
 *
 * With ThreadSanitizer beneath (ILV_ACCESS_REAL): the linker leads `name` to `__wrap_name` and
 * `__real_name` to the sanitizer (--wrap). The hook is called, then the sanitizer jumped to with
 * the arguments as they came (in shared libraries by names of ours: internal.h). At entry the stack
 * is 8 below a multiple of 16.
 */
#include "layout.h"

#define on ilv__access_module + ILV_MODULE_ON(%rip)
#define hooks ilv__access_module + ILV_MODULE_HOOKS(%rip)

.macro begin name
    .globl \name
    .hidden \name
    .type \name, @function
    .p2align 4
\name:
    .cfi_startproc
    cmpb $0, on
.endm

.macro end name
    .cfi_endproc
    .size \name, . - \name
.endm

#ifndef ILV_ACCESS_REAL

/* pc: the register of the argument behind the last */
.macro stub name, real, hook, pc
    begin \name
    jne 1f
    ret
1:  mov hooks, %rax
    mov (%rsp), \pc
    jmp *\hook(%rax)
    end \name
.endm

#define ENTRY(name) name
#define REAL(name) name

#else

.macro stub name, real, hook, pc
    begin \name
    jne 1f
    jmp \real
1:  push %rdi
    .cfi_adjust_cfa_offset 8
    push %rsi
    .cfi_adjust_cfa_offset 8
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    mov hooks, %rax
    mov 24(%rsp), \pc
    call *\hook(%rax)
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    pop %rdi
    .cfi_adjust_cfa_offset -8
    jmp \real
    end \name
.endm

#ifdef ILV_ACCESS_SHARED
#define ENTRY(name) name
#define REAL(name) ilv_beneath_##name@PLT
#else
#define ENTRY(name) __wrap_##name
#define REAL(name) __real_##name
#endif

#endif

#define ONE(name, hook) stub ENTRY(name), REAL(name), ILV_HOOK_##hook, %rsi
#define TWO(name, hook) stub ENTRY(name), REAL(name), ILV_HOOK_##hook, %rdx
#define NONE(name, hook) stub ENTRY(name), REAL(name), ILV_HOOK_##hook, %rdi
#define SIZED(entry, real, hook, index) stub entry, real, ILV_HOOK_##hook+8*index, %rsi
#define WIDER(name, hook) \
    SIZED(ENTRY(name##2), REAL(name##2), hook, 1); SIZED(ENTRY(name##4), REAL(name##4), hook, 2); \
    SIZED(ENTRY(name##8), REAL(name##8), hook, 3); SIZED(ENTRY(name##16), REAL(name##16), hook, 4)
#define SIZES(name, hook) \
    SIZED(ENTRY(name##1), REAL(name##1), hook, 0); WIDER(name, hook)
#define WIDER_AS(name, hook, real) \
    SIZED(name##2, REAL(real##2), hook, 1); SIZED(name##4, REAL(real##4), hook, 2); \
    SIZED(name##8, REAL(real##8), hook, 3); SIZED(name##16, REAL(real##16), hook, 4)
#define SIZES_AS(name, hook, real) \
    SIZED(name##1, REAL(real##1), hook, 0); WIDER_AS(name, hook, real)

    .text
#include "plain.def"

    .section .note.GNU-stack, "", @progbits
