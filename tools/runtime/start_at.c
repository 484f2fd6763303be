/* SPDX-License-Identifier: MIT */
/*
 * start_at.c: --start-at SYMBOL. The program runs on by itself until it first comes to a
 * function; there it becomes the fork server, with the threads that it has by then.
 *
 * The function is looked up in the program's own symbol table, on disk, because most programs
 * export nothing. A breakpoint instruction is put on its first byte; the handler takes it away
 * again and serves. Every run returns from that handler as if nothing had been there.
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "server.h"

#define BREAKPOINT 0xcc
#define PAGE_MASK (~(uintptr_t)4095)

static uint8_t *place;
static uint8_t covered;
static struct sigaction before;

/* ---- the symbol --------------------------------------------------------------------------- */

struct image {
    const uint8_t *bytes;
    size_t size;
};

static bool within(const struct image *image, uint64_t at, uint64_t size)
{
    return at <= image->size && size <= image->size - at;
}

static uint64_t search(const struct image *image, const Elf64_Shdr *table,
                       const Elf64_Shdr *strings, const char *name)
{
    size_t length = strlen(name) + 1;
    const Elf64_Sym *symbol = (const void *)(image->bytes + table->sh_offset);
    for (uint64_t i = 0; i < table->sh_size / sizeof *symbol; i++) {
        uint64_t at = strings->sh_offset + symbol[i].st_name;
        if (ELF64_ST_TYPE(symbol[i].st_info) == STT_FUNC && symbol[i].st_shndx != SHN_UNDEF &&
            within(image, at, length) && memcmp(image->bytes + at, name, length) == 0)
            return symbol[i].st_value;
    }
    return 0;
}

static uint64_t value_in(const struct image *image, const char *name)
{
    const Elf64_Ehdr *header = (const void *)image->bytes;
    if (!within(image, 0, sizeof *header) ||
        !within(image, header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf64_Shdr)))
        return 0;
    const Elf64_Shdr *section = (const void *)(image->bytes + header->e_shoff);
    for (unsigned i = 0; i < header->e_shnum; i++) {
        const Elf64_Shdr *s = &section[i];
        if ((s->sh_type != SHT_SYMTAB && s->sh_type != SHT_DYNSYM) ||
            s->sh_link >= header->e_shnum || !within(image, s->sh_offset, s->sh_size))
            continue;
        uint64_t value = search(image, s, &section[s->sh_link], name);
        if (value != 0)
            return value;
    }
    return 0;
}

static uint64_t value_of(const char *name)
{
    struct stat status;
    uint64_t value = 0;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
        size_t size = (size_t)status.st_size;
        void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED) {
            struct image image = {bytes, size};
            value = value_in(&image, name);
            munmap(bytes, size);
        }
    }
    close(fd);
    return value;
}

/* The first object in the list is the program. */
static int note_base(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uint64_t *)base = info->dlpi_addr;
    return 1;
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
    uint64_t base = 0;
    uint64_t value = value_of(name);
    if (value == 0)
        ilv__serve_early(ILV_ANSWER_NO_SYMBOL);
    dl_iterate_phdr(note_base, &base);
    place = (uint8_t *)(uintptr_t)(base + value);
    covered = *place;
    ilv__real()->sigaction(SIGTRAP, &action, &before);
    if (!write_code(BREAKPOINT))
        ilv__serve_early(ILV_ANSWER_NO_SYMBOL);
}
