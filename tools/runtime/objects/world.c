/* SPDX-License-Identifier: MIT */
/*
 * world.c: the world of a run: descriptors of its own (POSIX has them shared across fork).
 *
 * What was open at the start would be shared with all other runs: the position in a file above
 * all. Files are opened anew, at the same place; standard input comes from the configuration.
 * Pipes and sockets from before the start cannot be made anew: they lead outside. The runtime's
 * own descriptors are hidden.
 *
 * What is open is looked at once, in the server (ilv__world_prepare), because it is the same for
 * every run; the process of a run only opens what has a position (ilv__world_begin).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "objects/descriptor.h"

#define OWN_FROM 900 /* where start.c moves the runtime's own descriptors */
#define PATH_SIZE 32
#define LIST_SIZE 4096

struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};

static const char *path_of(int fd, char out[PATH_SIZE])
{
    static const char head[] = "/proc/self/fd/";
    char digits[12];
    size_t n = 0;
    size_t at = sizeof head - 1;
    memcpy(out, head, at);
    do {
        digits[n++] = (char)('0' + fd % 10);
        fd /= 10;
    } while (fd > 0);
    while (n > 0)
        out[at++] = digits[--n];
    out[at] = 0;
    return out;
}

static long open_again(int fd, long flags)
{
    char path[PATH_SIZE];
    return ilv__syscall_raw(SYS_openat, AT_FDCWD, (long)path_of(fd, path), flags, 0, 0, 0);
}

static void put_at(long opened, int fd, bool close_on_exec)
{
    if (opened < 0 || opened == fd)
        return;
    ilv__syscall_raw(SYS_dup3, opened, fd, close_on_exec ? O_CLOEXEC : 0, 0, 0, 0);
    ilv__syscall_raw(SYS_close, opened, 0, 0, 0, 0, 0);
}

#define REOPEN_MAX 256

static int to_reopen[REOPEN_MAX];
static uint32_t reopen_count;
static bool stdin_is_empty; /* descriptor 0 is /dev/null, which has no position */

static void open_stdin(int from)
{
    long opened = from >= 0 ? open_again(from, O_RDONLY) : -1;
    if (opened < 0)
        opened = ilv__syscall_raw(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDONLY, 0, 0, 0);
    put_at(opened, 0, false);
    ilv__descriptor_forget(0);
}

static void reopen(int fd)
{
    long flags = ilv__syscall_raw(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    long on_exec = ilv__syscall_raw(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0);
    long at = ilv__syscall_raw(SYS_lseek, fd, 0, 1, 0, 0, 0);
    long opened = open_again(fd, flags & ~(O_CREAT | O_EXCL | O_TRUNC));
    if (opened >= 0 && at > 0)
        ilv__syscall_raw(SYS_lseek, opened, at, 0, 0, 0, 0);
    put_at(opened, fd, (on_exec & FD_CLOEXEC) != 0);
}

/* Only a regular file has a position that runs would share. */
static bool has_position(int fd)
{
    struct stat status;
    long error = ilv__syscall_raw(SYS_fstat, fd, (long)&status, 0, 0, 0, 0);
    return error == 0 && S_ISREG(status.st_mode);
}

static void begin_descriptor(int fd)
{
    if (fd >= OWN_FROM || fd == ilv__world.block->config.stdin_fd) {
        ilv__descriptor_hide(fd);
        return;
    }
    struct descriptor *d = ilv__descriptor(fd);
    if (d->kind == ILV_FD_FILE && fd > 2 && has_position(fd) && reopen_count < REOPEN_MAX)
        to_reopen[reopen_count++] = fd;
}

static void begin_entry(const struct entry *e, int list)
{
    int fd = 0;
    for (const char *c = e->name; *c != 0; c++) {
        if (*c < '0' || *c > '9')
            return;
        fd = fd * 10 + (*c - '0');
    }
    if (fd != list)
        begin_descriptor(fd);
}

static void begin_all(void)
{
    _Alignas(8) char entries[LIST_SIZE];
    long list = ilv__syscall_raw(SYS_openat, AT_FDCWD, (long)"/proc/self/fd",
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);
    if (list < 0)
        return;
    for (;;) {
        long n = ilv__syscall_raw(SYS_getdents64, list, (long)entries, sizeof entries, 0, 0, 0);
        if (n <= 0)
            break;
        for (long at = 0; at < n;) {
            const struct entry *e = (const void *)(entries + at);
            begin_entry(e, (int)list);
            at += e->size;
        }
    }
    ilv__syscall_raw(SYS_close, list, 0, 0, 0, 0, 0);
    ilv__descriptor_forget((int)list);
}

void ilv__world_prepare(void)
{
    int from = ilv__world.block->config.stdin_fd;
    reopen_count = 0;
    begin_all();
    open_stdin(from);
    stdin_is_empty = from < 0;
}

void ilv__world_begin(void)
{
    for (uint32_t i = 0; i < reopen_count; i++)
        reopen(to_reopen[i]);
    if (!stdin_is_empty)
        open_stdin(ilv__world.block->config.stdin_fd);
}
