/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process_parts.h"

static pthread_once_t asked = PTHREAD_ONCE_INIT;
static bool have_pidfds;

static pid_t owner;         /* who opened the rest; guarded by the registry's lock */
static int self_watch = -1; /* for my children */
static int self_held = -1;  /* my lifeline to them, if there are no pidfds */
static int held = -1;       /* my lifeline to my parent; written after a fork only */

static void ask(void)
{
    int descriptor = pidfd_open(getpid(), 0);
    have_pidfds = descriptor >= 0 || errno == EMFILE || errno == ENFILE;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}

static bool pidfds(void)
{
    (void)pthread_once(&asked, ask);
    return have_pidfds;
}

static void shut(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
    *descriptor = -1;
}

void ilv__watch_forget(void)
{
    shut(&self_held);
    shut(&held);
}

static int open_self(void)
{
    int ends[2];
    if (pidfds()) {
        return pidfd_open(getpid(), 0);
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    self_held = ends[1];
    return ends[0];
}

int ilv__watch_self(void)
{
    ilv__registry_lock();
    if (owner != getpid()) {
        owner = getpid();
        self_watch = -1;
    }
    if (self_watch < 0) {
        self_watch = open_self();
    }
    int descriptor = self_watch;
    ilv__registry_unlock();
    return descriptor;
}

int ilv__watch_open(struct ilv__watch *watch, bool program)
{
    int ends[2];
    *watch = (struct ilv__watch){-1, -1};
    if (pidfds()) {
        watch->watched = fcntl(ilv__watch_self(), F_DUPFD_CLOEXEC, 0);
        return watch->watched < 0 ? errno : 0;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    *watch = (struct ilv__watch){ends[0], ends[1]};
    return program && fcntl(ends[1], F_SETFD, 0) != 0 ? errno : 0;
}

int ilv__watch_child(struct ilv__watch *watch, pid_t child, int *descriptor)
{
    shut(&watch->held);
    if (!pidfds()) {
        *descriptor = watch->watched;
        return 0;
    }
    shut(&watch->watched);
    *descriptor = pidfd_open(child, 0);
    return *descriptor < 0 ? errno : 0;
}

void ilv__watch_abandon(struct ilv__watch *watch)
{
    shut(&watch->held);
    shut(&watch->watched);
}

void ilv__watch_hold(const struct ilv__watch *watch)
{
    held = watch->held;
    (void)close(watch->watched);
}

int ilv__watch_wait(int descriptor, pid_t child, siginfo_t *info, int options)
{
    *info = (siginfo_t){0};
    return pidfds() ? waitid(P_PIDFD, (id_t)descriptor, info, options)
                    : waitid(P_PID, (id_t)child, info, options);
}

int ilv__watch_signal(int descriptor, pid_t child, int number)
{
    int error = pidfds() ? pidfd_send_signal(descriptor, number, NULL, 0) : kill(child, number);
    return error == 0 ? 0 : errno;
}
