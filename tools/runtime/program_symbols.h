/* SPDX-License-Identifier: MIT */
/*
 * program_symbols.h: the program's own functions, by its symbol table on disk, because most
 * programs export nothing. To be called before the runs; nothing here is modelled.
 */
#ifndef ILV_PROGRAM_SYMBOLS_H
#define ILV_PROGRAM_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One symbol: its name, address in memory, and size (0: unknown). */
typedef void ilv_visit_symbol(const char *name, uint64_t address, uint64_t size, void *context);

/* Tells of every function that the program defines, in the order of its tables, some twice. Tells
 * of none when the file cannot be read. */
void ilv__program_symbols(ilv_visit_symbol *visit, void *context);

/* The same for the file of any loaded object, base being what is added to its addresses, and for
 * symbols of one type (STT_FUNC, STT_OBJECT). */
void ilv__file_symbols(const char *path, uint64_t base, unsigned type, ilv_visit_symbol *visit,
                       void *context);

#endif
