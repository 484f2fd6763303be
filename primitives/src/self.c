/* SPDX-License-Identifier: MIT */
/*
 * self.c: who the calling thread and process are, and whether another process still lives.
 *
 * The numbers are kept in variables that the child of a fork forgets: a handler of pthread_atfork
 * clears them there, where only the forking thread exists.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "annotate.h"
#include "mutex.h"

bool ilv__on_valgrind;
bool ilv__unwatched;

/* Before the program's own constructors, which may use the library. */
__attribute__((constructor(101))) static void ask_who_watches(void)
{
#if ILV__VALGRIND
    ilv__on_valgrind = RUNNING_ON_VALGRIND != 0;
#endif
    ilv__unwatched = !ilv__is_sandboxed() && !ilv__locks_are_watched();
}

void ilv__tell_before(const void *x)
{
#if ILV__VALGRIND
    VALGRIND_DO_CLIENT_REQUEST_STMT(_VG_USERREQ__HG_USERSO_SEND_PRE, x, 0, 0, 0, 0);
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_BEFORE, x, 0, 0, 0, 0);
#endif
    (void)x;
}

void ilv__tell_after(const void *x)
{
#if ILV__VALGRIND
    VALGRIND_DO_CLIENT_REQUEST_STMT(_VG_USERREQ__HG_USERSO_RECV_POST, x, 0, 0, 0, 0);
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_AFTER, x, 0, 0, 0, 0);
#endif
    (void)x;
}

static __thread pid_t kept_tid __attribute__((tls_model("initial-exec")));
static __thread uint64_t kept_task __attribute__((tls_model("initial-exec")));
static uint64_t kept_life;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

void ilv__self_forget(void)
{
    kept_tid = 0;
    kept_task = 0;
    ilv__robust = (struct ilv__robust){NULL, 0};
    __atomic_store_n(&kept_life, 0, __ATOMIC_RELAXED);
    ilv__forked = true;
}

static void prepare(void)
{
    pthread_atfork(NULL, NULL, ilv__self_forget);
}

void ilv__self_prepare(void)
{
    pthread_once(&prepared, prepare);
}

pid_t ilv__tid(void)
{
    if (ilv__unlikely(kept_tid == 0)) {
        ilv__self_prepare();
        kept_tid = gettid();
    }
    return kept_tid;
}

uint64_t ilv__task(void)
{
    if (ilv__unlikely(kept_task == 0)) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        uint64_t time = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
        kept_task = time << 32 | (uint32_t)ilv__tid();
    }
    return kept_task;
}

static ssize_t read_whole(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t got = read(fd, text, size - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got;
}

/* What /proc tells of a process. */
struct told {
    uint32_t birth; /* 0: nothing is told */
    bool ended;     /* not so while threads outlive the first one, which is a zombie then */
};

/* Fields 3, 20 and 22 of /proc/PID/stat, counted from the end of the name, which may contain
 * anything. */
static struct told ask(pid_t pid)
{
    struct told told = {0, false};
    unsigned long threads = 0;
    char path[32];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (read_whole(path, text, sizeof text) <= 0)
        return told;
    char *at = strrchr(text, ')');
    bool zombie = at != NULL && at[1] == ' ' && (at[2] == 'Z' || at[2] == 'X');
    for (int field = 2; at != NULL && field < 22; field++) {
        at = strchr(at + 1, ' ');
        threads = at != NULL && field == 19 ? strtoul(at + 1, NULL, 10) : threads;
    }
    told.birth = at != NULL ? (uint32_t)strtoull(at + 1, NULL, 10) : 0;
    told.ended = zombie && threads <= 1;
    return told;
}

ilv__life ilv__self_life(void)
{
    ilv__life life = __atomic_load_n(&kept_life, __ATOMIC_RELAXED);
    if (ilv__likely(life != 0))
        return life;
    int saved = errno;
    ilv__self_prepare();
    pid_t pid = getpid();
    life = (uint64_t)ask(pid).birth << 32 | (uint32_t)pid;
    __atomic_store_n(&kept_life, life, __ATOMIC_RELAXED);
    errno = saved;
    return life;
}

/* A descriptor of a process is readable when the process has ended, also before it is reaped. Where
 * there are none (Linux before 5.3, valgrind 3.19): whether the number is in use. */
static bool is_there(pid_t pid)
{
    static bool unknown;
    if (__atomic_load_n(&unknown, __ATOMIC_RELAXED))
        return kill(pid, 0) == 0 || errno != ESRCH;
    struct pollfd look = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    if (look.fd < 0) {
        __atomic_store_n(&unknown, errno == ENOSYS, __ATOMIC_RELAXED);
        return errno == ENOSYS ? is_there(pid) : errno != ESRCH;
    }
    bool ended = poll(&look, 1, 0) > 0;
    close(look.fd);
    return !ended;
}

bool ilv__life_goes_on(ilv__life life)
{
    pid_t pid = (pid_t)(uint32_t)life;
    uint32_t birth = (uint32_t)(life >> 32);
    if (life == ilv__self_life())
        return true;
    int saved = errno;
    bool goes_on = is_there(pid);
    if (goes_on && birth != 0) {
        struct told told = ask(pid);
        goes_on = told.birth == 0 || (told.birth == birth && !told.ended);
    }
    errno = saved;
    return goes_on;
}
