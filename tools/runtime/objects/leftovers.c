/* SPDX-License-Identifier: MIT */
/*
 * leftovers.c: the list lies in memory that the server shares with its runs, where it outlives a
 * run that crashes. When it is full the run is limited: nothing is left behind unseen.
 */
#include "objects/leftovers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "objects/names.h"

#define IDS 128
#define QUEUES 32
#define QUEUE_NAME 128
#define ENTRIES_SIZE 4096

struct leftovers {
    uint32_t paths; /* something lies in /dev/shm */
    uint32_t ids;
    uint32_t queues;
    struct {
        uint32_t kind;
        int32_t id;
    } id[IDS];
    char queue[QUEUES][QUEUE_NAME];
};

struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};

static struct leftovers *shared; /* with all runs */

void ilv__leftovers_prepare(void)
{
    long page = ilv__syscall_raw(SYS_mmap, 0, sizeof *shared, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page > 0 || page < -4095)
        shared = (struct leftovers *)page;
}

/* Before the server has begun nothing is noted: that is the program's own, in all runs. */
static struct leftovers *list(void)
{
    static struct leftovers before;
    return shared != NULL ? shared : &before;
}

void ilv__leftover_id(enum ilv_leftover kind, int id)
{
    struct leftovers *l = list();
    for (uint32_t i = 0; i < l->ids; i++)
        if (l->id[i].kind == kind && l->id[i].id == id)
            return;
    if (l->ids == IDS)
        ilv__limited("more than 128 System V objects");
    l->id[l->ids].kind = kind;
    l->id[l->ids++].id = id;
}

void ilv__leftover_queue(const char *name)
{
    struct leftovers *l = list();
    if (l->queues == QUEUES || strlen(name) >= QUEUE_NAME)
        ilv__limited("more than 32 message queues");
    memcpy(l->queue[l->queues++], name, strlen(name) + 1);
}

void ilv__leftover_path(void)
{
    list()->paths = 1;
}

/* ---- in the server ------------------------------------------------------------------------ */

static void remove_ids(const struct leftovers *l)
{
    static const struct {
        int number;
        int command_at; /* which argument says IPC_RMID */
    } control[ILV_LEFT_KINDS] = {
        [ILV_LEFT_SHM] = {SYS_shmctl, 1},
        [ILV_LEFT_SEM] = {SYS_semctl, 2},
        [ILV_LEFT_MSG] = {SYS_msgctl, 1},
    };
    for (uint32_t i = 0; i < l->ids && i < IDS; i++) {
        uint32_t kind = l->id[i].kind;
        long a[3] = {l->id[i].id, 0, 0};
        if (kind >= ILV_LEFT_KINDS)
            continue;
        a[control[kind].command_at] = IPC_RMID;
        ilv__syscall_raw(control[kind].number, a[0], a[1], a[2], 0, 0, 0);
    }
}

static void remove_tagged(long directory, const char *tag, const char *entries, long n)
{
    for (long at = 0; at < n;) {
        const struct entry *e = (const void *)(entries + at);
        const char *found = strstr(e->name, tag);
        if (found != NULL && (found == e->name || strncmp(e->name, "sem.", 4) == 0))
            ilv__syscall_raw(SYS_unlinkat, directory, (long)e->name, 0, 0, 0, 0);
        at += e->size;
    }
}

static void remove_paths(const char *tag)
{
    _Alignas(8) char entries[ENTRIES_SIZE];
    long directory = ilv__syscall_raw(SYS_openat, AT_FDCWD, (long)"/dev/shm",
                                      O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);
    if (directory < 0)
        return;
    for (;;) {
        long n =
            ilv__syscall_raw(SYS_getdents64, directory, (long)entries, sizeof entries, 0, 0, 0);
        if (n <= 0)
            break;
        remove_tagged(directory, tag, entries, n);
    }
    ilv__syscall_raw(SYS_close, directory, 0, 0, 0, 0, 0);
}

void ilv__leftovers_remove(int pid)
{
    struct leftovers *l = list();
    char tag[ILV_TAG_SIZE];
    if (l->paths != 0)
        remove_paths(ilv__name_tag((uint32_t)pid, tag));
    remove_ids(l);
    for (uint32_t i = 0; i < l->queues && i < QUEUES; i++) {
        l->queue[i][QUEUE_NAME - 1] = 0;
        ilv__syscall_raw(SYS_mq_unlink, (long)l->queue[i], 0, 0, 0, 0, 0);
    }
    l->paths = l->ids = l->queues = 0;
}
