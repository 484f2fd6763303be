/* SPDX-License-Identifier: MIT */
/*
 * access.h: the one interface between code that `interleave cc` compiled and the runtime.
 *
 * The compiler's -fsanitize=thread pass puts a call before every load, store and atomic operation
 * (__tsan_read4, ...). `interleave cc` links into each module (an executable, a shared library)
 * a small archive of stubs with these names, hidden, so that each module has its own. Outside
 * the sandbox a stub tests one byte and returns; atomic operations are carried out by it. When
 * libinterleave.so is there, the module's constructor hands in its table and the byte is set:
 * from then on stubs go through the hooks.
 *
 *     module                                  runtime
 *     constructor  --ilv_access_attach(m)-->  fills in m->hooks, sets m->on
 *     __tsan_read4 --hooks->read[2](a)----->  may let other tasks run; returns
 *     (the load)
 *
 * Hooks may let other tasks run before they return, and are called on the program's stack. They
 * keep errno. `pc` is the address in the program to which the announcing call returns. Addresses
 * need not be aligned to the size.
 *
 * With the real ThreadSanitizer beneath (`interleave cc --with=tsan`) the same table is used: a
 * stub then announces the access here first and hands it on to the sanitizer.
 */
#ifndef ILV_ACCESS_H
#define ILV_ACCESS_H

#include <stddef.h>
#include <stdint.h>

#define ILV_ACCESS_VERSION 1u
#define ILV_ACCESS_SIZES 5 /* 1, 2, 4, 8, 16 bytes: index is the binary logarithm */

/* What an atomic operation does, as its hooks are told. */
enum ilv_atomic {
    ILV_ATOMIC_LOAD,
    ILV_ATOMIC_STORE,
    ILV_ATOMIC_UPDATE,  /* exchange, fetch_add, ...: reads and writes, always */
    ILV_ATOMIC_COMPARE, /* compare-exchange: writes only when it succeeds */
    ILV_ATOMIC_FENCE,   /* no address */
    ILV_ATOMIC_COUNT
};

/* One atomic operation. Orders are those of <stdatomic.h> (relaxed 0 ... seq_cst 5). */
struct ilv_atomic_access {
    const volatile void *address; /* NULL for a fence */
    const void *pc;               /* where the program called */
    uint32_t size;                /* bytes */
    uint8_t what;                 /* enum ilv_atomic */
    uint8_t order;
    uint8_t failure_order; /* of a compare-exchange that fails */
    uint8_t weak;          /* a compare-exchange that may fail spuriously */
};

/* What the program says of itself in the annotation interface (annotations.def). */
enum ilv_annotation {
#define ANNOTATION(NAME, gloss) ILV_ANNOTATION_##NAME,
#include "annotations.def"
#undef ANNOTATION
    ILV_ANNOTATION_COUNT
};

struct ilv_access_hooks {
    uint32_t version;
    uint32_t size; /* sizeof(struct ilv_access_hooks) */
    void (*read[ILV_ACCESS_SIZES])(const void *address, const void *pc);
    void (*write[ILV_ACCESS_SIZES])(const void *address, const void *pc);
    /* read, then written: x++ where the compiler says it with one call */
    void (*update[ILV_ACCESS_SIZES])(const void *address, const void *pc);
    void (*volatile_read[ILV_ACCESS_SIZES])(const void *address, const void *pc);
    void (*volatile_write[ILV_ACCESS_SIZES])(const void *address, const void *pc);
    void (*read_range)(const void *address, size_t size, const void *pc);
    void (*write_range)(const void *address, size_t size, const void *pc);
    void (*vptr_read)(const void *address, const void *pc);
    void (*vptr_write)(const void *address, const void *value, const void *pc);
    /* caller: the address to which the function returns; pc lies in the function entered. */
    void (*function_entry)(const void *caller, const void *pc);
    void (*function_exit)(void);
    /* A libc call reads or writes that range: see libc.def. size 0 is nothing. */
    void (*libc_read)(const void *address, size_t size, const void *pc);
    void (*libc_write)(const void *address, size_t size, const void *pc);
    /*
     * Around an atomic operation, which the caller carries out between the two. begin returns
     * whether a weak compare-exchange is to fail although it need not (--faults spurious). end
     * is told the value that was there before and the one that is there now (the low 8 bytes),
     * and whether the operation wrote.
     */
    int (*atomic_begin)(const struct ilv_atomic_access *access);
    void (*atomic_end)(const struct ilv_atomic_access *access, uint64_t before, uint64_t after,
                       int wrote);
    /* address and value by annotation; returns what the annotation's function returns (0, or a
     * fiber as a pointer). */
    uintptr_t (*annotation)(unsigned annotation, const void *address, uintptr_t value,
                            const void *pc);
};

/* One of these in each module, in its stubs (module.c), hidden. The assembler of the stubs
 * knows the offsets. */
struct ilv_access_module {
    uint32_t version; /* ILV_ACCESS_VERSION */
    uint8_t on;       /* hooks are to be called */
    uint8_t real;     /* a real sanitizer lies beneath: 1 thread, 2 address */
    uint16_t unused;
    const struct ilv_access_hooks *hooks;
    const void *text; /* an address in the module: which one it is */
    /* of the program, may be NULL and may return it: __tsan_default_options and _suppressions */
    const char *(*default_options)(void);
    const char *(*default_suppressions)(void);
};

/*
 * Called by the constructor (of priority 101) of every instrumented module, once each, if the
 * symbol is there (it is weak). Fills in hooks and sets on when the program is under the sandbox.
 * The table lives until the module's destructor calls ilv_access_detach(). Never blocks, no point.
 */
void ilv_access_attach(struct ilv_access_module *module) __attribute__((weak));
void ilv_access_detach(struct ilv_access_module *module) __attribute__((weak));

#endif
