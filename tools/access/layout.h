/* SPDX-License-Identifier: MIT */
/*
 * layout.h: where the assembler of the stubs finds the fields of access.h. module.c checks each
 * number against the C types.
 */
#ifndef ILV_LAYOUT_H
#define ILV_LAYOUT_H

#define ILV_MODULE_ON 4
#define ILV_MODULE_HOOKS 8

/* Offsets of the first of five (one a size), or of the one. */
#define ILV_HOOK_READ 8
#define ILV_HOOK_WRITE 48
#define ILV_HOOK_UPDATE 88
#define ILV_HOOK_VOLATILE_READ 128
#define ILV_HOOK_VOLATILE_WRITE 168
#define ILV_HOOK_READ_RANGE 208
#define ILV_HOOK_WRITE_RANGE 216
#define ILV_HOOK_VPTR_READ 224
#define ILV_HOOK_VPTR_WRITE 232
#define ILV_HOOK_FUNCTION_ENTRY 240
#define ILV_HOOK_FUNCTION_EXIT 248

#endif
