/* SPDX-License-Identifier: MIT */
/*
 * exact FILE: a step of the build. Marks every version that a shared library needs as exact.
 *
 * The dynamic linker binds a reference to libc's memcpy of some version to the first definition
 * of that name in the order of search, a definition without any version included: the program's
 * own, such as a sanitizer's interceptor. With bit 15 of the needed version set only a definition
 * of that very version will do. So what the runtime calls for itself is libc's, always.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXACT 0x8000u

static void mark_names(uint8_t *need, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        Elf64_Vernaux *name = (void *)need;
        name->vna_other |= EXACT;
        need += name->vna_next;
    }
}

static void mark_files(uint8_t *table, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        Elf64_Verneed *file = (void *)table;
        mark_names(table + file->vn_aux, file->vn_cnt);
        table += file->vn_next;
    }
}

static bool mark(uint8_t *image)
{
    const Elf64_Ehdr *header = (void *)image;
    const Elf64_Shdr *section = (void *)(image + header->e_shoff);
    bool found = false;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (section[i].sh_type != SHT_GNU_verneed)
            continue;
        mark_files(image + section[i].sh_offset, section[i].sh_info);
        found = true;
    }
    return found;
}

int main(int argc, char **argv)
{
    struct stat status;
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &status) != 0) {
        fprintf(stderr, "exact: a file that can be written is needed\n");
        return 2;
    }
    void *image = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bool marked = image != MAP_FAILED && mark(image);
    if (!marked)
        fprintf(stderr, "exact: %s: no versions are needed in it\n", argv[1]);
    return marked ? 0 : 1;
}
