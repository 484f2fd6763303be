/* SPDX-License-Identifier: MIT */
/*
 * Starting a program with the runtime in it. Block and pipes are made, then the child sets itself
 * up between fork and exec: own process group, dies with us, pinned, addresses not randomised,
 * empty standard input, its output before the start kept aside.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "internal.h"

extern char **environ;

static int say_errno(char *error, size_t size, const struct ilv__server *server, int failed,
                     const char *what)
{
    snprintf(error, size, "%s: %s: %s", server->world->argv[0], what, strerror(-failed));
    return failed;
}

/* --- the block */

/* Sealed, so that no program can make our own reading of it fail. */
static int block_make(struct ilv__server *server, int *fd)
{
    *fd = memfd_create("interleave", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    if (*fd < 0)
        return -errno;
    if (ftruncate(*fd, sizeof(struct ilv_block)) ||
        fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
        return -errno;
    void *map = mmap(NULL, sizeof(struct ilv_block), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_NORESERVE, *fd, 0);
    if (map == MAP_FAILED)
        return -errno;
    server->block = map;
    server->block->magic = ILV_CONTROL_MAGIC;
    server->block->version = ILV_CONTROL_VERSION;
    server->block->size_low = (uint32_t)sizeof(struct ilv_block);
    return 0;
}

/* A directory of our own for the runs' copies of the current one. */
static int directory_make(struct ilv__server *server, char *error, size_t size)
{
    struct ilv_config *config = &server->block->config;
    const char *base = getenv("TMPDIR");
    char *from = config->source_dir;
    int n = snprintf(server->directory, sizeof server->directory, "%s/interleave-XXXXXX",
                     base && *base ? base : "/tmp");
    bool made = n < (int)sizeof server->directory && mkdtemp(server->directory);
    if (!made) {
        server->directory[0] = '\0';
        return say_errno(error, size, server, n < 256 ? -errno : -ENAMETOOLONG,
                         "--fresh-dir: no directory for the runs");
    }
    if (!getcwd(from, sizeof config->source_dir))
        return say_errno(error, size, server, -errno, "--fresh-dir: no current directory");
    size_t length = strlen(from);
    if (!strncmp(server->directory, from, length) &&
        (server->directory[length] == '/' || length == 1)) {
        snprintf(error, size,
                 "--fresh-dir: TMPDIR lies in the directory to be copied; set TMPDIR to another");
        return -EINVAL;
    }
    config->fresh_dir = 1;
    memcpy(config->run_dir, server->directory, sizeof config->run_dir);
    return 0;
}

static enum ilv_points points_of(const struct ilv_world *world)
{
    if (!world->points)
        return ILV_POINTS_LEARNT;
    return strcmp(world->points, ILV_POINTS_WORD_ALL) != 0 ? ILV_POINTS_CODE : ILV_POINTS_ALL;
}

static void config_fill(struct ilv__server *server, enum ilv_start start, int input)
{
    const struct ilv_world *world = server->world;
    struct ilv_config *config = &server->block->config;
    *config = (struct ilv_config){.backend = world->backend,
                                  .trap = world->trap,
                                  .start = (uint16_t)start,
                                  .cpus = world->cpus,
                                  .detectors = world->detectors,
                                  .points = (uint16_t)points_of(world),
                                  .allow_races =
                                      world->allow_races || world->reports == ILV_REPORTS_COMPARE,
                                  .reports = world->reports,
                                  .stdin_fd = input};
    if (world->start_symbol)
        snprintf(config->start_symbol, sizeof config->start_symbol, "%s", world->start_symbol);
    if (world->check)
        snprintf(config->check, sizeof config->check, "%s", world->check);
}

/* --- the child */

/* The descriptors that the child keeps. */
struct inherited {
    int block, command, answer, input, output, empty, status;
};

/* Preloaded first; what the user preloads stays behind it. */
static int runtime_path(const struct ilv_setup *setup, char *path, size_t size)
{
    char self[PATH_MAX - 32];
    const char *chosen = setup->runtime ? setup->runtime : getenv("ILV_RUNTIME");
    if (chosen) {
        snprintf(path, size, "%s", chosen);
        return !*path || !access(path, R_OK) ? 0 : -ENOENT;
    }
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        return -errno;
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(path, size, "%s/../lib/libinterleave.so", self);
    if (access(path, R_OK))
        snprintf(path, size, "%s/libinterleave.so", self);
    return access(path, R_OK) ? -ENOENT : 0;
}

static bool variable_is(const char *entry, const char *name)
{
    size_t n = strlen(name);
    return !strncmp(entry, name, n) && entry[n] == '=';
}

/* Lists in the environment that begin with an item of ours. */
enum { PRELOAD, TSAN, ASAN, LISTS };
static const char *const list_name[LISTS] = {"LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS"};

static char *list_make(unsigned which, const char *first)
{
    char *entry;
    const char *rest = getenv(list_name[which]);
    if (asprintf(&entry, "%s=%s%s%s", list_name[which], first, rest ? ":" : "", rest ? rest : "") <
        0)
        abort();
    return entry;
}

static bool is_made(const char *entry, bool preloads)
{
    bool made = variable_is(entry, ILV_CONTROL_VARIABLE);
    for (unsigned i = 0; preloads && i < LISTS; i++)
        made = made || variable_is(entry, list_name[i]);
    return made;
}

/* The environment with our variables; freed with environment_free(). */
static char **environment_make(const char *runtime, const struct inherited *fd, unsigned reports)
{
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    char **list = calloc(count + LISTS + 4, sizeof *list);
    if (!list || asprintf(&list[used++], "%s=%u:%d:%d:%d", ILV_CONTROL_VARIABLE,
                          ILV_CONTROL_VERSION, fd->block, fd->command, fd->answer) < 0)
        abort();
    const char *const first[LISTS] = {runtime, ilv_tsan_options(reports), ILV_ASAN_OPTIONS};
    for (unsigned i = 0; *runtime && i < LISTS; i++)
        list[used++] = list_make(i, first[i]);
    for (size_t i = 0; i < count; i++) {
        if (!is_made(environ[i], *runtime))
            list[used++] = environ[i];
    }
    static char bind_now[] = "LD_BIND_NOW=" ILV_BIND_NOW;
    static char spin_count[] = "GOMP_SPINCOUNT=" ILV_SPIN_COUNT;
    if (*runtime && !getenv("LD_BIND_NOW"))
        list[used++] = bind_now;
    if (*runtime && !getenv("GOMP_SPINCOUNT"))
        list[used++] = spin_count;
    return list;
}

static void environment_free(char **list, bool preloads)
{
    for (unsigned i = 0; i < (preloads ? 1u + LISTS : 1u); i++)
        free(list[i]);
    free(list);
}

/* The CPU of worker 0: where the system had put this process when it started its first program.
 * That was the least busy one, so hunts side by side do not all pin themselves to the same. */
static size_t home_cpu(void)
{
    static int home = -1;
    if (home < 0)
        home = sched_getcpu();
    return home < 0 ? 0 : (size_t)home;
}

/* Where the system refuses one of these, the program runs without it. */
static void child_pin(size_t home, uint32_t nth)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    uint32_t skip = nth % (uint32_t)CPU_COUNT(&allowed);
    for (size_t i = 0; i < CPU_SETSIZE; i++) {
        size_t cpu = (home + i) % CPU_SETSIZE;
        if (!CPU_ISSET(cpu, &allowed) || skip--)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

static void child_signals(void)
{
    sigset_t none;
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigemptyset(&none);
    for (int s = 1; s < NSIG; s++) {
        struct sigaction now;
        if (!sigaction(s, NULL, &now) && now.sa_handler != SIG_DFL &&
            (now.sa_handler != SIG_IGN || s == SIGPIPE))
            sigaction(s, &usual, NULL);
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child_keep(int fd)
{
    if (fd >= 0)
        fcntl(fd, F_SETFD, 0);
}

/* Runs in the child, between fork and exec. Says errno on the status pipe if it fails. */
static _Noreturn void child_run(const struct ilv__server *server, const struct inherited *fd,
                                pid_t explorer, size_t home, char **environment)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != explorer)
        _exit(127);
    child_pin(home, server->cpu);
    child_signals();
    int now = personality(0xffffffff);
    if (now >= 0)
        personality((unsigned long)now | ADDR_NO_RANDOMIZE);
    child_keep(fd->block);
    child_keep(fd->command);
    child_keep(fd->answer);
    child_keep(fd->input);
    if (server->debugged) {
        ilv__exec_debugger(server, environment);
    } else {
        setpgid(0, 0);
        dup2(fd->empty, 0);
        dup2(fd->output, 1);
        dup2(fd->output, 2);
        execve(server->target->path, server->world->argv, environment);
    }
    int failed = errno;
    while (write(fd->status, &failed, sizeof failed) < 0 && errno == EINTR)
        ;
    _exit(127);
}

/* --- starting */

void ilv__close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Everything that the child inherits; all close-on-exec until then. */
static int inherited_open(struct ilv__server *server, struct inherited *fd, char *error,
                          size_t size)
{
    int command[2], answer[2], failed;
    const char *input = server->world->stdin_file;
    *fd = (struct inherited){-1, -1, -1, -1, -1, -1, -1};
    if (input && (fd->input = open(input, O_RDONLY | O_CLOEXEC)) < 0) {
        failed = -errno;
        snprintf(error, size, "--stdin: %s: %s; give a readable file", input, strerror(-failed));
        return failed;
    }
    if ((failed = block_make(server, &fd->block)))
        return say_errno(error, size, server, failed, "no shared memory for the sandbox");
    if (pipe2(command, O_CLOEXEC))
        return say_errno(error, size, server, -errno, "no pipe for the sandbox");
    fd->command = command[0];
    server->command = command[1];
    if (pipe2(answer, O_CLOEXEC))
        return say_errno(error, size, server, -errno, "no pipe for the sandbox");
    server->answer = answer[0];
    fd->answer = answer[1];
    fd->empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
    server->output = memfd_create("interleave-output", MFD_CLOEXEC);
    fd->output = server->output;
    if (fd->empty < 0 || fd->output < 0)
        return say_errno(error, size, server, -errno, "no descriptors for the sandbox");
    return 0;
}

/* Ours stay; the child's ends are closed here once it has them. */
static void inherited_close(struct inherited *fd)
{
    ilv__close(&fd->block);
    ilv__close(&fd->command);
    ilv__close(&fd->answer);
    ilv__close(&fd->input);
    ilv__close(&fd->empty);
    ilv__close(&fd->status);
}

/* Starts the child; 0 or -errno of exec. */
static int spawn(struct ilv__server *server, struct inherited *fd, const char *runtime)
{
    int status[2], failed = 0;
    if (pipe2(status, O_CLOEXEC))
        return -errno;
    fd->status = status[1];
    char **environment = environment_make(runtime, fd, server->world->reports);
    size_t home = home_cpu();
    pid_t self = getpid(), pid = fork();
    if (pid == 0)
        child_run(server, fd, self, home, environment);
    failed = pid < 0 ? errno : 0;
    server->pid = pid > 0 ? pid : 0;
    environment_free(environment, *runtime != '\0');
    ilv__close(&fd->status);
    if (pid > 0) {
        if (!server->debugged)
            setpgid(pid, pid);
        ssize_t n;
        while ((n = read(status[0], &failed, sizeof failed)) < 0 && errno == EINTR)
            ;
        if (n != (ssize_t)sizeof failed)
            failed = 0;
    }
    close(status[0]);
    return -failed;
}

int ilv__spawn(struct ilv__server *server, enum ilv_start start, char *error, size_t size)
{
    char runtime[PATH_MAX];
    struct inherited fd;
    int failed = runtime_path(server->setup, runtime, sizeof runtime);
    if (failed) {
        snprintf(
            error, size,
            "%s is not there; install the runtime beside the command or name it in ILV_RUNTIME",
            failed == -ENOENT ? runtime : "libinterleave.so");
        return failed;
    }
    if (!(failed = inherited_open(server, &fd, error, size))) {
        config_fill(server, start, fd.input);
        if (server->world->fresh_dir)
            failed = directory_make(server, error, size);
        if (!failed && (failed = spawn(server, &fd, runtime)))
            say_errno(error, size, server, failed,
                      server->debugged ? "gdb cannot be started" : "cannot be started");
    }
    inherited_close(&fd);
    return failed;
}
