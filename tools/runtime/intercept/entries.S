/* SPDX-License-Identifier: MIT */
/*
 * entries.S: binds every row of doors.def to its public symbol, with its exact versions. Each
 * entry jumps to the door, so that a door is a plain C function and its versions stand in the
 * table only.
 */
#define DOOR(result, name, version, parameters)                                                      \
    .globl ilv_entry_##name; .type ilv_entry_##name, @function; .p2align 4;                        \
    ilv_entry_##name: jmp ilv_door_##name; .size ilv_entry_##name, . - ilv_entry_##name;           \
    .symver ilv_entry_##name, name@@version, remove;
#define DOOR2(result, name, version, older, parameters)                                              \
    DOOR(result, name, version, parameters)                                                        \
    .globl ilv_older_##name; .type ilv_older_##name, @function; .p2align 4;                        \
    ilv_older_##name: jmp ilv_door_##name; .size ilv_older_##name, . - ilv_older_##name;           \
    .symver ilv_older_##name, name@older, remove;

    .text
#include "intercept/doors.def"

    .section .note.GNU-stack, "", @progbits
