/* SPDX-License-Identifier: MIT */
/*
 * local.c: from a place in a function's frame to the variable that lies there.
 *
 * Variables are described relative to the frame base, which is the canonical frame address
 * (gcc) or a register (clang without optimisation). The canonical frame address is found by the
 * call frame information, as a register plus a number.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

#define REGISTER_BP 6
#define REGISTER_SP 7
#define MAX_DEPTH 32

/* A byte in a frame: relative to the two registers, and to the frame base. */
struct byte {
    int64_t sp, bp, base;
};

static bool from_register(const struct byte *at, uint64_t number, int64_t *offset)
{
    *offset = number == REGISTER_BP ? at->bp : at->sp;
    return number == REGISTER_BP || number == REGISTER_SP;
}

/* How far behind the canonical frame address it lies. */
static bool from_cfa(struct ilv__module *m, uint64_t code, const struct byte *at, int64_t *offset)
{
    Dwarf_CFI *cfi = dwarf_getcfi_elf(m->elf);
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *op = NULL;
    size_t count = 0;
    if (cfi == NULL || dwarf_cfi_addrframe(cfi, code, &frame) != 0)
        return false;
    bool known = dwarf_frame_cfa(frame, &op, &count) == 0 && count == 1;
    uint64_t number = UINT64_MAX;
    int64_t plus = 0;
    if (known && op->atom == DW_OP_bregx) {
        number = op->number;
        plus = (int64_t)op->number2;
    } else if (known && op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31) {
        number = op->atom - DW_OP_breg0;
        plus = (int64_t)op->number;
    }
    free(frame);
    known = known && from_register(at, number, offset);
    *offset -= plus;
    return known;
}

static bool find_base(struct ilv__module *m, uint64_t code, Dwarf_Die *function, struct byte *at)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *op;
    size_t count;
    if (dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &op, &count) != 0 || count != 1)
        return false;
    if (op->atom == DW_OP_call_frame_cfa)
        return from_cfa(m, code, at, &at->base);
    return op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31 &&
           from_register(at, op->atom - DW_OP_reg0, &at->base);
}

/* Whether the variable always lies in the frame, and there; *offset is how far in it. */
static bool lies_at(Dwarf_Die *variable, const struct byte *at, uint64_t *offset)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *op;
    size_t count;
    if (dwarf_attr(variable, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &op, &count) != 0 || count != 1 || op->atom != DW_OP_fbreg)
        return false;
    int64_t within = at->base - (int64_t)op->number;
    *offset = (uint64_t)within;
    return within >= 0 && *offset < ilv__die_size(variable);
}

static bool find(Dwarf_Die *parent, const struct byte *at, Dwarf_Die *found, uint64_t *offset,
                 unsigned depth)
{
    Dwarf_Die child;
    if (depth > MAX_DEPTH || dwarf_child(parent, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);
        bool variable = tag == DW_TAG_variable || tag == DW_TAG_formal_parameter;
        *found = child;
        if (variable ? lies_at(&child, at, offset) : find(&child, at, found, offset, depth + 1))
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

const char *ilv_symbols_local(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                              int64_t sp, int64_t bp, uint32_t size)
{
    if (ilv_symbols_state(symbols, module) != ILV_SYMBOLS_LINES)
        return NULL;
    struct ilv__module *m = &symbols->module[module - 1];
    struct byte at = {.sp = sp, .bp = bp};
    Dwarf_Die function;
    Dwarf_Die variable;
    uint64_t within = 0;
    char name[512];
    char where[512];
    char text[1040];
    if (!ilv__function_at(m, offset, &function) || !find_base(m, offset, &function, &at) ||
        !find(&function, &at, &variable, &within, 0) ||
        !ilv__die_name(&variable, within, size, name, sizeof name) ||
        !ilv__die_function(&function, where, sizeof where))
        return NULL;
    snprintf(text, sizeof text, "%s of %s()", name, where);
    return ilv__keep(symbols, text);
}
