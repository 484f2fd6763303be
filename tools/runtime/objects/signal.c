/* SPDX-License-Identifier: MIT */
/*
 * signal.c: generation, pending signals, masks and dispositions (POSIX.1-2017, System Interfaces
 * 2.4; where POSIX leaves a choice, Linux).
 *
 * Pending signals lie in one queue in order of arrival, each for a task or for the process. A
 * standard signal that is pending already is not queued again; real-time signals always are.
 * task->pending and world.process_pending say which numbers are in the queue.
 *
 * A signal is thrown away when it is generated if it is ignored then and not blocked by its
 * task (by the first task, for signals to the process), and when its disposition becomes
 * "ignore". Of those pending for a task its own come before the process's, faults first, then
 * the lowest number.
 */
#include "objects/signal.h"

#include <errno.h>
#include <string.h>

#include "hash.h"
#include "objects/cancel.h"
#include "objects/timer.h"

#define QUEUE_MAX 1024
#define TO_PROCESS UINT16_MAX
#define FIRST_REAL_TIME 32
#define BIT(signal) (UINT64_C(1) << ((signal)-1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))
#define INTERNAL (BIT(ILV_CANCEL_SIGNAL) | BIT(ILV_SIGNAL_SETXID))
#define FAULTS (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGFPE) | BIT(SIGSYS))
#define HARMLESS (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGCONT))
#define STOPS (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

struct queued {
    siginfo_t info;
    uint16_t to;   /* index of the task, or TO_PROCESS */
    uint16_t next; /* index + 1 */
};

static struct queued queue[QUEUE_MAX];
static uint16_t queue_first; /* index + 1 */
static uint16_t queue_free;  /* index + 1, of entries that were used before */
static uint16_t queue_used;
static struct sigaction action[ILV_SIGNAL_MAX + 1];
static uint64_t ignored; /* signals whose disposition is to be ignored */
static uint64_t handled; /* signals with a handler */
static uint32_t signal_object;

uint32_t ilv__signal_object(void)
{
    if (signal_object == 0) {
        signal_object = ilv__object_make(ILV_CLASS_SIGNAL, NULL, 0);
        struct ilv_object_info *info = ilv__object_info(signal_object);
        info->id = ilv_hash_combine(ILV_CLASS_SIGNAL, 0);
        info->creator = 0;
        info->nth = 0;
    }
    return signal_object;
}

static bool valid(int signal)
{
    return signal >= 1 && signal <= ILV_SIGNAL_MAX;
}

static bool usable(int signal)
{
    return valid(signal) && (INTERNAL & BIT(signal)) == 0;
}

/* ---- dispositions ------------------------------------------------------------------------- */

static void note_action(int signal)
{
    sighandler_t handler = action[signal].sa_handler;
    uint64_t bit = BIT(signal);
    bool ignores = handler == SIG_IGN || (handler == SIG_DFL && (HARMLESS & bit) != 0);
    ignored = ignores ? ignored | bit : ignored & ~bit;
    handled = handler != SIG_DFL && handler != SIG_IGN ? handled | bit : handled & ~bit;
}

const struct sigaction *ilv__signal_action_of(int signal)
{
    return &action[signal];
}

bool ilv__signal_ignored(int signal)
{
    return (ignored & BIT(signal)) != 0;
}

void ilv__signal_reset(int signal)
{
    action[signal].sa_handler = SIG_DFL;
    note_action(signal);
}

/* ---- the queue ---------------------------------------------------------------------------- */

static uint64_t *pending_word(uint16_t to)
{
    return to == TO_PROCESS ? &ilv__world.process_pending : &ilv__world.task[to].pending;
}

static uint16_t *tail_of_queue(void)
{
    uint16_t *at = &queue_first;
    while (*at != 0)
        at = &queue[*at - 1].next;
    return at;
}

static bool put(uint16_t to, const siginfo_t *info)
{
    uint16_t entry = queue_free;
    if (entry != 0)
        queue_free = queue[entry - 1].next;
    else if (queue_used < QUEUE_MAX)
        entry = ++queue_used;
    else
        return false;
    queue[entry - 1] = (struct queued){.info = *info, .to = to};
    *tail_of_queue() = entry;
    *pending_word(to) |= BIT(info->si_signo);
    return true;
}

/* The link to the first entry with this signal for this target; NULL if there is none. */
static uint16_t *find(uint16_t *at, uint16_t to, int signal)
{
    while (*at != 0 && (queue[*at - 1].to != to || queue[*at - 1].info.si_signo != signal))
        at = &queue[*at - 1].next;
    return *at != 0 ? at : NULL;
}

static void take_entry(uint16_t to, int signal, siginfo_t *info)
{
    uint16_t *at = find(&queue_first, to, signal);
    ILV_ASSERT(at != NULL);
    uint16_t entry = *at;
    *info = queue[entry - 1].info;
    *at = queue[entry - 1].next;
    queue[entry - 1].next = queue_free;
    queue_free = entry;
    if (find(at, to, signal) == NULL)
        *pending_word(to) &= ~BIT(signal);
    if (info->si_code == SI_TIMER)
        ilv__timer_taken(info);
}

static void forget(uint16_t to, uint64_t set)
{
    siginfo_t info;
    uint64_t gone;
    while ((gone = *pending_word(to) & set) != 0)
        take_entry(to, __builtin_ctzll(gone) + 1, &info);
}

static void forget_everywhere(uint64_t set)
{
    forget(TO_PROCESS, set);
    for (uint32_t i = 0; i < ilv__world.run->task_count; i++)
        forget((uint16_t)i, set);
}

static int first_of(uint64_t set)
{
    uint64_t faults = set & FAULTS;
    return __builtin_ctzll(faults != 0 ? faults : set) + 1;
}

uint64_t ilv__signal_pending_of(const struct task *t, uint64_t set)
{
    return (t->pending | ilv__world.process_pending) & set;
}

bool ilv__signal_take(struct task *t, uint64_t set, siginfo_t *info)
{
    uint64_t own = t->pending & set;
    uint64_t shared = ilv__world.process_pending & set;
    if ((own | shared) == 0)
        return false;
    if (own != 0)
        take_entry(t->index, first_of(own), info);
    else
        take_entry(TO_PROCESS, first_of(shared), info);
    return true;
}

/* ---- what a task can take ----------------------------------------------------------------- */

/* Signals that go to no handler of t now: blocked, or waited for by sigwait. */
static uint64_t closed_to(const struct task *t)
{
    uint64_t waited = t->info->op.kind == ILV_EV_SIGNAL_WAIT ? t->scratch[0] : 0;
    return t->mask | waited;
}

unsigned ilv__signal_next(const struct task *t)
{
    if (ilv_unlikely(t->cancel_pending) && ilv__cancel_reaches(t))
        return ILV_CANCEL_SIGNAL;
    uint64_t shared = ilv__world.process_pending | ilv__world.timers_early;
    if (ilv_likely((t->pending | shared) == 0))
        return 0;
    if (t->info->op.kind == ILV_EV_TASK_START)
        return 0;
    uint64_t open = ~closed_to(t) & ~ignored;
    uint64_t own = t->pending & open;
    if (own != 0)
        return (unsigned)first_of(own);
    return (shared & open) != 0 ? (unsigned)first_of(shared & open) : 0;
}

bool ilv__signal_may_come(const struct task *t)
{
    bool cancel = t->cancel_pending && !t->cancel_disabled;
    return cancel || (handled & ~t->mask) != 0 || ilv__signal_next(t) != 0;
}

/* ---- generation --------------------------------------------------------------------------- */

static bool thrown_away(const struct task *to, int signal)
{
    const struct task *judge = to != NULL ? to : &ilv__world.task[0];
    bool blocked = (closed_to(judge) & BIT(signal)) != 0;
    return (ignored & BIT(signal)) != 0 && !blocked;
}

int ilv__signal_generate(struct task *to, const siginfo_t *info)
{
    int signal = info->si_signo;
    uint16_t target = to != NULL ? to->index : TO_PROCESS;
    if (signal == SIGCONT)
        forget_everywhere(STOPS);
    if ((STOPS & BIT(signal)) != 0)
        forget_everywhere(BIT(SIGCONT));
    if (thrown_away(to, signal))
        return 0;
    if (signal < FIRST_REAL_TIME && (*pending_word(target) & BIT(signal)) != 0)
        return 0;
    if (!put(target, info))
        return EAGAIN;
    ilv__changed(ilv__signal_object());
    return 0;
}

void ilv__signal_from_system(struct task *to, int signal)
{
    siginfo_t info = {.si_signo = signal, .si_code = SI_KERNEL};
    if (ilv__signal_generate(to, &info) != 0)
        ilv__limited("more than 1024 pending signals");
}

/* Whether nobody but t could take this signal. */
static bool only_for(const struct task *t, int signal)
{
    const struct world *w = &ilv__world;
    if ((t->pending & BIT(signal)) != 0)
        return true;
    for (uint32_t i = 0; i < w->live; i++) {
        const struct task *u = &w->task[w->order[i]];
        bool waits = u->info->op.kind == ILV_EV_SIGNAL_WAIT && (u->scratch[0] & BIT(signal)) != 0;
        if (u != t && (waits || (u->mask & BIT(signal)) == 0))
            return false;
    }
    return true;
}

void ilv__signal_deliver(void)
{
    struct task *t = ilv__self;
    unsigned signal;
    while ((signal = ilv__signal_next(t)) != 0 && signal != ILV_CANCEL_SIGNAL &&
           only_for(t, (int)signal))
        ilv__signal_run(t, (int)signal);
}

/* ---- settings ------------------------------------------------------------------------------ */

void ilv__signal_set_action(int signal, const struct sigaction *new)
{
    action[signal] = *new;
    note_action(signal);
    if (ilv__signal_ignored(signal))
        forget_everywhere(BIT(signal));
}

void ilv__signal_set_mask(struct task *t, uint64_t mask)
{
    t->mask = mask & ~UNBLOCKABLE & ~INTERNAL;
    forget(t->index, ignored & ~t->mask);
}

/* ---- start -------------------------------------------------------------------------------- */

void ilv__signal_inherit(struct task *child, const struct task *parent)
{
    child->mask = parent->mask;
    ilv__cancel_inherit(child, parent);
}

/* What the program inherited becomes virtual; the kernel keeps the defaults and blocks nothing,
 * so that faults reach us. SIGPIPE is ignored for real: who writes says so itself. */
void ilv__signal_setup(void)
{
    const struct real *real = ilv__real();
    struct sigaction defaults = {.sa_handler = SIG_DFL};
    struct sigaction nothing = {.sa_handler = SIG_IGN};
    sigset_t mask;
    for (int n = 1; n <= ILV_SIGNAL_MAX; n++) {
        if (!usable(n) || real->sigaction(n, NULL, &action[n]) != 0)
            continue;
        note_action(n);
        if (n != SIGKILL && n != SIGSTOP && n != SIGSYS)
            real->sigaction(n, n == SIGPIPE ? &nothing : &defaults, NULL);
    }
    real->pthread_sigmask(SIG_SETMASK, NULL, &mask);
    ilv__self->mask = ilv__signal_set(&mask) & ~UNBLOCKABLE & ~INTERNAL;
    sigemptyset(&mask);
    real->pthread_sigmask(SIG_SETMASK, &mask, NULL);
    ilv__fault_setup();
}
