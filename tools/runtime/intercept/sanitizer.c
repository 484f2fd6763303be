/* SPDX-License-Identifier: MIT */
/*
 * sanitizer.c: a sanitizer's runtime beneath the program.
 *
 * The program's calls of libc come to the sanitizer's interceptors first, which stand in the
 * executable, and those call what comes next in the order of symbols: our doors. So the sanitizer
 * sees a call before it is a point and its return after it, and believes the same locks held
 * as the models do. What it needs besides:
 *
 *   its own system calls   are made without libc, some while it holds locks of its own. They are
 *                          no points, but for waiting on a futex: another task, not running now,
 *                          may be the one that has what it waits for
 *   its threads            not made (ilv__sanitizer_own_thread)
 *   the begin of a thread  see ilv__sanitizer_start
 *   its reports            read when it begins to write one (sanitizer_report.c)
 *
 * It is recognised by its functions in the symbol table of the program, and its system calls by
 * the functions in which their instructions lie. A thread's tables are the sanitizer's own; its
 * tasks are never fibers.
 */
#include "intercept/sanitizer.h"

#include <string.h>
#include <sys/syscall.h>
#include <unwind.h>

#include "intercept/syscalls.h"
#include "lookup.h"
#include "objects/blocks.h"
#include "objects/memory.h"
#include "program_symbols.h"

#define CALLERS_MAX 256
#define PREFIX "_ZN11__sanitizer"
#define SYSCALL_SIZE 2
#define SPIN_MAX 4096 /* futile yields of the sanitizer after which another task has to help */
#define START_SIZE 64 /* bytes of what its start routine is given: semaphores lie in it */

enum ilv_sanitizer ilv__sanitizer;

/* The functions of the sanitizer that make system calls. */
static struct {
    uint64_t start, end;
} caller[CALLERS_MAX];
static unsigned callers;

/* The function in which it reads the clock through libc. */
static uint64_t clock_start, clock_end;

static void *(*thread_start)(void *); /* in which all threads of a program under TSan begin */
static int (*install_hooks)(void (*allocated)(const volatile void *, size_t),
                            void (*freed)(const volatile void *));
/* AddressSanitizer's has one argument less and leaves the last alone. */
static int (*allocation_stack)(uint64_t address, void **trace, unsigned long size, int *tid,
                               unsigned long long *kernel_tid);
static bool has_tsan;
static bool has_asan;

/* ---- finding it --------------------------------------------------------------------------- */

static bool makes_calls(uint64_t start, uint64_t end)
{
    const uint8_t *code = (const uint8_t *)(uintptr_t)start;
    for (uint64_t i = 0; start + i + SYSCALL_SIZE <= end; i++)
        if (code[i] == 0x0f && code[i + 1] == 0x05)
            return true;
    return false;
}

static void note_caller(uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < callers; i++)
        if (caller[i].start == start)
            return;
    if (callers == CALLERS_MAX || !makes_calls(start, end))
        return;
    caller[callers].start = start;
    caller[callers++].end = end;
}

static void note_own(const char *name, uint64_t address, uint64_t size)
{
    note_caller(address, address + size);
    if (strstr(name, "MonotonicNanoTime") == NULL)
        return;
    clock_start = address;
    clock_end = address + size;
}

static void note_symbol(const char *name, uint64_t address, uint64_t size, void *unused)
{
    (void)unused;
    if (strncmp(name, PREFIX, sizeof PREFIX - 1) == 0)
        note_own(name, address, size);
    else if (strcmp(name, "__tsan_init") == 0)
        has_tsan = true;
    else if (strcmp(name, "__asan_init") == 0)
        has_asan = true;
    else if (strcmp(name, "__tsan_thread_start_func") == 0)
        thread_start = (void *(*)(void *))(uintptr_t)address;
    else if (strcmp(name, "__sanitizer_install_malloc_and_free_hooks") == 0)
        memcpy(&install_hooks, &address, sizeof address);
    else if (strcmp(name, "__tsan_get_alloc_stack") == 0 ||
             strcmp(name, "__asan_get_alloc_stack") == 0)
        memcpy(&allocation_stack, &address, sizeof address);
    ilv__sanitizer_report_symbol(name, address);
    ilv__sanitizer_once_symbol(name, address, size);
}

void ilv__sanitizer_find(void)
{
    ilv__program_symbols(note_symbol, NULL);
    if (callers == 0)
        return; /* instrumented code without the sanitizer's runtime is none */
    if (has_tsan) {
        ilv__sanitizer = ILV_SANITIZER_THREAD;
        ilv__sanitizer_once_replace();
    } else if (has_asan) {
        ilv__sanitizer = ILV_SANITIZER_ADDRESS;
    }
}

/* ---- its heap ----------------------------------------------------------------------------- */

#define CALLER 1 /* of the frames of an allocation, behind the allocator's own */

/* The program's own calls of malloc and free never come to our doors. */
static void allocated(const volatile void *block, size_t size)
{
    void *trace[CALLER + 1] = {NULL};
    int tid;
    unsigned long long kernel;
    if (!ilv__managed() || !ilv__blocks_kept())
        return;
    if (allocation_stack != NULL)
        allocation_stack((uint64_t)(uintptr_t)block, trace, CALLER + 1, &tid, &kernel);
    ilv__memory_allocated((const void *)(uintptr_t)block, size, trace[CALLER]);
}

static void freed(const volatile void *block)
{
    static size_t (*usable)(void *);
    void *memory = (void *)(uintptr_t)block;
    if (!ilv__managed() || memory == NULL)
        return;
    if (usable == NULL)
        *(void **)(void *)&usable = ilv__lookup_first("malloc_usable_size");
    if (ilv__blocks_kept())
        ilv__memory_freed(memory, __builtin_return_address(0));
    ilv__objects_gone(memory, usable(memory));
}

/* ---- before the runs ---------------------------------------------------------------------- */

static _Unwind_Reason_Code stop_at_once(struct _Unwind_Context *context, void *unused)
{
    (void)context;
    (void)unused;
    return _URC_END_OF_STACK;
}

/* What the sanitizer does once, in its first report, is done here: it is no part of a run. */
void ilv__sanitizer_prepare(void)
{
    _Unwind_Reason_Code (*backtrace)(_Unwind_Trace_Fn, void *) = NULL;
    if (ilv__sanitizer == ILV_SANITIZER_NONE)
        return;
    ilv__sanitizer_once_up();
    *(void **)(void *)&backtrace = ilv__lookup_first("_Unwind_Backtrace");
    if (backtrace != NULL)
        backtrace(stop_at_once, NULL);
    if (install_hooks != NULL)
        install_hooks(allocated, freed);
}

void ilv__sanitizer_begin_run(void)
{
    const struct world *w = &ilv__world;
    if (ilv__sanitizer != ILV_SANITIZER_NONE && w->run->trap == ILV_TRAP_OFF &&
        w->block->config.reports != ILV_REPORTS_ALLOW)
        ilv__limited("what a sanitizer reports cannot be seen without the trap");
}

void ilv__sanitizer_holds(int change)
{
    if (ilv__sanitizer == ILV_SANITIZER_ADDRESS)
        ilv__world.no_choice += (uint32_t)change;
}

/* ---- threads ------------------------------------------------------------------------------ */

static void *(*next_entry)(void *);
static int kernel_tid[ILV_MAX_TASKS];
static uint64_t starting; /* what the thread that is made now was given */
static const char nothing;

static void *begin(void *task)
{
    const struct task *t = task;
    kernel_tid[t->index] = (int)ilv__syscall_raw(SYS_gettid, 0, 0, 0, 0, 0, 0);
    return next_entry(task);
}

struct ilv_thread_start ilv__sanitizer_start(struct task *t, void *(*entry)(void *))
{
    if (ilv__sanitizer != ILV_SANITIZER_THREAD || t->start != thread_start)
        return (struct ilv_thread_start){entry, t};
    struct ilv_thread_start *inner = t->argument;
    struct ilv_thread_start outer = {t->start, t->argument};
    next_entry = entry;
    starting = (uint64_t)(uintptr_t)inner;
    t->start = inner->routine;
    t->argument = inner->argument;
    *inner = (struct ilv_thread_start){begin, t};
    return outer;
}

bool ilv__sanitizer_own_thread(void *(*start)(void *), pthread_t *thread)
{
    if (ilv__sanitizer != ILV_SANITIZER_THREAD || start == thread_start)
        return false;
    *thread = (pthread_t)(uintptr_t)&nothing;
    return true;
}

bool ilv__sanitizer_no_thread(pthread_t thread)
{
    return thread == (pthread_t)(uintptr_t)&nothing;
}

const struct task *ilv__sanitizer_task(int tid)
{
    for (uint32_t i = 1; i < ilv__world.run->task_count; i++)
        if (kernel_tid[i] == tid)
            return &ilv__world.task[i];
    return NULL;
}

bool ilv__sanitizer_asks(const void *back)
{
    uint64_t pc = (uint64_t)(uintptr_t)back;
    return pc > clock_start && pc <= clock_end;
}

/* ---- its system calls --------------------------------------------------------------------- */

bool ilv__sanitizer_calls(uint64_t pc)
{
    for (unsigned i = 0; i < callers; i++)
        if (pc > caller[i].start && pc <= caller[i].end)
            return true;
    return false;
}

static long pass(long number, const long *a)
{
    return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* The creator of a thread waits for its begin, which takes no turn. */
static long call_futex(const long *a)
{
    uint64_t word = (uint64_t)a[0];
    bool begins = word >= starting && word < starting + START_SIZE;
    return begins ? pass(SYS_futex, a) : ilv__syscall_model(SYS_futex, a);
}

static long call_yield(const long *a)
{
    static uint32_t step, count;
    count = step == ilv__world.step ? count + 1 : 0;
    step = ilv__world.step;
    return count < SPIN_MAX ? pass(SYS_sched_yield, a) : ilv__syscall_model(SYS_sched_yield, a);
}

static long call_write(const long *a)
{
    if (a[0] != 1 && a[0] != 2)
        return pass(SYS_write, a);
    ilv__sanitizer_wrote((const char *)(uintptr_t)a[1], (size_t)a[2]);
    return a[2];
}

/* SIGSYS stays deliverable, whatever is blocked. */
static long call_mask(const long *a)
{
    uint64_t set;
    long call[6] = {a[0], a[1], a[2], a[3]};
    if (a[1] != 0 && a[0] != SIG_UNBLOCK) {
        memcpy(&set, (const void *)(uintptr_t)a[1], sizeof set);
        set &= ~(UINT64_C(1) << (SIGSYS - 1));
        call[1] = (long)(uintptr_t)&set;
    }
    return pass(SYS_rt_sigprocmask, call);
}

long ilv__sanitizer_syscall(long number, const long *a)
{
    if (number == SYS_futex)
        return call_futex(a);
    if (number == SYS_sched_yield)
        return call_yield(a);
    if (number == SYS_write)
        return call_write(a);
    if (number == SYS_rt_sigprocmask)
        return call_mask(a);
    if (number == SYS_exit_group)
        ilv__sanitizer_ends((int)a[0]);
    return pass(number, a);
}
