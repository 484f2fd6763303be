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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "annotate.h"
#include "mutex.h"

bool ilv__on_valgrind;

#if ILV__VALGRIND
/* Before the program's own constructors, which may use the library. */
__attribute__((constructor(101))) static void ask_valgrind(void)
{
    ilv__on_valgrind = RUNNING_ON_VALGRIND != 0;
}
#endif

static __thread pid_t kept_tid __attribute__((tls_model("initial-exec")));
static __thread uint64_t kept_task __attribute__((tls_model("initial-exec")));
static uint64_t kept_life;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

void ilv__self_forget(void)
{
    kept_tid = 0;
    kept_task = 0;
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

/* Field 22 of /proc/PID/stat, counted from the end of the name, which may contain anything. */
static uint32_t started(pid_t pid)
{
    char path[32];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (read_whole(path, text, sizeof text) <= 0)
        return 0;
    char *at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at != NULL ? (uint32_t)strtoull(at + 1, NULL, 10) : 0;
}

ilv__life ilv__self_life(void)
{
    ilv__life life = __atomic_load_n(&kept_life, __ATOMIC_RELAXED);
    if (ilv__likely(life != 0))
        return life;
    int saved = errno;
    ilv__self_prepare();
    pid_t pid = getpid();
    life = (uint64_t)started(pid) << 32 | (uint32_t)pid;
    __atomic_store_n(&kept_life, life, __ATOMIC_RELAXED);
    errno = saved;
    return life;
}

/* A descriptor of a process is readable when the process has ended, also before it is reaped. */
static bool ended(int pidfd)
{
    struct pollfd look = {.fd = pidfd, .events = POLLIN, .revents = 0};
    return poll(&look, 1, 0) > 0;
}

bool ilv__life_goes_on(ilv__life life)
{
    pid_t pid = (pid_t)(uint32_t)life;
    uint32_t birth = (uint32_t)(life >> 32);
    if (life == ilv__self_life())
        return true;
    int saved = errno;
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool goes_on = pidfd >= 0 ? !ended(pidfd) : errno != ESRCH;
    if (goes_on && birth != 0) {
        uint32_t found = started(pid);
        goes_on = found == 0 || found == birth;
    }
    if (pidfd >= 0)
        close(pidfd);
    errno = saved;
    return goes_on;
}
