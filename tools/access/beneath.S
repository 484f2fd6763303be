/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer's functions in the executable under names of ours, for the stubs of shared
 * libraries (internal.h).
 */
.macro lead name
    .globl ilv_beneath_\name
    .type ilv_beneath_\name, @function
    .p2align 4
ilv_beneath_\name:
    .cfi_startproc
    jmp __real_\name
    .cfi_endproc
    .size ilv_beneath_\name, . - ilv_beneath_\name
.endm

#define ONE(name, hook) lead name
#define TWO(name, hook) lead name
#define NONE(name, hook) lead name
#define WIDER(name, hook) lead name##2; lead name##4; lead name##8; lead name##16
#define SIZES(name, hook) lead name##1; WIDER(name, hook)
#define WIDER_AS(name, hook, real)
#define SIZES_AS(name, hook, real)
#define SAID(name, parameters, arguments, annotation, address, value) lead name
#define MARKED(name, parameters, arguments, annotation, address, value) lead name
#define ANSWERED(name) lead name
#define EACH_WIDTH(operation) \
    lead __tsan_atomic8_##operation; lead __tsan_atomic16_##operation; \
    lead __tsan_atomic32_##operation; lead __tsan_atomic64_##operation; \
    lead __tsan_atomic128_##operation
#define FETCH(operation, builtin, expression) EACH_WIDTH(operation)
#define OTHER(operation) EACH_WIDTH(operation)

    .text
#include "plain.def"
#include "atomics.def"
#include "annotation_calls.def"
    lead __tsan_atomic_thread_fence

    .section .note.GNU-stack, "", @progbits
