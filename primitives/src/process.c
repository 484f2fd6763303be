/* SPDX-License-Identifier: MIT */
/*
 * process.c: handles, the registry of children, joining.
 *
 * Stage     | number, pidfd | goes on by
 * created   | 0, -1         | ilv_process_start(): starting
 * starting  | 0, -1         | one caller launches: started, or created again if that failed
 * started   | set           | reap(), once the pidfd is readable: ended
 * ended     | set           | free
 *
 * The zombie is taken by waitid() on the pidfd (watch.h), never for others. A pidfd stays readable
 * after that, so that any number of threads may wait for it, each without the lock; the first
 * that comes back reaps under the lock. In a forked child the registry is empty and handles of
 * the parent are known by their maker.
 */
#include "process_parts.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "internal.h"
#include "watch.h"

enum { MOST_JOINED = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct ilv_process *children; /* guarded by lock, as what follows */
static unsigned numbered;
static bool leaving; /* ilv__process_at_exit() has begun */

/* Whom the exit waits for. If another thread frees it meanwhile, the exit does it. */
static struct {
    struct ilv_process *process;
    bool is_freed;
} awaited;

static struct ilv_process main_process = {.name = "MainProcess", .pidfd = -1};
static struct ilv_process *current = &main_process; /* written in forked children only */
static struct ilv_process the_parent;
static struct ilv_process *parent;

void ilv__registry_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void ilv__registry_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

static void in_forked_child(void)
{
    children = NULL;
    numbered = 0;
    leaving = false;
    awaited.process = NULL;
    current = &main_process;
    main_process.pid = 0;
    parent = NULL;
    ilv__process_forget_launcher();
    ilv__watch_forget();
    ilv__registry_unlock();
}

static int prepare_error;

static void prepare(void)
{
    prepare_error = pthread_atfork(ilv__registry_lock, ilv__registry_unlock, in_forked_child);
    if (prepare_error == 0 && atexit(ilv__process_at_exit) != 0) {
        prepare_error = ENOMEM;
    }
}

int ilv__process_prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, prepare);
    return prepare_error;
}

void ilv__process_become(struct ilv_process *process, pid_t parent_pid, int parent_pidfd)
{
    const struct ilv_process *starter = process->maker == parent_pid ? current : &main_process;
    the_parent = *starter;
    the_parent.pid = parent_pid;
    the_parent.pidfd = parent_pidfd;
    the_parent.maker = 0;
    the_parent.stage = ILV__STARTED;
    parent = &the_parent;
    process->pid = getpid();
    process->maker = 0;
    current = process;
}

/* The names. */

static int set_name(struct ilv_process *process, const char *wanted)
{
    if (wanted && strlen(wanted) >= sizeof process->name) {
        return ENAMETOOLONG;
    }
    ilv__registry_lock();
    unsigned number = ++numbered;
    ilv__registry_unlock();
    const char *above = current->path;
    (void)snprintf(process->path, sizeof process->path, "%.40s%s%u", above, *above ? ":" : "",
                   number);
    int length =
        wanted ? snprintf(process->name, sizeof process->name, "%s", wanted)
               : snprintf(process->name, sizeof process->name, "Process-%.54s", process->path);
    return length > 0 ? 0 : EINVAL;
}

static int create(struct ilv_process **out, const struct ilv_process_options *options,
                  const struct ilv_process *what)
{
    int error = ilv__process_prepare();
    struct ilv_process *process = error ? NULL : malloc(sizeof *process);
    if (!process) {
        return error ? error : ENOMEM;
    }
    *process = *what;
    process->pidfd = -1;
    process->maker = getpid();
    process->daemon = options && options->daemon;
    error = set_name(process, options ? options->name : NULL);
    if (error) {
        free(process);
        return error;
    }
    *out = process;
    return 0;
}

int ilv_process_create(struct ilv_process **process, const struct ilv_process_options *options,
                       ilv_process_function *function, void *argument)
{
    if (!process || !function) {
        return EINVAL;
    }
    return create(process, options,
                  &(struct ilv_process){.function = function, .argument = argument});
}

int ilv_process_create_program(struct ilv_process **process,
                               const struct ilv_process_options *options, const char *path,
                               char *const arguments[], char *const environment[])
{
    if (!process || !path || !*path || !arguments || !arguments[0]) {
        return EINVAL;
    }
    return create(
        process, options,
        &(struct ilv_process){.program = path, .arguments = arguments, .environment = environment});
}

/* Starting. */

static void enlist(struct ilv_process *process)
{
    struct ilv_process **at = &children;
    while (*at) {
        at = &(*at)->next;
    }
    process->next = NULL;
    *at = process;
}

static void delist(struct ilv_process *process)
{
    for (struct ilv_process **at = &children; *at; at = &(*at)->next) {
        if (*at == process) {
            *at = process->next;
            return;
        }
    }
}

int ilv_process_start(struct ilv_process *process)
{
    if (!process) {
        return EINVAL;
    }
    if (process->maker != getpid()) {
        return ECHILD;
    }
    if (current->daemon) {
        return EPERM;
    }
    ilv__registry_lock();
    bool first = process->stage == ILV__CREATED;
    bool late = leaving;
    process->stage = first && !late ? ILV__STARTING : process->stage;
    ilv__registry_unlock();
    if (!first || late) {
        return first ? ESHUTDOWN : EALREADY;
    }
    int error = ilv__process_launch(process);
    ilv__registry_lock();
    process->stage = error ? ILV__CREATED : ILV__STARTED;
    if (!error) {
        enlist(process);
    }
    ilv__registry_unlock();
    return error;
}

static int start_or_free(struct ilv_process **process)
{
    int error = ilv_process_start(*process);
    if (error) {
        free(*process);
        *process = NULL;
    }
    return error;
}

int ilv_process_run(struct ilv_process **process, const struct ilv_process_options *options,
                    ilv_process_function *function, void *argument)
{
    int error = ilv_process_create(process, options, function, argument);
    return error ? error : start_or_free(process);
}

int ilv_process_spawn(struct ilv_process **process, const struct ilv_process_options *options,
                      const char *path, char *const arguments[], char *const environment[])
{
    int error = ilv_process_create_program(process, options, path, arguments, environment);
    return error ? error : start_or_free(process);
}

/* Ending. */

/* Takes the code if the process has ended. Under the lock. */
static void reap(struct ilv_process *process)
{
    siginfo_t info;
    if (process->stage != ILV__STARTED || ilv__poll_now(process->pidfd, POLLIN) != 0) {
        return;
    }
    int error = ilv__watch_wait(process->pidfd, process->pid, &info, WEXITED | WNOHANG);
    if (error == 0 && info.si_pid == 0) {
        return;
    }
    process->lost = error != 0;
    process->code = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    process->stage = ILV__ENDED;
    delist(process);
}

/* The stage, after a look; or an error for who may not ask. */
static int look(struct ilv_process *process, enum ilv__stage *stage)
{
    if (!process) {
        return EINVAL;
    }
    if (process->maker != getpid()) {
        return ECHILD;
    }
    ilv__registry_lock();
    reap(process);
    *stage = process->stage;
    ilv__registry_unlock();
    return *stage == ILV__STARTED || *stage == ILV__ENDED ? 0 : ESRCH;
}

static int may_join(struct ilv_process *process, const struct timespec *deadline)
{
    if (!process || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    if (process == current) {
        return EDEADLK;
    }
    if (process == parent) {
        return 0;
    }
    enum ilv__stage stage;
    return look(process, &stage);
}

/* It has ended; but its zombie may come a moment later, as while another process traces it. */
static int reap_ended(struct ilv_process *process)
{
    enum ilv__stage stage;
    int error;
    while ((error = look(process, &stage)) == 0 && stage == ILV__STARTED) {
        siginfo_t info;
        (void)ilv__watch_wait(process->pidfd, process->pid, &info, WEXITED | WNOWAIT);
    }
    return error;
}

int ilv_process_join_until(struct ilv_process *process, const struct timespec *deadline)
{
    int error = may_join(process, deadline);
    if (error == 0) {
        error = ilv__poll_one(process->pidfd, POLLIN, deadline);
    }
    return error == 0 && process != parent ? reap_ended(process) : error;
}

int ilv_process_join(struct ilv_process *process)
{
    return ilv_process_join_until(process, NULL);
}

int ilv_process_try_join(struct ilv_process *process)
{
    static const struct timespec past = {0, 0};
    int error = ilv_process_join_until(process, &past);
    return error == ETIMEDOUT ? EBUSY : error;
}

static int join_first_ready(struct ilv_process *const processes[], size_t count,
                            const struct pollfd *polled, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (polled[i].revents) {
            *index = i;
            return ilv_process_join(processes[i]);
        }
    }
    return EINVAL;
}

int ilv_process_join_any(struct ilv_process *const processes[], size_t count, size_t *index,
                         const struct timespec *deadline)
{
    if (!processes || !index || count == 0 || count > MOST_JOINED ||
        !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    struct pollfd polled[MOST_JOINED];
    for (size_t i = 0; i < count; i++) {
        int error = may_join(processes[i], deadline);
        if (error) {
            return error;
        }
        polled[i] = (struct pollfd){.fd = processes[i]->pidfd, .events = POLLIN};
    }
    int error = ilv__poll(polled, count, deadline);
    return error ? error : join_first_ready(processes, count, polled, index);
}

bool ilv_process_alive(struct ilv_process *process)
{
    if (process && process == current) {
        return true;
    }
    if (process && process == parent) {
        return process->pidfd >= 0 && ilv__poll_now(process->pidfd, POLLIN) != 0;
    }
    enum ilv__stage stage;
    return look(process, &stage) == 0 && stage == ILV__STARTED;
}

int ilv_process_exit_code(struct ilv_process *process, int *code)
{
    enum ilv__stage stage;
    int error = code ? look(process, &stage) : EINVAL;
    if (error) {
        return error;
    }
    if (stage == ILV__STARTED) {
        return EBUSY;
    }
    *code = process->code;
    return process->lost ? ECHILD : 0;
}

int ilv_process_signal(struct ilv_process *process, int number)
{
    enum ilv__stage stage;
    int error = look(process, &stage);
    if (error) {
        return error;
    }
    ilv__registry_lock();
    error = process->stage == ILV__ENDED ? ESRCH
                                         : ilv__watch_signal(process->pidfd, process->pid, number);
    ilv__registry_unlock();
    return error;
}

int ilv_process_terminate(struct ilv_process *process)
{
    return ilv_process_signal(process, SIGTERM);
}

int ilv_process_kill(struct ilv_process *process)
{
    return ilv_process_signal(process, SIGKILL);
}

/* Asking. */

pid_t ilv_process_pid(const struct ilv_process *process)
{
    return process == &main_process ? getpid() : process ? process->pid : 0;
}

const char *ilv_process_name(const struct ilv_process *process)
{
    return process ? process->name : NULL;
}

bool ilv_process_daemon(const struct ilv_process *process)
{
    return process && process->daemon;
}

int ilv_process_descriptor(const struct ilv_process *process)
{
    return process ? process->pidfd : -1;
}

struct ilv_process *ilv_process_current(void)
{
    return current;
}

struct ilv_process *ilv_process_parent(void)
{
    return parent;
}

size_t ilv_process_children(struct ilv_process **list, size_t room)
{
    size_t count = 0;
    ilv__registry_lock();
    for (struct ilv_process *child = children, *next; child; child = next) {
        next = child->next;
        reap(child);
        if (child->stage == ILV__STARTED) {
            if (list && count < room) {
                list[count] = child;
            }
            count++;
        }
    }
    ilv__registry_unlock();
    return count;
}

static void release(struct ilv_process *process)
{
    if (process->pidfd >= 0) {
        (void)close(process->pidfd);
    }
    free(process);
}

/* It has ended, so that no exit begins to wait for it; one that does frees it. */
static bool is_left_to_the_exit(const struct ilv_process *process)
{
    ilv__registry_lock();
    bool left = process == awaited.process;
    awaited.is_freed = awaited.is_freed || left;
    ilv__registry_unlock();
    return left;
}

int ilv_process_free(struct ilv_process *process)
{
    if (!process) {
        return 0;
    }
    if (process == current || process == parent) {
        return EINVAL;
    }
    enum ilv__stage stage = ILV__CREATED;
    int error = look(process, &stage);
    if (error && error != ESRCH) {
        return error;
    }
    if (stage == ILV__STARTED || stage == ILV__STARTING) {
        return EBUSY;
    }
    if (!is_left_to_the_exit(process)) {
        release(process);
    }
    return 0;
}

/* At exit: see process.h. */

static void signal_daemons(int number)
{
    ilv__registry_lock();
    for (struct ilv_process *child = children; child; child = child->next) {
        if (child->daemon) {
            (void)ilv__watch_signal(child->pidfd, child->pid, number);
        }
    }
    ilv__registry_unlock();
}

static struct ilv_process *await_first_child(bool daemon)
{
    struct ilv_process *child;
    ilv__registry_lock();
    for (child = children; child && child->daemon != daemon;) {
        child = child->next;
    }
    awaited.process = child;
    awaited.is_freed = false;
    ilv__registry_unlock();
    return child;
}

static void leave_awaited(void)
{
    ilv__registry_lock();
    struct ilv_process *freed = awaited.is_freed ? awaited.process : NULL;
    awaited.process = NULL;
    awaited.is_freed = false;
    ilv__registry_unlock();
    if (freed) {
        release(freed);
    }
}

static void join_all(bool daemons)
{
    struct ilv_process *child;
    int error = 0;
    while (error == 0 && (child = await_first_child(daemons)) != NULL) {
        error = ilv_process_join(child);
        leave_awaited();
    }
}

void ilv__process_at_exit(void)
{
    ilv__registry_lock();
    leaving = true;
    ilv__registry_unlock();
    signal_daemons(SIGTERM);
    join_all(false);
    signal_daemons(SIGKILL);
    join_all(true);
}
