/* SPDX-License-Identifier: MIT */
/*
 * start_at.c: --start-at SYMBOL. The program runs on by itself until it first comes to a
 * function; there it becomes the fork server, with the threads that it has by then.
 *
 * The function is looked up in the program's own symbol table. A breakpoint instruction is put on
 * its first byte; the handler takes it away again and serves. Every run returns from that handler
 * as if nothing had been there.
 */
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "program_symbols.h"
#include "server.h"

#define BREAKPOINT 0xcc
#define PAGE_MASK (~(uintptr_t)4095)

static uint8_t *place;
static uint8_t covered;
static struct sigaction before;

/* ---- the symbol --------------------------------------------------------------------------- */

struct wanted {
    const char *name;
    uint64_t address; /* 0: not met yet */
};

static void note_symbol(const char *name, uint64_t address, uint64_t size, void *wanted)
{
    struct wanted *w = wanted;
    (void)size;
    if (w->address == 0 && strcmp(name, w->name) == 0)
        w->address = address;
}

/* ---- the breakpoint ----------------------------------------------------------------------- */

static bool write_code(uint8_t byte)
{
    void *page = (void *)((uintptr_t)place & PAGE_MASK);
    if (mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
        return false;
    *place = byte;
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static void reached(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    registers[REG_RIP] = (greg_t)(uintptr_t)place;
    ilv__enter();
    write_code(covered);
    ilv__real()->sigaction(SIGTRAP, &before, NULL);
    ilv__serve();
}

void ilv__start_at(const char *name)
{
    struct sigaction action = {.sa_sigaction = reached, .sa_flags = SA_SIGINFO | SA_NODEFER};
    struct wanted wanted = {.name = name};
    ilv__program_symbols(note_symbol, &wanted);
    if (wanted.address == 0)
        ilv__serve_early(ILV_ANSWER_NO_SYMBOL);
    place = (uint8_t *)(uintptr_t)wanted.address;
    covered = *place;
    ilv__real()->sigaction(SIGTRAP, &action, &before);
    if (!write_code(BREAKPOINT))
        ilv__serve_early(ILV_ANSWER_NO_SYMBOL);
}
