/* SPDX-License-Identifier: MIT */
/*
 * arch_signal_x86_64.S: what C cannot say about signals.
 *
 *   void ilv__call_on_stack(uintptr_t top, function, int signal, siginfo_t *info, void *context)
 *       calls function(signal, info, context) on another stack
 *   __sigsetjmp, _setjmp
 *       doors that return twice: they note the virtual mask, then jump to the real function,
 *       which saves the registers as it finds them and never the real mask
 *   ilv__fault_return
 *       where the handler of a fault returns to: a trap that fault.c takes for the end of it
 *   bool ilv__peek(void *to, uint64_t address, size_t size)
 *       copies by one instruction, ilv__peek_load, of which fault.c knows that it may fault
 *   ilv__fault_restore
 *       ends a real signal handler: rt_sigreturn, from where the trap lets it pass
 */
    .text

    .globl ilv__call_on_stack
    .hidden ilv__call_on_stack
    .type ilv__call_on_stack, @function
    .p2align 4
ilv__call_on_stack:
    .cfi_startproc
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbp, 0
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    mov %rdi, %rsp
    mov %rsi, %rax
    mov %edx, %edi
    mov %rcx, %rsi
    mov %r8, %rdx
    call *%rax
    mov %rbp, %rsp
    pop %rbp
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size ilv__call_on_stack, . - ilv__call_on_stack

    .macro SETJMP door, note
    .globl \door
    .hidden \door
    .type \door, @function
    .p2align 4
\door:
    .cfi_startproc
    push %rdi
    .cfi_adjust_cfa_offset 8
    push %rsi
    .cfi_adjust_cfa_offset 8
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    mov %rsp, %rdx
    add $8, %rdx
    call \note
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    pop %rdi
    .cfi_adjust_cfa_offset -8
    jmp *%rax
    .cfi_endproc
    .size \door, . - \door
    .endm

    SETJMP ilv_door___sigsetjmp, ilv__note_sigsetjmp
    SETJMP ilv_door__setjmp, ilv__note_setjmp

    .globl ilv__fault_return
    .hidden ilv__fault_return
    .type ilv__fault_return, @function
    .p2align 4
ilv__fault_return:
    ud2
    .size ilv__fault_return, . - ilv__fault_return

    .globl ilv__peek
    .hidden ilv__peek
    .globl ilv__peek_load
    .hidden ilv__peek_load
    .globl ilv__peek_failed
    .hidden ilv__peek_failed
    .type ilv__peek, @function
    .p2align 4
ilv__peek:
    .cfi_startproc
    mov %rdx, %rcx
    cld
ilv__peek_load:
    rep movsb
    mov $1, %eax
    ret
ilv__peek_failed:
    xor %eax, %eax
    ret
    .cfi_endproc
    .size ilv__peek, . - ilv__peek

/* The bytes of these two instructions are how unwinders know a signal frame. */
    nop
    .globl ilv__fault_restore
    .hidden ilv__fault_restore
    .type ilv__fault_restore, @function
    .p2align 4
ilv__fault_restore:
    mov $15, %rax
    syscall
    .size ilv__fault_restore, . - ilv__fault_restore

    .section .note.GNU-stack, "", @progbits
