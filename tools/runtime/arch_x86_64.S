/* SPDX-License-Identifier: MIT */
/*
 * arch_x86_64.S: what C cannot say. All of it lies in the section that the trap lets pass.
 *
 *   long ilv__syscall_raw(long number, long a, ..., long f)
 *   void ilv__fiber_switch(void **save, void *load, uint64_t fs_base)
 *   void ilv__fiber_park(void **save, int32_t *gone)
 *
 * A parked fiber is a stack pointer; above it lie, in this order, the floating point control
 * words (8 bytes), r15, r14, r13, r12, rbp, rbx and the return address.
 */
    .section .text.ilv_pass, "ax", @progbits

    .globl ilv__syscall_raw
    .hidden ilv__syscall_raw
    .type ilv__syscall_raw, @function
    .p2align 4
ilv__syscall_raw:
    .cfi_startproc
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    mov 8(%rsp), %r9
    syscall
    ret
    .cfi_endproc
    .size ilv__syscall_raw, . - ilv__syscall_raw

/* As clone(2) with only a child-tid: flags, address of the tid word. The child returns 0 on the
 * same stack. */
    .globl ilv__fork_raw
    .hidden ilv__fork_raw
    .type ilv__fork_raw, @function
    .p2align 4
ilv__fork_raw:
    .cfi_startproc
    mov %rsi, %r10
    xor %esi, %esi
    xor %edx, %edx
    xor %r8d, %r8d
    mov $56, %eax
    syscall
    ret
    .cfi_endproc
    .size ilv__fork_raw, . - ilv__fork_raw

    .macro SAVE
    push %rbx
    .cfi_adjust_cfa_offset 8
    push %rbp
    .cfi_adjust_cfa_offset 8
    push %r12
    .cfi_adjust_cfa_offset 8
    push %r13
    .cfi_adjust_cfa_offset 8
    push %r14
    .cfi_adjust_cfa_offset 8
    push %r15
    .cfi_adjust_cfa_offset 8
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    .endm

    .globl ilv__fiber_switch
    .hidden ilv__fiber_switch
    .type ilv__fiber_switch, @function
    .p2align 4
ilv__fiber_switch:
    .cfi_startproc
    SAVE
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    cmpb $0, ilv__fsgsbase(%rip)
    je 2f
    wrfsbase %rdx
1:
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
2:
    mov $158, %eax
    mov $0x1002, %edi
    mov %rdx, %rsi
    syscall
    jmp 1b
    .cfi_endproc
    .size ilv__fiber_switch, . - ilv__fiber_switch

/* Saves the calling kernel thread's context as a fiber and ends the kernel thread: the kernel
 * clears *gone when it no longer runs. Returns when somebody switches to the fiber. */
    .globl ilv__fiber_park
    .hidden ilv__fiber_park
    .type ilv__fiber_park, @function
    .p2align 4
ilv__fiber_park:
    .cfi_startproc
    SAVE
    mov %rsp, (%rdi)
    mov %rsi, %rdi
    mov $218, %eax
    syscall
    xor %edi, %edi
    mov $60, %eax
    syscall
    ud2
    .cfi_endproc
    .size ilv__fiber_park, . - ilv__fiber_park

    .section .note.GNU-stack, "", @progbits
