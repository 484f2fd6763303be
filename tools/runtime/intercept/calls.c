/* SPDX-License-Identifier: MIT */
/*
 * calls.c: system calls by number (syscalls.def) on the models of descriptors, futexes, clock,
 * names and the process: the arguments are put in place, nothing more.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "intercept/syscalls.h"
#include "objects/channel.h"
#include "objects/clock.h"
#include "objects/files.h"
#include "objects/futex.h"
#include "objects/leftovers.h"
#include "objects/names.h"
#include "objects/poll.h"
#include "objects/socket.h"
#include "objects/transfer.h"

#define CALL(name)                                  \
    long ilv__sys_##name(const long *a) ILV_HIDDEN; \
    long ilv__sys_##name(const long *a)

#define FAMILY(name, function)          \
    CALL(name)                          \
    {                                   \
        return function(SYS_##name, a); \
    }

static void *pointer(long a)
{
    return (void *)(uintptr_t)a;
}

static long raw(long number, const long *a)
{
    return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- bytes -------------------------------------------------------------------------------- */

FAMILY(read, ilv__read)
FAMILY(readv, ilv__read)
FAMILY(pread64, ilv__read)
FAMILY(preadv, ilv__read)
FAMILY(preadv2, ilv__read)
FAMILY(write, ilv__write)
FAMILY(writev, ilv__write)
FAMILY(pwrite64, ilv__write)
FAMILY(pwritev, ilv__write)
FAMILY(pwritev2, ilv__write)
FAMILY(recvfrom, ilv__receive)
FAMILY(recvmsg, ilv__receive)

CALL(sendto)
{
    return ilv__sendto(a);
}

CALL(sendmsg)
{
    return ilv__sendmsg(a);
}

CALL(recvmmsg)
{
    return ilv__recvmmsg(a);
}

CALL(sendmmsg)
{
    return ilv__sendmmsg(a);
}

CALL(sendfile)
{
    return ilv__between(SYS_sendfile, a, true, true);
}

CALL(splice)
{
    return ilv__between(SYS_splice, a, true, true);
}

CALL(tee)
{
    return ilv__between(SYS_tee, a, true, true);
}

CALL(vmsplice)
{
    return ilv__between(SYS_vmsplice, a, true, false);
}

CALL(copy_file_range)
{
    return ilv__between(SYS_copy_file_range, a, true, true);
}

/* ---- older forms of newer calls ----------------------------------------------------------- */

CALL(open)
{
    const long now[6] = {AT_FDCWD, a[0], a[1], a[2]};
    return ilv__sys_openat(now);
}

CALL(creat)
{
    const long now[6] = {AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, a[1]};
    return ilv__sys_openat(now);
}

CALL(pipe)
{
    const long now[6] = {a[0], 0};
    return ilv__sys_pipe2(now);
}

CALL(eventfd)
{
    const long now[6] = {a[0], 0};
    return ilv__sys_eventfd2(now);
}

CALL(accept)
{
    const long now[6] = {a[0], a[1], a[2], 0};
    return ilv__sys_accept4(now);
}

CALL(epoll_create)
{
    const long now[6] = {0};
    return a[0] <= 0 ? -EINVAL : ilv__sys_epoll_create1(now);
}

/* ---- futex, clock, order ------------------------------------------------------------------ */

CALL(futex)
{
    return ilv__futex(pointer(a[0]), (int)a[1], (uint32_t)a[2], pointer(a[3]), pointer(a[4]),
                      (uint32_t)a[5]);
}

CALL(sched_yield)
{
    (void)a;
    ilv__simple(ILV_EV_TASK_YIELD, 0, 0);
    return 0;
}

CALL(nanosleep)
{
    return -ilv__clock_nanosleep(CLOCK_MONOTONIC, 0, pointer(a[0]), pointer(a[1]));
}

CALL(clock_nanosleep)
{
    return -ilv__clock_nanosleep((clockid_t)a[0], (int)a[1], pointer(a[2]), pointer(a[3]));
}

CALL(clock_gettime)
{
    uint64_t ns;
    int error = ilv__clock_read((clockid_t)a[0], &ns);
    if (error == 0)
        *(struct timespec *)pointer(a[1]) = ilv__clock_timespec(ns);
    return -error;
}

CALL(gettimeofday)
{
    uint64_t ns;
    struct timeval *now = pointer(a[0]);
    int error = ilv__clock_read(CLOCK_REALTIME, &ns);
    if (error == 0 && now != NULL)
        *now = (struct timeval){(time_t)(ns / ILV_NS_PER_S), (long)(ns % ILV_NS_PER_S / 1000)};
    return -error;
}

CALL(time)
{
    uint64_t ns;
    time_t *now = pointer(a[0]);
    int error = ilv__clock_read(CLOCK_REALTIME, &ns);
    if (error != 0)
        return -error;
    if (now != NULL)
        *now = (time_t)(ns / ILV_NS_PER_S);
    return (long)(ns / ILV_NS_PER_S);
}

/* ---- memory and the process --------------------------------------------------------------- */

CALL(munmap)
{
    long result = raw(SYS_munmap, a);
    if (result == 0)
        ilv__objects_gone(pointer(a[0]), (size_t)a[1]);
    return result;
}

CALL(exit_group)
{
    struct ilv_op op = ilv__op(ILV_EV_PROCESS_EXIT, 0);
    op.value = (uint64_t)a[0];
    if (!ilv__world.exiting) {
        ilv__point(&op, NULL);
        ilv__world.main_ended = false;
        ilv__done(0, op.value);
    }
    ilv__end_run(ILV_END_EXIT, (int)(a[0] & 0xff));
}

/* ---- names -------------------------------------------------------------------------------- */

CALL(unlink)
{
    char renamed[ILV_NAME_MAX];
    const char *path = ilv__name_path(pointer(a[0]), renamed);
    return ilv__syscall_raw(SYS_unlink, (long)path, 0, 0, 0, 0, 0);
}

CALL(unlinkat)
{
    char renamed[ILV_NAME_MAX];
    const char *path = ilv__name_path(pointer(a[1]), renamed);
    return ilv__syscall_raw(SYS_unlinkat, a[0], (long)path, a[2], 0, 0, 0);
}

static long with_key(long number, const long *a, enum ilv_leftover kind)
{
    long id = ilv__syscall_raw(number, ilv__name_key(a[0]), a[1], a[2], 0, 0, 0);
    if (id >= 0)
        ilv__leftover_id(kind, (int)id);
    return id;
}

CALL(shmget)
{
    return with_key(SYS_shmget, a, ILV_LEFT_SHM);
}

CALL(semget)
{
    return with_key(SYS_semget, a, ILV_LEFT_SEM);
}

CALL(msgget)
{
    return with_key(SYS_msgget, a, ILV_LEFT_MSG);
}

/* System V waits are seen only when they would have to be made. */
static long without_wait(long number, const long *a, long error, const char *name)
{
    long result = raw(number, a);
    if (result == -error)
        ilv__limited(name);
    return result;
}

static bool may_wait(const struct sembuf *operations, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((operations[i].sem_flg & IPC_NOWAIT) == 0)
            return true;
    return false;
}

CALL(semtimedop)
{
    struct sembuf once[64];
    const struct sembuf *operations = pointer(a[1]);
    size_t n = (size_t)a[2];
    if (n > ILV_COUNT_OF(once) || !may_wait(operations, n))
        return raw(SYS_semtimedop, a);
    for (size_t i = 0; i < n; i++) {
        once[i] = operations[i];
        once[i].sem_flg |= IPC_NOWAIT;
    }
    const long try[6] = {a[0], (long)once, (long)n};
    return without_wait(SYS_semop, try, EAGAIN, "semop that waits");
}

CALL(semop)
{
    const long timed[6] = {a[0], a[1], a[2], 0};
    return ilv__sys_semtimedop(timed);
}

CALL(msgsnd)
{
    const long try[6] = {a[0], a[1], a[2], a[3] | IPC_NOWAIT};
    bool waits = (a[3] & IPC_NOWAIT) == 0;
    return waits ? without_wait(SYS_msgsnd, try, EAGAIN, "msgsnd that waits") : raw(SYS_msgsnd, a);
}

CALL(msgrcv)
{
    const long try[6] = {a[0], a[1], a[2], a[3], a[4] | IPC_NOWAIT};
    bool waits = (a[4] & IPC_NOWAIT) == 0;
    return waits ? without_wait(SYS_msgrcv, try, ENOMSG, "msgrcv that waits") : raw(SYS_msgrcv, a);
}

/* ---- message queues: channels with a name -------------------------------------------------- */

CALL(mq_open)
{
    char renamed[ILV_NAME_MAX];
    const char *name = ilv__name_queue(pointer(a[0]), renamed);
    long fd = ilv__syscall_raw(SYS_mq_open, (long)name, a[1], a[2], a[3], 0, 0);
    if (fd < 0)
        return fd;
    ilv__descriptor_set((int)fd, ILV_FD_CHANNEL, 0, 0);
    ilv__leftover_queue(name);
    return fd;
}

CALL(mq_unlink)
{
    char renamed[ILV_NAME_MAX];
    const char *name = ilv__name_queue(pointer(a[0]), renamed);
    return ilv__syscall_raw(SYS_mq_unlink, (long)name, 0, 0, 0, 0, 0);
}

static long message_queue(long number, const long *a, unsigned kind, int events)
{
    struct channel_wait wait = {
        .kind = (uint16_t)kind,
        .events = (int16_t)events,
        .fd = (int)a[0],
        .block = ilv__channel_blocks((int)a[0], 0),
    };
    const struct timespec *limit = pointer(a[4]);
    int error = limit != NULL ? ilv__deadline(CLOCK_REALTIME, limit, &wait.deadline) : 0;
    if (error != 0)
        return -error;
    enum outcome outcome = ilv__channel_wait(&wait);
    const long call[6] = {wait.fd, a[1], a[2], a[3], 0};
    long result = outcome == ILV_TIMEOUT ? -ETIMEDOUT : -EINTR;
    if (outcome == ILV_GO)
        result = ilv__channel_try(wait.fd, number, call);
    ilv__channel_done(result);
    ilv__channel_release(&wait);
    return result;
}

CALL(mq_timedsend)
{
    return message_queue(SYS_mq_timedsend, a, ILV_EV_CHANNEL_WRITE, 4 /* POLLOUT */);
}

CALL(mq_timedreceive)
{
    return message_queue(SYS_mq_timedreceive, a, ILV_EV_CHANNEL_READ, 1 /* POLLIN */);
}
