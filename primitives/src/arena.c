/* SPDX-License-Identifier: MIT */
/*
 * arena.c: where an arena comes from and where it goes.
 *
 * A named arena is made in a file without name, which gets its name when it is complete: nobody
 * can attach to half of one, and a maker that is killed leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"

#define DIRECTORY "/dev/shm"

static size_t whole_pages(size_t size)
{
    return (size + ILV__PAGE - 1) & ~(size_t)(ILV__PAGE - 1);
}

bool ilv__arena_valid(const struct ilv_arena *arena)
{
    return arena != NULL && ((uintptr_t)arena & (ILV__PAGE - 1)) == 0 && arena->magic == ILV__MAGIC;
}

static int name_error(const char *name)
{
    if (name == NULL || name[0] != '/' || name[1] == '\0' || strchr(name + 1, '/') != NULL ||
        strcmp(name, "/.") == 0 || strcmp(name, "/..") == 0)
        return EINVAL;
    return strlen(name) > ILV_ARENA_NAME_MAX ? ENAMETOOLONG : 0;
}

static void path_of(char path[static ILV_ARENA_NAME_MAX + 16], const char *name)
{
    snprintf(path, ILV_ARENA_NAME_MAX + 16, "%s%s", DIRECTORY, name);
}

static void *refuse(int error)
{
    errno = error;
    return NULL;
}

int ilv__arena_reserve(struct ilv_arena *arena, uint64_t from, uint64_t size)
{
    int error;
    do
        error = posix_fallocate(arena->fd, (off_t)from, (off_t)(size - from));
    while (error == EINTR);
    return error == 0 ? 0 : ENOSPC;
}

/* The private page and, behind it, the file. The descriptor becomes the arena's. */
static struct ilv_arena *map(int fd, uint64_t limit)
{
    char *all = mmap(NULL, ILV__PAGE + limit, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED)
        return refuse(ENOMEM);
    if (mmap(all + ILV__PAGE, limit, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
            MAP_FAILED ||
        mprotect(all, ILV__PAGE, PROT_READ | PROT_WRITE) != 0) {
        int error = errno;
        munmap(all, ILV__PAGE + limit);
        return refuse(error);
    }
    struct ilv_arena *arena = (struct ilv_arena *)(void *)all;
    arena->limit = limit;
    arena->fd = fd;
    arena->magic = ILV__MAGIC;
    return arena;
}

static int open_new(const char *name)
{
    if (name != NULL)
        return open(DIRECTORY, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return memfd_create("ilv-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/* Gives the finished file its name, or seals it against being cut short. */
static int publish(int fd, const char *name)
{
    char path[ILV_ARENA_NAME_MAX + 16];
    char self[32];
    if (name == NULL)
        return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0 ? 0 : errno;
    path_of(path, name);
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

static int fill(struct ilv_arena *arena, const char *name, size_t size)
{
    int error = ilv__arena_reserve(arena, 0, size);
    if (error != 0)
        return error;
    ilv__heap_make(arena, size);
    return publish(arena->fd, name);
}

static bool taken(const char *name)
{
    char path[ILV_ARENA_NAME_MAX + 16];
    path_of(path, name);
    return access(path, F_OK) == 0;
}

static int request_error(const char *name, size_t size, size_t limit)
{
    if (limit < ILV_ARENA_SMALLEST || limit > ILV__BIGGEST || size > limit)
        return EINVAL;
    if (name == NULL)
        return 0;
    int error = name_error(name);
    return error == 0 && taken(name) ? EEXIST : error;
}

struct ilv_arena *ilv_arena_create(const char *name, size_t size, size_t limit)
{
    limit = limit == 0 ? ILV_ARENA_USUAL_LIMIT : limit;
    size = size < ILV_ARENA_SMALLEST ? ILV_ARENA_SMALLEST : size;
    int error = request_error(name, size, limit);
    if (error != 0)
        return refuse(error);
    int fd = open_new(name);
    if (fd < 0)
        return NULL;
    struct ilv_arena *arena = map(fd, whole_pages(limit));
    if (arena == NULL) {
        error = errno;
        close(fd);
        return refuse(error);
    }
    error = fill(arena, name, whole_pages(size));
    if (error != 0) {
        ilv_arena_detach(arena);
        return refuse(error);
    }
    return arena;
}

/* 0 if the file holds an arena that this library can use. */
static int look_at(int fd, uint64_t *limit)
{
    struct ilv__heap heap;
    struct stat file;
    if (fstat(fd, &file) != 0)
        return errno;
    ssize_t got = pread(fd, &heap, sizeof heap, 0);
    if (got < (ssize_t)offsetof(struct ilv__heap, lock) || heap.magic != ILV__MAGIC)
        return EBADMSG;
    if (heap.version != ILV_ARENA_VERSION || heap.heap_size != sizeof heap)
        return EPROTONOSUPPORT;
    if (heap.size < ILV_ARENA_SMALLEST || heap.size > heap.limit || heap.limit > ILV__BIGGEST ||
        heap.limit % ILV__PAGE != 0)
        return EBADMSG;
    *limit = heap.limit;
    return (uint64_t)file.st_size < heap.size ? ENODATA : 0;
}

static struct ilv_arena *attach(int fd)
{
    uint64_t limit = 0;
    int error = look_at(fd, &limit);
    struct ilv_arena *arena = error == 0 ? map(fd, limit) : refuse(error);
    if (arena == NULL) {
        error = errno;
        close(fd);
        return refuse(error);
    }
    return arena;
}

struct ilv_arena *ilv_arena_attach(const char *name)
{
    char path[ILV_ARENA_NAME_MAX + 16];
    int error = name_error(name);
    if (error != 0)
        return refuse(error);
    path_of(path, name);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    return fd >= 0 ? attach(fd) : NULL;
}

struct ilv_arena *ilv_arena_attach_fd(int fd)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (own < 0 && fd < 0)
        errno = EBADF;
    return own >= 0 ? attach(own) : NULL;
}

int ilv_arena_descriptor(const struct ilv_arena *arena)
{
    return ilv__arena_valid(arena) ? arena->fd : -1;
}

int ilv_arena_detach(struct ilv_arena *arena)
{
    if (!ilv__arena_valid(arena))
        return EINVAL;
    close(arena->fd);
    munmap(arena, ILV__PAGE + arena->limit);
    return 0;
}

int ilv_arena_unlink(const char *name)
{
    char path[ILV_ARENA_NAME_MAX + 16];
    int error = name_error(name);
    if (error != 0)
        return error;
    path_of(path, name);
    return unlink(path) == 0 ? 0 : errno;
}
