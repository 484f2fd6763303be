/* SPDX-License-Identifier: MIT */
/*
 * unseen.c: which modules could order accesses without being seen.
 *
 * x86-64: an atomic read-modify-write is an instruction with the prefix F0, before an optional
 * REX prefix (40 to 4F) and the opcode 0F B0/B1 (cmpxchg), 0F C0/C1 (xadd), 0F C7 (cmpxchg16b), 0F
 * AB/B3/BA/BB (bit operations), or one of the arithmetic ones on memory. Bytes that look so by
 * chance make a module count that could not order anything: then a race is told as unsure.
 */
#include "objects/unseen.h"

#include <elf.h>
#include <string.h>

#define SEEN_MOST 256u
#define LOCK 0xf0u
#define REX_FIRST 0x40u
#define REX_LAST 0x4fu
#define TWO_BYTES 0x0fu

static uint64_t seen[SEEN_MOST];
static uint32_t seen_count;

void ilv__seen(const void *text)
{
    if (seen_count < SEEN_MOST)
        seen[seen_count++] = (uint64_t)(uintptr_t)text;
}

static bool is_seen(const struct ilv_module *m)
{
    for (uint32_t i = 0; i < seen_count; i++)
        if (seen[i] >= m->base && seen[i] < m->end)
            return true;
    return false;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What they do to order tasks is modelled, or is a call that is. */
static bool is_known(const char *name)
{
    static const char *const known[] = {
        "libinterleave.so", "linux-vdso", "ld-linux",  "libc.so.",   "libm.so.",   "libpthread.so.",
        "libdl.so.",        "librt.so.",  "libgcc_s.", "libstdc++.", "libatomic.", "libresolv.so."};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(name, known[i], strlen(known[i])) == 0)
            return true;
    return false;
}

static bool is_locked_opcode(const uint8_t *at, const uint8_t *end)
{
    static const uint8_t one_byte[] = {0x01, 0x09, 0x21, 0x29, 0x31, 0x81, 0x83, 0xff};
    static const uint8_t two_bytes[] = {0xb0, 0xb1, 0xc0, 0xc1, 0xc7, 0xab, 0xb3, 0xba, 0xbb};
    if (at < end && *at >= REX_FIRST && *at <= REX_LAST)
        at++;
    if (at + 1 >= end)
        return false;
    if (*at == TWO_BYTES)
        return memchr(two_bytes, at[1], sizeof two_bytes) != NULL;
    return memchr(one_byte, *at, sizeof one_byte) != NULL;
}

static bool has_lock(const uint8_t *code, size_t size)
{
    const uint8_t *end = code + size;
    const uint8_t *at = code;
    while ((at = memchr(at, LOCK, (size_t)(end - at))) != NULL)
        if (is_locked_opcode(++at, end))
            return true;
    return false;
}

/* The segments with code, by the header that is loaded with them. */
static bool has_locked_code(const struct ilv_module *m)
{
    const Elf64_Ehdr *header = (const void *)(uintptr_t)m->base;
    if (m->base == 0 || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return true;
    const Elf64_Phdr *p = (const void *)(uintptr_t)(m->base + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; i++)
        if (p[i].p_type == PT_LOAD && (p[i].p_flags & PF_X) != 0 && (p[i].p_flags & PF_R) != 0 &&
            has_lock((const void *)(uintptr_t)(m->base + p[i].p_vaddr), p[i].p_filesz))
            return true;
    return false;
}

const char *ilv__unseen_code(void)
{
    static uint32_t looked_at; /* modules of the table that cannot order anything */
    const struct ilv_run *run = ilv__world.run;
    ilv__modules_refresh();
    for (; looked_at < run->module_count; looked_at++) {
        const struct ilv_module *m = &run->module[looked_at];
        const char *name = base_name(m->path);
        if (!is_known(name) && !is_seen(m) && has_locked_code(m))
            return name;
    }
    return NULL;
}
