/* SPDX-License-Identifier: MIT */
/* functions.c: all functions of a module, by its symbol table. */
#include "internal.h"

bool ilv_symbols_functions(struct ilv_symbols *symbols, uint32_t module,
                           bool (*visit)(const struct ilv_function *function, void *context),
                           void *context)
{
    if (ilv__is_ground(ilv_symbols_module(symbols, module)) ||
        ilv_symbols_state(symbols, module) < ILV_SYMBOLS_NAMES)
        return true;
    const struct ilv__symbol_list *list = &symbols->module[module - 1].functions;
    for (size_t i = 0; i < list->count; i++) {
        const struct ilv__symbol *s = &list->entry[i];
        struct ilv_place place;
        if (s->size == 0 || (i > 0 && list->entry[i - 1].start == s->start) ||
            !ilv_symbols_code(symbols, module, s->start, &place))
            continue;
        struct ilv_function function = {.name = place.function,
                                        .file = place.file,
                                        .module = place.module,
                                        .from = s->start,
                                        .to = s->start + s->size};
        if (!visit(&function, context))
            return false;
    }
    return true;
}
