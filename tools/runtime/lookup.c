/* SPDX-License-Identifier: MIT */
/*
 * lookup.c: reads what the dynamic linker reads: the dynamic section of each loaded object, in
 * the order of the search; its GNU hash table (a Bloom filter, buckets, chains whose last hash
 * is odd); the version of each symbol.
 */
#include "lookup.h"

#include <elf.h>
#include <link.h>
#include <string.h>

#define VERSION_MASK 0x7fffu
#define UNVERSIONED 1u /* version index of a global symbol without a version */

struct image {
    uintptr_t base;
    const ElfW(Sym) * symbols;
    const char *strings;
    const uint32_t *hash;       /* NULL: it has none, and is passed over */
    const ElfW(Half) * version; /* of each symbol; NULL: none of them has one */
    const ElfW(Verdef) * defined;
};

struct search {
    const char *name;
    const char *version; /* NULL: any */
    uint32_t hash;
    bool behind; /* only in objects behind the runtime */
    bool passed; /* the runtime itself has been passed */
    void *found;
};

extern const char __ehdr_start[] ILV_HIDDEN;

/* ---- an object's tables ------------------------------------------------------------------- */

/* Pointers in the dynamic section are relocated already, but for those of the kernel's object. */
static const void *at(const struct image *image, ElfW(Addr) value)
{
    return (const void *)(value < image->base ? image->base + value : value);
}

static void note_entry(struct image *image, const ElfW(Dyn) * entry)
{
    const void *place = at(image, entry->d_un.d_ptr);
    if (entry->d_tag == DT_SYMTAB)
        image->symbols = place;
    else if (entry->d_tag == DT_STRTAB)
        image->strings = place;
    else if (entry->d_tag == DT_GNU_HASH)
        image->hash = place;
    else if (entry->d_tag == DT_VERSYM)
        image->version = place;
    else if (entry->d_tag == DT_VERDEF)
        image->defined = place;
}

static bool read_image(const struct dl_phdr_info *info, struct image *image)
{
    *image = (struct image){.base = info->dlpi_addr};
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
            continue;
        const ElfW(Dyn) *entry = (const void *)(image->base + info->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++)
            note_entry(image, entry);
    }
    return image->symbols != NULL && image->strings != NULL && image->hash != NULL;
}

/* ---- one symbol --------------------------------------------------------------------------- */

static const char *version_name(const struct image *image, unsigned index)
{
    const ElfW(Verdef) *d = image->defined;
    while (d != NULL && (d->vd_ndx & VERSION_MASK) != index)
        d = d->vd_next != 0 ? (const void *)((const char *)d + d->vd_next) : NULL;
    if (d == NULL)
        return "";
    const ElfW(Verdaux) *name = (const void *)((const char *)d + d->vd_aux);
    return image->strings + name->vda_name;
}

static bool version_fits(const struct image *image, uint32_t symbol, const char *version)
{
    if (version == NULL || image->version == NULL)
        return true;
    unsigned index = image->version[symbol] & VERSION_MASK;
    return index == UNVERSIONED || strcmp(version_name(image, index), version) == 0;
}

static bool fits(const struct image *image, uint32_t index, const struct search *search)
{
    const ElfW(Sym) *symbol = &image->symbols[index];
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF && symbol->st_value != 0 && type != STT_TLS &&
           strcmp(image->strings + symbol->st_name, search->name) == 0 &&
           version_fits(image, index, search->version);
}

/* Some functions of libc are chosen when they are looked up, for the processor at hand. */
static void *address_of(const struct image *image, const ElfW(Sym) * symbol)
{
    uintptr_t address = image->base + symbol->st_value;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_GNU_IFUNC)
        return (void *)address;
    void *(*choose)(void) = (void *(*)(void))address;
    return choose();
}

static void *find_in(const struct image *image, const struct search *search)
{
    uint32_t buckets = image->hash[0];
    uint32_t first = image->hash[1];
    uint32_t words = image->hash[2];
    const uint32_t *bucket = image->hash + 4 + 2 * (size_t)words;
    const uint32_t *chain = bucket + buckets;
    uint32_t index = buckets != 0 ? bucket[search->hash % buckets] : 0;
    if (index < first)
        return NULL;
    for (;; index++) {
        uint32_t hash = chain[index - first];
        if ((hash | 1u) == (search->hash | 1u) && fits(image, index, search))
            return address_of(image, &image->symbols[index]);
        if ((hash & 1u) != 0)
            return NULL;
    }
}

/* ---- all objects -------------------------------------------------------------------------- */

static int search_object(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct search *search = data;
    struct image image;
    bool own = info->dlpi_addr == (uintptr_t)__ehdr_start;
    if ((!search->behind || search->passed) && read_image(info, &image))
        search->found = find_in(&image, search);
    search->passed = search->passed || own;
    return search->found != NULL;
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name != 0; name++)
        hash = hash * 33 + (uint8_t)*name;
    return hash;
}

void *ilv__lookup_next(const char *name, const char *version)
{
    struct search search = {
        .name = name, .version = version, .hash = hash_of(name), .behind = true};
    dl_iterate_phdr(search_object, &search);
    return search.found;
}

void *ilv__lookup_first(const char *name)
{
    struct search search = {.name = name, .hash = hash_of(name)};
    dl_iterate_phdr(search_object, &search);
    return search.found;
}
