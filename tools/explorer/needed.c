/* SPDX-License-Identifier: MIT */
#include "needed.h"

#include <elf.h>
#include <string.h>

static bool within(size_t size, size_t at, size_t length)
{
    return at <= size && length <= size - at;
}

static bool table_needs(const unsigned char *bytes, const Elf64_Shdr *table,
                        const Elf64_Shdr *strings, const char *prefix)
{
    const Elf64_Dyn *entry = (const void *)(bytes + table->sh_offset);
    size_t length = strlen(prefix);
    for (size_t i = 0; i < table->sh_size / sizeof *entry; i++) {
        size_t name = entry[i].d_un.d_val;
        if (entry[i].d_tag == DT_NEEDED && within(strings->sh_size, name, length) &&
            !memcmp(bytes + strings->sh_offset + name, prefix, length))
            return true;
    }
    return false;
}

bool ilv__needs_library(const unsigned char *bytes, size_t size, const char *prefix)
{
    const Elf64_Ehdr *elf = (const void *)bytes;
    size_t all = (size_t)elf->e_shnum * sizeof(Elf64_Shdr);
    if (!within(size, elf->e_shoff, all) || elf->e_shoff % 8)
        return false;
    const Elf64_Shdr *section = (const void *)(bytes + elf->e_shoff);
    for (unsigned i = 0; i < elf->e_shnum; i++) {
        const Elf64_Shdr *s = &section[i];
        if (s->sh_type != SHT_DYNAMIC || s->sh_link >= elf->e_shnum || s->sh_offset % 8 ||
            !within(size, s->sh_offset, s->sh_size))
            continue;
        const Elf64_Shdr *strings = &section[s->sh_link];
        if (within(size, strings->sh_offset, strings->sh_size) &&
            table_needs(bytes, s, strings, prefix))
            return true;
    }
    return false;
}

const char *ilv__shared_sanitizer(const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *library, *why;
    } shared[] = {
        {"libtsan.so", "has gcc's shared ThreadSanitizer, which would miss locks and report false "
                       "races here; link it with -static-libtsan"},
        {"libclang_rt.tsan", "has clang's shared ThreadSanitizer, which would miss locks and "
                             "report false races here; link it without -shared-libsan"},
        {"libasan.so", "has gcc's shared AddressSanitizer, which refuses to come after the "
                       "sandbox; link it with -static-libasan"},
        {"libclang_rt.asan", "has clang's shared AddressSanitizer, which refuses to come after "
                             "the sandbox; link it without -shared-libsan"},
    };
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (ilv__needs_library(bytes, size, shared[i].library))
            return shared[i].why;
    }
    return NULL;
}
