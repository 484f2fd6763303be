/* SPDX-License-Identifier: MIT */
#include "program_symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
    const uint8_t *bytes;
    size_t size;
    uint64_t base; /* what is added to its addresses in memory */
    unsigned type; /* of symbols that are wanted */
};

static bool within(const struct file *file, uint64_t at, uint64_t size)
{
    return at <= file->size && size <= file->size - at;
}

static void visit_table(const struct file *file, const Elf64_Shdr *table, const Elf64_Shdr *strings,
                        ilv_visit_symbol *visit, void *context)
{
    const Elf64_Sym *symbol = (const void *)(file->bytes + table->sh_offset);
    const char *text = (const void *)(file->bytes + strings->sh_offset);
    for (uint64_t i = 0; i < table->sh_size / sizeof *symbol; i++) {
        uint64_t rest = strings->sh_size - symbol[i].st_name;
        if (ELF64_ST_TYPE(symbol[i].st_info) != file->type || symbol[i].st_shndx == SHN_UNDEF ||
            symbol[i].st_name >= strings->sh_size ||
            memchr(text + symbol[i].st_name, 0, rest) == NULL)
            continue;
        visit(text + symbol[i].st_name, file->base + symbol[i].st_value, symbol[i].st_size,
              context);
    }
}

static void visit_file(const struct file *file, ilv_visit_symbol *visit, void *context)
{
    const Elf64_Ehdr *header = (const void *)file->bytes;
    if (!within(file, 0, sizeof *header) ||
        !within(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf64_Shdr)))
        return;
    const Elf64_Shdr *section = (const void *)(file->bytes + header->e_shoff);
    for (unsigned i = 0; i < header->e_shnum; i++) {
        const Elf64_Shdr *s = &section[i];
        if ((s->sh_type != SHT_SYMTAB && s->sh_type != SHT_DYNSYM) ||
            s->sh_link >= header->e_shnum || !within(file, s->sh_offset, s->sh_size))
            continue;
        const Elf64_Shdr *strings = &section[s->sh_link];
        if (within(file, strings->sh_offset, strings->sh_size))
            visit_table(file, s, strings, visit, context);
    }
}

void ilv__file_symbols(const char *path, uint64_t base, unsigned type, ilv_visit_symbol *visit,
                       void *context)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
        struct file file = {.size = (size_t)status.st_size, .base = base, .type = type};
        void *bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED) {
            file.bytes = bytes;
            visit_file(&file, visit, context);
            munmap(bytes, file.size);
        }
    }
    close(fd);
}

/* The first object in the list is the program. */
static int note_base(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uint64_t *)base = info->dlpi_addr;
    return 1;
}

void ilv__program_symbols(ilv_visit_symbol *visit, void *context)
{
    uint64_t base = 0;
    dl_iterate_phdr(note_base, &base);
    ilv__file_symbols("/proc/self/exe", base, STT_FUNC, visit, context);
}
