/* SPDX-License-Identifier: MIT */
/* internal.h: of the symbols room alone. */
#ifndef ILV_SYMBOLS_INTERNAL_H
#define ILV_SYMBOLS_INTERNAL_H

#include <elfutils/libdw.h>
#include <stddef.h>

#include "demangle.h"
#include "symbols.h"

/* A name of the symbol table. name lies in the file's own table. */
struct ilv__symbol {
    uint64_t start;
    uint64_t size;
    const char *name;
    bool global;
};

struct ilv__symbol_list {
    struct ilv__symbol *entry; /* sorted by start */
    size_t count;
};

/* A range of code and the compilation unit it comes from. */
struct ilv__range {
    uint64_t low;
    uint64_t high; /* first address after it */
    Dwarf_Off unit;
};

/* A variable with a fixed place. */
struct ilv__variable {
    uint64_t start;
    uint64_t size; /* 0 when its type does not say */
    Dwarf_Off die;
    Dwarf_Off function; /* of a function's static variable, else 0 */
};

struct ilv__module {
    struct ilv_module info;
    const char *name; /* base name, in info.path */
    enum ilv_symbols_state state;
    bool opened;
    bool variables_read;
    int fd;       /* the file */
    int debug_fd; /* its debugging information when that is a file of its own, else -1 */
    Elf *elf;
    Elf *debug_elf;
    Dwarf *dwarf; /* NULL without debugging information */
    struct ilv__symbol_list functions;
    struct ilv__symbol_list objects;
    struct ilv__range *range; /* sorted by low */
    size_t range_count;
    struct ilv__variable *variable; /* sorted by start */
    size_t variable_count;
};

/* Strings that live as long as the table. */
struct ilv__text {
    struct ilv__text *next;
    char bytes[];
};

/* A source file. */
struct ilv__source {
    struct ilv__source *next;
    const char *shown; /* as the compiler was told */
    const char *full;  /* with the folder in which it was told */
    char *text;        /* NULL if it could not be read */
    bool read;         /* it was tried */
};

struct ilv_symbols {
    struct ilv__module *module;
    uint32_t module_count;
    struct ilv__text *texts;
    struct ilv__source *sources;
    void *answers; /* tsearch tree of what was asked before */
};

/* Whether it is the C library or the sandbox: what stands below every thread and every call. */
bool ilv__is_ground(const char *module);

/* Our primitives, which the program calls as it calls the C library: shared, or compiled into it
 * from sources that are told as libilv/. */
bool ilv__is_primitives(const char *module, const char *file);

/* A copy of text that the table owns; NULL for NULL or without memory. */
const char *ilv__keep(struct ilv_symbols *symbols, const char *text);

/* elf.c: the file and its symbol table. */
void ilv__module_open(struct ilv__module *module);
void ilv__module_close(struct ilv__module *module);
/* The symbol that contains offset, or NULL. */
const struct ilv__symbol *ilv__symbol_find(const struct ilv__symbol_list *list, uint64_t offset);

/* code.c: frames from debugging information; returns how many. The unit's ranges are read by
 * ilv__ranges_read(), which returns whether there are any. */
bool ilv__ranges_read(struct ilv__module *module);
uint32_t ilv__dwarf_frames(struct ilv_symbols *symbols, struct ilv__module *module, uint64_t offset,
                           struct ilv_place *places, uint32_t max);
/* The name of a function's entry, demangled, into out; false if it has none. */
bool ilv__die_function(Dwarf_Die *die, char *out, size_t size);

/* data.c: a variable's name from debugging information into out; HIDDEN: there is one, and it is
 * nobody's affair but our primitives'. */
enum ilv__named { ILV__UNNAMED, ILV__NAMED, ILV__HIDDEN };
enum ilv__named ilv__dwarf_data(struct ilv__module *module, uint64_t offset, uint32_t size,
                                char *out, size_t out_size);

/* The same of the struct ilv_... that holds the offset; false if none does. */
bool ilv__dwarf_primitive(struct ilv__module *module, uint64_t offset, char *out, size_t out_size);

/* The same for what lies `offset` bytes into the variable of this entry, without what is around
 * it; the size of its type, 0 if that is not known. */
bool ilv__die_name(Dwarf_Die *die, uint64_t offset, uint32_t size, char *out, size_t out_size);
uint64_t ilv__die_size(Dwarf_Die *die);

/* code.c: the entry of the function that has this code, not of one that was inlined there. */
bool ilv__function_at(struct ilv__module *module, uint64_t offset, Dwarf_Die *function);

/* source.c: remembers a source file by both its names; returns the one to show. */
const char *ilv__source_name(struct ilv_symbols *symbols, const char *shown, const char *full);
void ilv__sources_free(struct ilv_symbols *symbols);

#endif
