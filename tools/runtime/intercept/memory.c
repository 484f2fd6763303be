/* SPDX-License-Identifier: MIT */
/*
 * memory.c: the doors through which memory comes and goes. No model survives the memory that it
 * stood in: what is put there next is a new object. In instrumented programs every block is known,
 * and new memory has no history of accesses.
 *
 * They are called before anything else is, by the dynamic linker and while the real functions
 * are looked up; memory that is given back in the midst of that is kept.
 *
 * A pointer that is no block of memory, or not any more, is the program's fault, and it is to end
 * where it ends natively, in libc. Before that is called nothing is touched but the word before
 * the block, which libc looks at first as well: malloc_usable_size() looks behind the block too,
 * and what was given back once may seem to end where nothing is mapped.
 */
#include <dlfcn.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "intercept/doors.h"
#include "lookup.h"
#include "objects/blocks.h"
#include "objects/memory.h"

#define HERE __builtin_return_address(0)

static struct real *const real = &ilv__real_table; /* its other entries may not be there yet */
static volatile bool looking;
/* Whether free is libc's own: then what stands before a block is known. */
static enum { UNKNOWN, LIBC, ANOTHER } heap;

/* glibc: the word before a block is its size, with its header, and flags below. */
#define HEADER_SIZE 8u
#define FLAGS 7u
#define IS_MAPPED 2u /* another word of header */
#define BLOCK_ALIGNMENT 16u
#define SMALLEST 32u

static bool is_libc(void *function)
{
    Dl_info its, libc;
    return dladdr(function, &its) != 0 && dladdr(gnu_get_libc_version(), &libc) != 0 &&
           its.dli_fbase == libc.dli_fbase;
}

/* Whether the real functions can be called. */
static bool ready(void)
{
    if (ilv_likely(real->free != NULL && real->realloc != NULL && real->calloc != NULL &&
                   real->malloc != NULL))
        return true;
    if (looking)
        return false;
    looking = true;
    *(void **)(void *)&real->malloc = ilv__lookup_next("malloc", "GLIBC_2.2.5");
    *(void **)(void *)&real->calloc = ilv__lookup_next("calloc", "GLIBC_2.2.5");
    *(void **)(void *)&real->free = ilv__lookup_next("free", "GLIBC_2.2.5");
    *(void **)(void *)&real->realloc = ilv__lookup_next("realloc", "GLIBC_2.2.5");
    looking = false;
    return real->free != NULL && real->realloc != NULL && real->calloc != NULL &&
           real->malloc != NULL;
}

/* Of whatever allocator the program has. */
static size_t usable(void *memory)
{
    static size_t (*size)(void *);
    if (size == NULL)
        *(void **)(void *)&size = ilv__lookup_first("malloc_usable_size");
    return size(memory);
}

/* ---- what comes --------------------------------------------------------------------------- */

/* A new block. What the runtime and libc allocate for themselves is not the program's. */
static void *made(void *memory, size_t size, const void *pc)
{
    if (ilv_likely(!ilv__blocks_kept()) || memory == NULL)
        return memory;
    if (ilv__managed())
        ilv__memory_allocated(memory, size, pc);
    else if (ilv__self != NULL)
        ilv__memory_fresh(memory, size);
    return memory;
}

void *ilv_door_malloc(size_t size)
{
    return ready() ? made(real->malloc(size), size, HERE) : NULL;
}

void *ilv_door_calloc(size_t count, size_t size)
{
    return ready() ? made(real->calloc(count, size), count * size, HERE) : NULL;
}

void *ilv_door_memalign(size_t alignment, size_t size)
{
    return made(ilv__real()->memalign(alignment, size), size, HERE);
}

void *ilv_door_aligned_alloc(size_t alignment, size_t size)
{
    return made(ilv__real()->aligned_alloc(alignment, size), size, HERE);
}

int ilv_door_posix_memalign(void **memory, size_t alignment, size_t size)
{
    int error = ilv__real()->posix_memalign(memory, alignment, size);
    if (error == 0)
        made(*memory, size, HERE);
    return error;
}

void *ilv_door_valloc(size_t size)
{
    return made(ilv__real()->valloc(size), size, HERE);
}

void *ilv_door_pvalloc(size_t size)
{
    return made(ilv__real()->pvalloc(size), size, HERE);
}

/* ---- what goes ---------------------------------------------------------------------------- */

/* How many bytes a block has; 0 for what cannot be a block. */
static size_t size_of(void *memory)
{
    if (ilv_unlikely(heap == UNKNOWN))
        heap = is_libc(*(void **)(void *)&real->free) ? LIBC : ANOTHER;
    if (ilv_unlikely(heap == ANOTHER))
        return usable(memory);
    uintptr_t at = (uintptr_t)memory;
    if (ilv_unlikely(at % BLOCK_ALIGNMENT != 0))
        return 0;
    size_t word = ((const size_t *)memory)[-1];
    size_t size = word & ~(size_t)FLAGS;
    bool can_be = size % BLOCK_ALIGNMENT == 0 && size >= SMALLEST && at <= UINTPTR_MAX - size;
    size_t header = (word & IS_MAPPED) != 0 ? 2 * HEADER_SIZE : HEADER_SIZE;
    return ilv_likely(can_be) ? size - header : 0;
}

/* The block, until now of the program, is about to be given back. */
static void forget(void *memory, const void *pc)
{
    if (ilv_unlikely(ilv__blocks_kept()))
        ilv__memory_freed(memory, pc);
    ilv__objects_gone(memory, size_of(memory));
}

void ilv_door_free(void *memory)
{
    if (memory == NULL || !ready())
        return;
    if (ilv__managed())
        forget(memory, HERE);
    else if (ilv_unlikely(ilv__blocks_kept()))
        ilv__block_gone(memory);
    real->free(memory);
}

/* In place, what was in the part that is kept stays. */
static void moved(void *before, size_t size, void *after)
{
    size_t kept = after != NULL && after == before ? size_of(after) : 0;
    if (kept < size)
        ilv__objects_gone((char *)before + kept, size - kept);
}

/* An instrumented program gives the old block back and gets a new one, wherever that is (C11,
 * 7.22.3.5); when there is none the old one goes on, as if it had just come. */
static void *reallocated(void *memory, size_t size, const void *pc)
{
    size_t had = size_of(memory);
    size_t known = ilv__memory_freed(memory, pc);
    void *now = real->realloc(memory, size);
    if (now != NULL || size == 0)
        moved(memory, had, now);
    if (now != NULL)
        ilv__memory_allocated(now, size, pc);
    else if (size != 0)
        ilv__memory_allocated(memory, known, pc);
    return now;
}

void *ilv_door_realloc(void *memory, size_t size)
{
    if (!ready())
        return NULL;
    if (memory == NULL)
        return made(real->realloc(NULL, size), size, HERE);
    if (!ilv__managed())
        return real->realloc(memory, size);
    if (ilv_unlikely(ilv__blocks_kept()))
        return reallocated(memory, size, HERE);
    size_t had = size_of(memory);
    void *now = real->realloc(memory, size);
    if (now != NULL || size == 0)
        moved(memory, had, now);
    return now;
}

/* ---- mappings ----------------------------------------------------------------------------- */

/* Made by the kernel directly: allocators of the program come here while they are set up, before
 * the real functions can be looked up. What the program maps is a block like any other. */
static void *mapped(long start, size_t size, const int *how, off_t offset, const void *pc)
{
    long got = ilv__syscall_raw(SYS_mmap, start, (long)size, how[0], how[1], how[2], offset);
    if (got < 0 && got > -4096) {
        errno = (int)-got;
        return MAP_FAILED;
    }
    if (ilv_unlikely(ilv__blocks_kept()) && ilv__managed())
        ilv__memory_mapped((void *)got, size, pc);
    return (void *)got;
}

void *ilv_door_mmap(void *start, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mapped((long)start, size, (int[]){protection, flags, fd}, offset, HERE);
}

void *ilv_door_mmap64(void *start, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mapped((long)start, size, (int[]){protection, flags, fd}, offset, HERE);
}

/* A mapping that only loses its beginning (it was made larger, to be aligned) stays a block. */
int ilv_door_munmap(void *start, size_t size)
{
    if (ilv__managed()) {
        if (ilv__block_size(start) <= size)
            ilv__block_gone(start);
        ilv__objects_gone(start, size);
        ilv__memory_fresh(start, size);
    }
    return ilv__real()->munmap(start, size);
}
