/* SPDX-License-Identifier: MIT */
/*
 * start.c: how the runtime comes to life.
 *
 * The library is initialised first of all (-z initfirst). Without the control variable in the
 * environment it stays out of the way: every door calls the real function. With it, the block is
 * mapped, the first task made, and the program runs on until __libc_start_main, where its own
 * constructors and main are ahead; ilv__serve() stops it before one or the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend.h"
#include "intercept/doors.h"
#include "intercept/sanitizer.h"
#include "loader.h"
#include "lookup.h"
#include "objects/memory.h"
#include "objects/signal.h"
#include "objects/thread.h"
#include "server.h"

#define HIGH_FD 900
#define HWCAP2_FSGSBASE_BIT 2u

struct real ilv__real_table;
bool ilv__real_ready;
const struct backend *ilv__backend = &ilv__baton;
extern uint8_t ilv__fsgsbase ILV_HIDDEN; /* read by arch_x86_64.S */
uint8_t ilv__fsgsbase;
int ilv__real_stderr = 2;

static int (*real_main)(int, char **, char **);

/* ---- the real functions ------------------------------------------------------------------- */

static void *resolve(const char *name, const char *version, const char *older)
{
    void *found = ilv__lookup_next(name, version);
    if (found == NULL && older != NULL)
        found = ilv__lookup_next(name, older);
    return found;
}

void ilv__real_resolve(void)
{
#define DOOR(type, name, version, parameters) \
    *(void **)(void *)&ilv__real_table.name = resolve(#name, #version, NULL);
#define DOOR2(type, name, version, older, parameters) \
    *(void **)(void *)&ilv__real_table.name = resolve(#name, #version, #older);
#include "intercept/doors.def"
#undef DOOR
#undef DOOR2
    ilv__real_ready = true;
}

long ilv__errno(long result)
{
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

/* ---- the control block -------------------------------------------------------------------- */

static int move_up(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
    if (high < 0)
        return fd;
    close(fd);
    return high;
}

/* Reads "<version>:<block>:<command>:<answer>". */
static bool parse_control(const char *text, int fds[3])
{
    char *end;
    if (strtoul(text, &end, 10) != ILV_CONTROL_VERSION)
        return false;
    for (int i = 0; i < 3; i++) {
        if (*end != ':')
            return false;
        fds[i] = (int)strtol(end + 1, &end, 10);
    }
    return *end == 0;
}

static struct ilv_block *map_block(int fd)
{
    struct ilv_block *block = mmap(NULL, sizeof *block, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (block == MAP_FAILED)
        return NULL;
    if (block->magic != ILV_CONTROL_MAGIC || block->version != ILV_CONTROL_VERSION ||
        block->size_low != (uint32_t)sizeof *block)
        return NULL;
    return block;
}

static char *value_in(char *entry, const char *name)
{
    size_t n = strlen(name);
    return strncmp(entry, name, n) == 0 && entry[n] == '=' ? entry + n + 1 : NULL;
}

/* Takes what is ours, the first item or these, out of a list; whether nothing else was in it. */
static bool is_only_ours(char *list, const char *ours)
{
    size_t n = ours != NULL ? strlen(ours) : list != NULL ? strcspn(list, ": ") : 0;
    if (list == NULL || (ours != NULL && strncmp(list, ours, n) != 0))
        return false;
    if (list[n] == 0 || list[n + 1] == 0)
        return true;
    memmove(list, list + n + 1, strlen(list + n + 1) + 1);
    return false;
}

/* Whether an entry of the environment is there for us only. What the user preloads stays. */
static bool is_ours(char *entry)
{
    const struct ilv_block *block = ilv__world.block;
    unsigned reports = block != NULL ? block->config.reports : ILV_REPORTS_FIND;
    static const struct {
        const char *name, *value;
    } ours[] = {{ILV_CONTROL_VARIABLE, NULL},
                {"LD_BIND_NOW", ILV_BIND_NOW},
                {"GOMP_SPINCOUNT", ILV_SPIN_COUNT}};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        const char *value = value_in(entry, ours[i].name);
        if (value != NULL && (ours[i].value == NULL || strcmp(value, ours[i].value) == 0))
            return true;
    }
    return is_only_ours(value_in(entry, "LD_PRELOAD"), NULL) ||
           is_only_ours(value_in(entry, "TSAN_OPTIONS"), ilv_tsan_options(reports)) ||
           is_only_ours(value_in(entry, "ASAN_OPTIONS"), ILV_ASAN_OPTIONS);
}

/* Programs that this one starts are not under the sandbox. By hand: a shell's own getenv() and
 * unsetenv() mean its variables. */
static void scrub_environment(void)
{
    char **kept = environ;
    for (char **e = environ; *e != NULL; e++)
        if (!is_ours(*e))
            *kept++ = *e;
    *kept = NULL;
}

/* ---- backends ----------------------------------------------------------------------------- */

static void choose_backend(unsigned wanted)
{
    ilv__fsgsbase = (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT) != 0;
    bool located = ilv__tid_word_locate();
    if (located && ilv__sanitizer == ILV_SANITIZER_NONE)
        ilv__loader_locate();
    bool fiber = wanted != ILV_BACKEND_BATON && located && ilv__sanitizer == ILV_SANITIZER_NONE;
    ilv__world.fiber = fiber;
    ilv__backend = fiber ? &ilv__fiber : &ilv__baton;
}

/* The program's output goes nowhere: writes to 1 and 2 are kept by ilv__output(). To the program
 * both look like a pipe that always has room. */
static void redirect_output(void)
{
    int ends[2];
    ilv__real_stderr = fcntl(2, F_DUPFD_CLOEXEC, HIGH_FD);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return;
    int kept = fcntl(ends[0], F_DUPFD_CLOEXEC, HIGH_FD);
    (void)kept; /* the reading end stays open: nobody gets SIGPIPE */
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
}

static void join_sandbox(struct ilv_block *block, const int fds[3])
{
    struct world *w = &ilv__world;
    w->block = block;
    w->run = &block->run;
    w->run->object_count = 1;
    w->run->task_count = 0;
    w->plan = &w->plan_kept;
    w->strategy = ilv_strategy(ILV_STRATEGY_non_preemptive);
    close(fds[0]);
    ilv__server_fds.command = move_up(fds[1]);
    ilv__server_fds.answer = move_up(fds[2]);
    redirect_output();
    ilv__sanitizer_find();
    choose_backend(block->config.backend);
    struct task *first = ilv__task_make(NULL);
    first->handle = pthread_self();
    ilv__self = first;
    first->in_call = true;
    ilv__task_live(first);
    ilv__signal_setup();
    w->serving = true;
}

/* libc's own initialisation is still ahead: getenv() does not see the environment yet. */
static const char *control_variable(char **environment)
{
    size_t n = sizeof ILV_CONTROL_VARIABLE - 1;
    for (char **e = environment; *e != NULL; e++)
        if (strncmp(*e, ILV_CONTROL_VARIABLE, n) == 0 && (*e)[n] == '=')
            return *e + n + 1;
    return NULL;
}

__attribute__((constructor)) static void start(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    const char *control = control_variable(environment);
    ilv__real_resolve();
    if (control == NULL)
        return;
    int fds[3];
    struct ilv_block *block = parse_control(control, fds) ? map_block(fds[0]) : NULL;
    if (block == NULL)
        ilv__bug("the control block cannot be mapped, or is of another build");
    join_sandbox(block, fds);
    ilv__exit();
}

/* ---- main --------------------------------------------------------------------------------- */

static int sandboxed_main(int argc, char **argv, char **environment)
{
    const struct ilv_config *config = &ilv__world.block->config;
    if (config->start == ILV_START_MAIN)
        ilv__serve();
    else if (config->start == ILV_START_SYMBOL &&
             strcmp(config->start_symbol, ILV_START_BY_CALL) != 0)
        ilv__start_at(config->start_symbol);
    int status = real_main(argc, argv, environment);
    ilv__thread_exit_process(status, false);
    return status;
}

/* Registered before all of the program's exit handlers, so it runs after them. With the trap the
 * end is seen at exit_group, after the last flush; without it, here. */
static void last_exit_handler(int status, void *unused)
{
    (void)unused;
    if (!ilv__world.active && !ilv__world.in_server)
        ilv__serve_ended(ILV_END_EXIT);
    if (!ilv__world.active || ilv__world.trap_armed)
        return;
    fflush(NULL);
    ilv__enter();
    ilv__end_run(ILV_END_EXIT, status);
}

int ilv_door___libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                               void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                               void *stack_end)
{
    if (!ilv__world.serving)
        return ilv__real()->__libc_start_main(main, argc, argv, init, fini, rtld_fini, stack_end);
    real_main = main;
    scrub_environment();
    on_exit(last_exit_handler, NULL);
    ilv__thread_begin_main(ilv__self);
    ilv__memory_main_stack(__builtin_frame_address(0));
    if (ilv__world.block->config.start == ILV_START_CONSTRUCTORS)
        ilv__serve();
    return ilv__real()->__libc_start_main(sandboxed_main, argc, argv, init, fini, rtld_fini,
                                          stack_end);
}

/* Before the start there is one thread, unless the user said where to start. */
void ilv__thread_before_start(void)
{
    unsigned start = ilv__world.block->config.start;
    if (start == ILV_START_MAIN)
        ilv__serve_early(ILV_ANSWER_RESTART);
    if (start == ILV_START_CONSTRUCTORS)
        ilv__serve_early(ILV_ANSWER_LIBRARY);
}
