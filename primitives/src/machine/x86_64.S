/* SPDX-License-Identifier: MIT */
/*
 * x86_64.S: see ../machine.h.
 *
 *   void *ilv__machine_make(void *top, void *low, void (*entry)(void))
 *   void ilv__machine_switch(void **from, void *to)
 *
 * A context that rests is a stack pointer. Above it lie what a function must keep: the control
 * words of SSE and x87 (8 bytes), r15, r14, r13, r12, rbp, rbx, and the address to return to.
 */
    .text

    .globl ilv__machine_make
    .hidden ilv__machine_make
    .type ilv__machine_make, @function
    .p2align 4
ilv__machine_make:
    .cfi_startproc
    lea -80(%rdi), %rax
    movq $0, 72(%rax)
    movq $0, 64(%rax)
    lea begin(%rip), %rcx
    mov %rcx, 56(%rax)
    mov %rdx, 48(%rax)
    movq $0, 40(%rax)
    movq $0, 32(%rax)
    movq $0, 24(%rax)
    movq $0, 16(%rax)
    movq $0, 8(%rax)
    stmxcsr (%rax)
    fnstcw 4(%rax)
    ret
    .cfi_endproc
    .size ilv__machine_make, . - ilv__machine_make

/* The first that a context does: its entry stands in rbx. Nothing called it, so that those who walk
 * the stack stop here. */
    .type begin, @function
    .p2align 4
begin:
    .cfi_startproc
    .cfi_undefined rip
    call *%rbx
    ud2
    .cfi_endproc
    .size begin, . - begin

/* The control words are loaded only if they differ: that takes longer than all the rest. */
    .globl ilv__machine_switch
    .hidden ilv__machine_switch
    .type ilv__machine_switch, @function
    .p2align 4
ilv__machine_switch:
    .cfi_startproc
    push %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    push %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    push %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    push %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    push %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov (%rsp), %eax
    movzwl 4(%rsp), %ecx
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    cmp %eax, (%rsp)
    jne 2f
    cmp %cx, 4(%rsp)
    jne 2f
1:
    .cfi_remember_state
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore r15
    pop %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore r14
    pop %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore r13
    pop %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore r12
    pop %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbp
    pop %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    ret
2:
    .cfi_restore_state
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    jmp 1b
    .cfi_endproc
    .size ilv__machine_switch, . - ilv__machine_switch

    .section .note.GNU-stack, "", @progbits
