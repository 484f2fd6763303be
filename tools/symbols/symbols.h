/* SPDX-License-Identifier: MIT */
/*
 * symbols.h: names and source lines of what a run met.
 *
 * A run names its code and data by *module and offset*, never by address. The module is written
 * as everywhere in the records: 1 + its index in the run's module table, 0 for unknown. The
 * offset is the address minus ilv_module.base, and base is the load bias that the dynamic linker
 * reports (dlpi_addr): 0 for a program linked at fixed addresses, where the lowest segment was
 * loaded for everything else. So an offset is always the address that the file itself uses, in
 * its symbol table and in its debugging information.
 *
 * A table is opened once for a run, reads files only when they are first asked about, and
 * remembers every answer. Strings that it hands out belong to it and live until it is closed.
 * It never prints, and what it cannot know it leaves NULL. A file whose build id is not the one
 * that was loaded is refused: its names would be lies. A module that was recorded without a
 * build id (size 0) is believed.
 *
 * Example: the name of a mutex and the place where it was locked.
 *
 *     struct ilv_symbols *symbols = ilv_symbols_open(run->module, run->module_count);
 *     const char *name = ilv_symbols_data(symbols, o->module, o->offset, o->size);
 *     struct ilv_place place;
 *     if (ilv_symbols_site(symbols, &run->site[step->site], &place) && place.file)
 *         printf("%s at %s:%u\n", name ? name : "a mutex", place.file, place.line);
 *     ilv_symbols_close(symbols);
 *
 * Nothing here is safe to call from two threads at once with the same table.
 */
#ifndef ILV_SYMBOLS_H
#define ILV_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "trace.h"

struct ilv_symbols;

/* What is known of a module. */
enum ilv_symbols_state {
    ILV_SYMBOLS_MISSING, /* no such module, or its file cannot be read */
    ILV_SYMBOLS_CHANGED, /* the file is not the one that was loaded */
    ILV_SYMBOLS_NONE,    /* the right file, and it names nothing */
    ILV_SYMBOLS_NAMES,   /* it has a symbol table: functions and variables, no lines */
    ILV_SYMBOLS_LINES    /* it has debugging information, of its own or installed beside it */
};

/* A place in the code. Fields that are not known are NULL or 0. */
struct ilv_place {
    const char *module;   /* base name of the file; NULL if even that is unknown */
    const char *function; /* demangled, without its parameters */
    const char *file;     /* as the compiler was told, relative where it was */
    uint32_t line;
    bool system;     /* in a header or library of the system, or in libilv: not the user's source */
    bool primitives; /* in libilv */
    bool inlined;    /* the function was inlined here */
    uint64_t offset; /* within the module */
};

/* A table for these modules (copied). Opens no file yet. Returns NULL only without memory. */
struct ilv_symbols *ilv_symbols_open(const struct ilv_module *modules, uint32_t count);

/* Ends the table and every string it handed out. NULL is nothing. */
void ilv_symbols_close(struct ilv_symbols *symbols);

/* What is known of a module. Reads the file when first asked. */
enum ilv_symbols_state ilv_symbols_state(struct ilv_symbols *symbols, uint32_t module);

/* The base name of a module's file, whatever its state; NULL for an unknown module. */
const char *ilv_symbols_module(struct ilv_symbols *symbols, uint32_t module);

/*
 * The place of the instruction at offset. Where functions were inlined it is the innermost frame
 * in the user's own source. Returns false if nothing but module and offset could be filled in.
 */
bool ilv_symbols_code(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                      struct ilv_place *place);

/*
 * All frames at offset, innermost first: what was inlined, then the function itself. Returns how
 * many, at most max; at least 1 for max > 0 (possibly one that knows only module and offset).
 */
uint32_t ilv_symbols_frames(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                            struct ilv_place *places, uint32_t max);

/* A function of the symbol table. */
struct ilv_function {
    const char *name;   /* demangled, without its parameters */
    const char *file;   /* NULL if not known */
    const char *module; /* base name */
    uint64_t from, to;  /* offsets; to is the first behind it */
};

/* Visits the functions of a module in order of their place, until visit returns false. Returns
 * false if it did. The C library and the sandbox are as if they had none. */
bool ilv_symbols_functions(struct ilv_symbols *symbols, uint32_t module,
                           bool (*visit)(const struct ilv_function *function, void *context),
                           void *context);

/*
 * The place of a call site as a user thinks of it: the innermost frame in the user's own source;
 * without such a frame the innermost that has a function name outside of the C library and the
 * sandbox; else the innermost outside of them. The site's entries are return addresses: the place
 * is that of the call. Returns false if there is none (place is all NULL and 0).
 */
bool ilv_symbols_site(struct ilv_symbols *symbols, const struct ilv_site *site,
                      struct ilv_place *place);

/*
 * The whole stack of a call site, innermost first, inlined frames included, without the frames
 * of the system at the outer end (unless there are no others), which start every thread, and the
 * nameless ones of the C library at the inner. Returns how many, at most max.
 */
uint32_t ilv_symbols_stack(struct ilv_symbols *symbols, const struct ilv_site *site,
                           struct ilv_place *places, uint32_t max);

/*
 * The name of what lies at offset, `size` bytes long (0: unknown), or NULL. With debugging
 * information by its type: `lock_a`, `forks[2]`, `bank.accounts[1].lock`; a static variable of a
 * function is `function::variable`. What a struct ilv_... begins with is called as the whole. From
 * a symbol table alone: `forks+80`. What libilv keeps for itself has no name.
 */
const char *ilv_symbols_data(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                             uint32_t size);

/*
 * The name of what is a struct ilv_... of the program and holds offset anywhere in it, such as
 * `board.full`; or NULL where nothing is, or the debugging information does not say.
 */
const char *ilv_symbols_primitive(struct ilv_symbols *symbols, uint32_t module, uint64_t offset);

/*
 * The name of the local variable or parameter that lies in the frame of the function with the code
 * at offset, such as `sum of average()`, or NULL; of a function that was inlined there it is told
 * as that one's. NULL as well where several lie, not at the same time. sp and bp: how far behind
 * the function's stack pointer and its register rbp, as they are there, the variable's byte lies.
 */
const char *ilv_symbols_local(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                              int64_t sp, int64_t bp, uint32_t size);

/*
 * The text of a place's source line without the blanks at its ends, or NULL if the file is not
 * there. It is looked for where it was compiled and relative to the current directory.
 */
const char *ilv_symbols_source(struct ilv_symbols *symbols, const struct ilv_place *place);

#endif
