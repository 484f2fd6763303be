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
 * the arguments as they came. At entry the stack is 8 below a multiple of 16.
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
.macro stub name, hook, pc, real
    begin \name
    jne 1f
    ret
1:  mov hooks, %rax
    mov (%rsp), \pc
    jmp *\hook(%rax)
    end \name
.endm

#define ONE(name, hook, real) stub name, ILV_HOOK_##hook, %rsi, real
#define TWO(name, hook, real) stub name, ILV_HOOK_##hook, %rdx, real
#define NONE(name, hook, real) stub name, ILV_HOOK_##hook, %rdi, real
#define AT(name, size, hook, index, real) \
    stub name##size, ILV_HOOK_##hook+8*index, %rsi, real##size

#else

.macro stub name, hook, real
    begin __wrap_\name
    jne 1f
    jmp __real_\real
1:  push %rdi
    .cfi_adjust_cfa_offset 8
    push %rsi
    .cfi_adjust_cfa_offset 8
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    mov hooks, %rax
    mov 24(%rsp), %rdx
    .ifndef two_\name
    mov %rdx, %rsi
    .endif
    call *\hook(%rax)
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    pop %rdi
    .cfi_adjust_cfa_offset -8
    jmp __real_\real
    end __wrap_\name
.endm

#define ONE(name, hook, real) stub name, ILV_HOOK_##hook, real
#define TWO(name, hook, real) .set two_##name, 1; stub name, ILV_HOOK_##hook, real
#define NONE(name, hook, real) ONE(name, hook, real)
#define AT(name, size, hook, index, real) \
    stub name##size, ILV_HOOK_##hook+8*index, real##size

#endif

#define WIDER(name, hook, real) \
    AT(name, 2, hook, 1, real); AT(name, 4, hook, 2, real); \
    AT(name, 8, hook, 3, real); AT(name, 16, hook, 4, real)
#define SIZES(name, hook, real) AT(name, 1, hook, 0, real); WIDER(name, hook, real)

    .text
#include "plain.def"

    .section .note.GNU-stack, "", @progbits
