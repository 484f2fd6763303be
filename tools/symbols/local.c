/* SPDX-License-Identifier: MIT */
/*
 * local.c: from a place in a function's frame to the variable that lies there.
 *
 * Variables are described relative to the frame base, which is the canonical frame address
 * (gcc) or a register (clang without optimisation). The canonical frame address is found by the
 * call frame information, as a register plus a number.
 *
 * A function that was inlined has its variables in the frame of its caller: they are told as its
 * own. Blocks that are not alive at the same time may share a place in the frame, and which of them
 * is alive is not known: then there is no name.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The canonical frame address of a place, as a register and a number. */
static bool read_cfa(Dwarf_CFI *cfi, uint64_t code, uint64_t *number, int64_t *plus)
{
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *op = NULL;
    size_t count = 0;
    if (dwarf_cfi_addrframe(cfi, code, &frame) != 0)
        return false;
    bool known = dwarf_frame_cfa(frame, &op, &count) == 0 && count == 1;
    *number = UINT64_MAX;
    if (known && op->atom == DW_OP_bregx) {
        *number = op->number;
        *plus = (int64_t)op->number2;
    } else if (known && op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31) {
        *number = op->atom - DW_OP_breg0;
        *plus = (int64_t)op->number;
    }
    free(frame);
    return known;
}

/* How far behind the canonical frame address it lies. */
static bool from_cfa(struct ilv__module *m, uint64_t code, const struct byte *at, int64_t *offset)
{
    Dwarf_CFI *cfi = dwarf_getcfi_elf(m->elf);
    uint64_t number = UINT64_MAX;
    int64_t plus = 0;
    bool known = cfi != NULL && read_cfa(cfi, code, &number, &plus);
    if (cfi != NULL)
        dwarf_cfi_end(cfi);
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

/* What is looked for, and what was found. */
struct search {
    struct byte at;
    uint32_t size;
    unsigned names; /* that were found, if different ones */
    char name[1040];
};

static void found(struct search *s, Dwarf_Die *variable, uint64_t within, Dwarf_Die *function)
{
    char name[512], where[512], text[1040];
    if (!ilv__die_name(variable, within, s->size, name, sizeof name) ||
        !ilv__die_function(function, where, sizeof where))
        return;
    snprintf(text, sizeof text, "%s of %s()", name, where);
    s->names += strcmp(text, s->name) != 0;
    memcpy(s->name, text, sizeof text);
}

static void find(Dwarf_Die *parent, Dwarf_Die *function, struct search *s, unsigned depth)
{
    Dwarf_Die child;
    uint64_t within;
    if (depth > MAX_DEPTH || dwarf_child(parent, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        bool variable = tag == DW_TAG_variable || tag == DW_TAG_formal_parameter;
        if (variable && lies_at(&child, &s->at, &within))
            found(s, &child, within, function);
        else if (!variable)
            find(&child, tag == DW_TAG_inlined_subroutine ? &child : function, s, depth + 1);
    } while (dwarf_siblingof(&child, &child) == 0);
}

const char *ilv_symbols_local(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                              int64_t sp, int64_t bp, uint32_t size)
{
    if (ilv_symbols_state(symbols, module) != ILV_SYMBOLS_LINES)
        return NULL;
    struct ilv__module *m = &symbols->module[module - 1];
    struct search s = {.at = {.sp = sp, .bp = bp}, .size = size};
    Dwarf_Die function;
    if (!ilv__function_at(m, offset, &function) || !find_base(m, offset, &function, &s.at))
        return NULL;
    find(&function, &function, &s, 0);
    return s.names == 1 ? ilv__keep(symbols, s.name) : NULL;
}
