/* SPDX-License-Identifier: MIT */
/*
 * The stubs beneath which AddressSanitizer lies: clang's coverage callbacks at loads and stores,
 * which take the address. The sanitizer itself needs no call.
 */
#include "layout.h"

.macro stub name, hook
    .globl \name
    .hidden \name
    .type \name, @function
    .p2align 4
\name:
    .cfi_startproc
    cmpb $0, ilv__access_module + ILV_MODULE_ON(%rip)
    jne 1f
    ret
1:  mov ilv__access_module + ILV_MODULE_HOOKS(%rip), %rax
    mov (%rsp), %rsi
    jmp *\hook(%rax)
    .cfi_endproc
    .size \name, . - \name
.endm

    .text
    stub __sanitizer_cov_load1, ILV_HOOK_READ
    stub __sanitizer_cov_load2, ILV_HOOK_READ+8
    stub __sanitizer_cov_load4, ILV_HOOK_READ+16
    stub __sanitizer_cov_load8, ILV_HOOK_READ+24
    stub __sanitizer_cov_load16, ILV_HOOK_READ+32
    stub __sanitizer_cov_store1, ILV_HOOK_WRITE
    stub __sanitizer_cov_store2, ILV_HOOK_WRITE+8
    stub __sanitizer_cov_store4, ILV_HOOK_WRITE+16
    stub __sanitizer_cov_store8, ILV_HOOK_WRITE+24
    stub __sanitizer_cov_store16, ILV_HOOK_WRITE+32

    .section .note.GNU-stack, "", @progbits
