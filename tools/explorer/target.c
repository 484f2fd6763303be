/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "needed.h"

#define INTERPRETER_DEPTH 4

/* A file mapped for reading. */
struct image {
    const unsigned char *bytes;
    size_t size;
};

static bool runnable(const char *path)
{
    struct stat st;
    return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* Tries each directory of PATH; leaves the first hit in path. */
static bool path_search(const char *command, char *path)
{
    const char *list = getenv("PATH");
    if (!list)
        list = "/usr/local/bin:/usr/bin:/bin";
    for (const char *at = list;; at++) {
        int length = (int)strcspn(at, ":");
        int n =
            snprintf(path, ILV_TARGET_PATH, "%.*s%s%s", length, at, length ? "/" : "./", command);
        if (n < ILV_TARGET_PATH && runnable(path))
            return true;
        at += length;
        if (!*at)
            return false;
    }
}

static int find(const char *command, char *path, char *error, size_t size)
{
    struct stat st;
    if (!strchr(command, '/')) {
        if (*command && path_search(command, path))
            return 0;
        snprintf(error, size, "%s: command not found; give a path such as ./%s", command, command);
        return -ENOENT;
    }
    size_t length = strnlen(command, ILV_TARGET_PATH - 1);
    memcpy(path, command, length);
    path[length] = '\0';
    if (stat(command, &st)) {
        int failed = errno;
        snprintf(error, size, "%s: %s; give the path of a program", command, strerror(failed));
        return -failed;
    }
    if (S_ISDIR(st.st_mode)) {
        snprintf(error, size, "%s: is a directory; give the path of a program", command);
        return -EACCES;
    }
    if (!runnable(command)) {
        snprintf(error, size, "%s: not executable; chmod +x it if it is a program", command);
        return -EACCES;
    }
    return 0;
}

static int image_open(const char *path, struct image *image, char *error, size_t size)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st)) {
        int failed = errno;
        snprintf(error, size, "%s: cannot be read: %s; the sandbox must read a program's header",
                 path, strerror(failed));
        if (fd >= 0)
            close(fd);
        return -failed;
    }
    image->size = (size_t)st.st_size;
    void *map = image->size ? mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    close(fd);
    image->bytes = map == MAP_FAILED ? NULL : map;
    if (image->bytes)
        return 0;
    snprintf(error, size, "%s: is empty; give a program", path);
    return -ENOEXEC;
}

static void image_close(const struct image *image)
{
    munmap((void *)(uintptr_t)image->bytes, image->size);
}

/* The program headers, or NULL if they do not lie within the file. */
static const Elf64_Phdr *headers(const struct image *image, unsigned *count)
{
    const Elf64_Ehdr *elf = (const void *)image->bytes;
    *count = elf->e_phnum;
    if (elf->e_phentsize != sizeof(Elf64_Phdr) || elf->e_phoff > image->size ||
        image->size - elf->e_phoff < (size_t)*count * sizeof(Elf64_Phdr) || elf->e_phoff % 8)
        return NULL;
    return (const void *)(image->bytes + elf->e_phoff);
}

static void hex(const unsigned char *bytes, size_t count, char out[41])
{
    *out = '\0';
    for (size_t i = 0; i < count && i < 20; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static size_t round4(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

static bool is_note(const Elf64_Nhdr *note, unsigned type, const char *name)
{
    return note->n_type == type && note->n_namesz == strlen(name) + 1 &&
           !memcmp(note + 1, name, note->n_namesz);
}

/* What a note says of the program; its name and its bytes lie within the segment. */
static void note_take(const Elf64_Nhdr *note, const unsigned char *bytes, struct ilv_target *target)
{
    size_t size = note->n_descsz;
    if (is_note(note, NT_GNU_BUILD_ID, "GNU") && !*target->build_id)
        hex(bytes, size, target->build_id);
    if (is_note(note, ILV_NOTE_SOURCE, ILV_NOTE_NAME) && !*target->source && size)
        snprintf(target->source, sizeof target->source, "%.*s", (int)(size & INT16_MAX), bytes);
}

static void note_search(const unsigned char *at, size_t left, struct ilv_target *target)
{
    while (left >= sizeof(Elf64_Nhdr)) {
        const Elf64_Nhdr *note = (const void *)at;
        size_t name = round4(note->n_namesz), whole = sizeof *note + name + round4(note->n_descsz);
        if (name > left || whole > left)
            return;
        note_take(note, at + sizeof *note + name, target);
        at += whole;
        left -= whole;
    }
}

static void notes_read(const struct image *image, const Elf64_Phdr *header, unsigned count,
                       struct ilv_target *target)
{
    for (unsigned i = 0; i < count; i++) {
        const Elf64_Phdr *p = &header[i];
        if (p->p_type == PT_NOTE && p->p_offset < image->size && p->p_offset % 4 == 0 &&
            image->size - p->p_offset >= p->p_filesz)
            note_search(image->bytes + p->p_offset, p->p_filesz, target);
    }
}

static int refuse(const char *path, const char *why, char *error, size_t size)
{
    snprintf(error, size, "%s: %s", path, why);
    return -ENOEXEC;
}

/* The file is an ELF file: whether the sandbox can enter it. */
static int check_elf(const char *path, const struct image *image, struct ilv_target *target,
                     char *error, size_t size)
{
    const Elf64_Ehdr *elf = (const void *)image->bytes;
    unsigned count;
    if (image->size < sizeof *elf)
        return refuse(path, "a cut off program file; build it again", error, size);
    if (elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_machine != EM_X86_64)
        return refuse(path, "built for another architecture; the sandbox runs x86-64 programs",
                      error, size);
    if (elf->e_type != ET_EXEC && elf->e_type != ET_DYN)
        return refuse(path, "not a program but an object file; link it first", error, size);
    const Elf64_Phdr *header = headers(image, &count);
    if (!header)
        return refuse(path, "a cut off program file; build it again", error, size);
    const char *shared = ilv__shared_sanitizer(image->bytes, image->size);
    if (shared)
        return refuse(path, shared, error, size);
    notes_read(image, header, count, target);
    for (unsigned i = 0; i < count; i++) {
        if (header[i].p_type == PT_INTERP)
            return 0;
    }
    return refuse(path, "statically linked, so the sandbox cannot enter it; link it dynamically",
                  error, size);
}

/* The rights that a file gives must not differ from the caller's: the loader would ignore the
 * preload without a word. */
static int check_rights(const char *path, char *error, size_t size)
{
    struct stat st;
    if (stat(path, &st))
        return -errno;
    if (!(st.st_mode & (S_ISUID | S_ISGID)))
        return 0;
    snprintf(error, size,
             "%s: set-uid or set-gid, so nothing can be preloaded into it; hunt a "
             "copy without that bit",
             path);
    return -EACCES;
}

static int check_file(const char *path, struct ilv_target *target, unsigned depth, char *error,
                      size_t size);

/* `#!` and the interpreter's path up to a blank. */
static int check_script(const char *path, const struct image *image, struct ilv_target *target,
                        unsigned depth, char *error, size_t size)
{
    char name[256];
    size_t at = 2, n = 0;
    while (at < image->size && (image->bytes[at] == ' ' || image->bytes[at] == '\t'))
        at++;
    while (at < image->size && !strchr(" \t\n", image->bytes[at]) && n < sizeof name - 1)
        name[n++] = (char)image->bytes[at++];
    name[n] = '\0';
    if (depth >= INTERPRETER_DEPTH || !runnable(name)) {
        snprintf(error, size, "%s: its interpreter '%s' cannot be run; correct its first line",
                 path, name);
        return -ENOEXEC;
    }
    return check_file(name, target, depth + 1, error, size);
}

static int check_file(const char *path, struct ilv_target *target, unsigned depth, char *error,
                      size_t size)
{
    struct image image = {0};
    int result = check_rights(path, error, size);
    if (result)
        return result;
    if ((result = image_open(path, &image, error, size)))
        return result;
    if (image.size > 4 && !memcmp(image.bytes, ELFMAG, SELFMAG))
        result = check_elf(path, &image, target, error, size);
    else if (image.size > 2 && !memcmp(image.bytes, "#!", 2))
        result = check_script(path, &image, target, depth, error, size);
    else
        result = refuse(path, "neither a program nor a script with a #! line", error, size);
    image_close(&image);
    return result;
}

int ilv_target_check(const char *command, struct ilv_target *target, char *error, size_t size)
{
    *target = (struct ilv_target){0};
    int result = find(command ? command : "", target->path, error, size);
    return result ? result : check_file(target->path, target, 0, error, size);
}
