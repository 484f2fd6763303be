/* SPDX-License-Identifier: MIT */
/*
 * runtime.h: the internal header of the runtime, the part of Interleave that lives inside the
 * program under test.
 *
 * The law of code that lives in somebody else's process:
 *
 *  1. Nothing here calls a libc function that is intercepted, except through `ilv__real`. No
 *     stdio, no malloc, no locale, ever. System calls go through ilv__syscall_raw(), whose
 *     instruction lies where the trap lets it pass.
 *  2. errno, signal masks, floating point state and the stack below the red zone are found as
 *     they were left.
 *  3. Only one task runs at a time, so the state below needs no lock. Threads that the runtime
 *     does not know (`ilv__self == NULL`) get the real function and touch no state.
 *  4. What a run writes lies in private memory (thrown away with the run's process) or in the
 *     control block (read by the explorer). Tables are indexed, bounded and checked; when one
 *     is full the run is `limited`, never wrong.
 *  5. Assertions stay on: a broken invariant of ours ends the run with a sentence.
 *  6. These sources are never instrumented.
 *
 * How an intercepted call runs:
 *
 *     door (intercept/)      finds the object of the model and calls
 *     model (objects/)       publishes an operation: ilv__point(op, possible)
 *     core (sched.c)         decides who goes on, hands over; returns when this task was chosen
 *     model                  carries the operation out, tells those who wait: ilv__changed(),
 *                            and closes the step: ilv__done(result)
 */
#ifndef ILV_RUNTIME_H
#define ILV_RUNTIME_H

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>

#include "compiler.h"
#include "control.h"

struct task;
struct sockaddr; /* doors */
struct msghdr;

/* Whether the published operation of t is possible now. Looks at models only; no side effect. */
typedef bool possible_fn(const struct task *t);

/* How ilv__point() came back. */
enum outcome {
    ILV_GO,        /* carry it out: it is possible */
    ILV_TIMEOUT,   /* the deadline passed: give up with ETIMEDOUT (or what the call says) */
    ILV_INTERRUPT, /* a handler without SA_RESTART ran: give up with EINTR */
    ILV_SPURIOUSLY /* wake up though nobody woke it (condition waits only) */
};

/* What a signal handler does to the wait that it interrupts (t->interruptible). */
enum interruptible {
    ILV_NEVER,   /* the call goes on waiting (pthread locks, conditions, joins) */
    ILV_RESTART, /* EINTR unless all handlers that ran had SA_RESTART (read, futex, ...) */
    ILV_ALWAYS   /* EINTR whatever SA_RESTART says (sleep, poll, sigsuspend, ...) */
};

#define ILV_TASK_SCRATCH 6

struct task {
    /* What every choice looks at, of every task, lies together. */
    struct ilv_task_info *info; /* the public part, in the block; op is in it */
    possible_fn *possible;      /* whether the published operation is; NULL: always */
    uint64_t pending;           /* signals directed at this task */
    uint16_t next[2];           /* lists of waiters of op.object and op.object2: index + 1 */
    uint16_t index;
    uint16_t object; /* of class TASK */
    bool ready;      /* the published operation is possible */
    bool cancel_pending;
    bool yielded; /* lets the others go on at the next choice */
    bool owed;    /* another task waits for its next step (step.c) */
    /* Fairness (step.c); steps are those of the run. */
    uint32_t last_step; /* when it made its last one or was made */
    uint32_t waits_for; /* passed over while one that is owed rests since before it; 0: not */
    bool linked;        /* in the lists of its operation's objects */
    bool in_call;       /* inside the runtime: handlers wait */
    uint8_t how;        /* enum ilv_how: how it was chosen last */
    uint8_t interruptible;
    uint16_t handler_depth;
    uint16_t signal;       /* with ILV_HOW_SIGNAL: which */
    uint16_t choice_flags; /* ILV_CHOICE, ILV_PREEMPT, ILV_EARLY of the step under way */
    uint16_t done_flags;   /* what the model adds: ILV_OWNER_DIED, ... */
    uint16_t ready_count;
    uint32_t turns;       /* made in this round of fairness */
    uint32_t round;       /* step at which the round began */
    uint64_t path;        /* a hash of its steps since it yielded */
    uint64_t path_before; /* and of those between its last two yields */

    uint64_t scratch[ILV_TASK_SCRATCH]; /* the model's, while its operation is published */

    /* Backend. */
    volatile char *selector; /* see trap.c; never NULL */
    char own_selector;
    void *stack_pointer; /* fiber: where it was left */
    uint64_t fs_base;
    uint32_t wake;      /* baton: futex word, 1 = yours */
    int32_t kernel_tid; /* word that the kernel clears when the thread is gone */

    /* Thread. */
    pthread_t handle;
    void *(*start)(void *);
    void *argument;
    uint16_t key_rounds;
    uint16_t children;              /* tasks it has made */
    uint16_t made[ILV_CLASS_COUNT]; /* objects it has made, by class */
    bool reaped;                    /* real pthread_join was done */
    bool joining;                   /* somebody waits to join it */
    struct task *next_to_reap;
    uint64_t stack_size;

    /* Signals and cancellation (objects/signal.c, objects/cancel.c). */
    uint64_t mask; /* blocked signals, bit n-1 */
    uint8_t cancel_disabled;
    uint8_t cancel_async;
    bool cancelling;    /* it ended a call, and is acted upon when the door is left */
    uint16_t spin_kind; /* last failed attempt or reading, for spin detection */
    uint16_t spins;     /* how many of it in a row */
    uint32_t spin_object;
    uint64_t spin_value; /* that was read */
    bool loops;          /* made other steps since its last reading of spin_object */
    uint8_t rests;       /* of a loop that keeps reading the same: how often it let others go on */
    uint8_t rests_in;    /* steps until it does again, 0: it does not */

    /* Memory, of instrumented programs (objects/memory.c). */
    uint16_t race; /* index in the race engine */
    uint16_t ignore_reads, ignore_writes, ignore_sync;
    uint32_t quiet; /* accesses since the last point */
    uint32_t spun;  /* points in a row that it came to at spin_address */
    uint64_t spin_address;
    uint32_t blocks;       /* of the heap that it has allocated */
    uint32_t unsettled;    /* record of a write whose value is not there yet: index + 1 */
    uint64_t unsettled_at; /* its address */
    const void *call_pc;   /* where the program called, when the stack does not say */
    bool atomic_open;      /* an atomic operation is being carried out as a step */
    uint64_t alt_stack[3];
};

#define ILV_OBJECT_STATE 64
#define ILV_BUCKETS 512   /* lists of objects, by place (registry.c) */
#define ILV_POOL_MAX 256u /* threads made ahead (backend_fiber.c) */

/* The private part of an object, parallel to run->object[]. */
struct object {
    uint16_t waiters; /* first task whose published operation names it: index + 1 */
    uint16_t cls;
    uint32_t next_in_page;                       /* registry */
    _Alignas(8) uint8_t state[ILV_OBJECT_STATE]; /* the model's */
};

/*
 * Everything that a run changes, in one place. Zero at load. Each page that is written costs the
 * fork of a run a fault and a copy, more than many points: what all runs touch lies together.
 */
struct world {
    /* Filled from its end, beside what follows (sched.c). */
    struct ilv_candidate candidate[2 * ILV_MAX_TASKS];
    struct ilv_block *block; /* NULL outside the sandbox */
    struct ilv_run *run;
    const struct ilv_plan *plan;
    struct ilv_plan plan_kept; /* in private memory, which a fork finds mapped */
    const struct ilv_strategy *strategy;
    struct task *current;
    struct task *to_reap; /* detached tasks that have ended (objects/thread.c) */
    uint64_t time;        /* virtual nanoseconds since the start of the run */
    uint32_t yielded;     /* tasks that let the others go on (step.c) */
    uint32_t waiting;     /* tasks that owe others a step */
    uint32_t step;
    uint32_t choices;
    uint32_t preemptions;
    uint32_t live;           /* tasks that have not ended */
    uint32_t loader_waiters; /* tasks that need the dynamic linker's lock (loader.c) */
    uint64_t trace_hash;
    uint32_t batch_index;     /* of the plan and summary in the batch */
    uint64_t process_pending; /* signals sent to the process, bit n-1 */
    uint64_t timer_next;      /* when the next timer expires (objects/timer.c); 0: none */
    uint64_t timers_early;    /* signals of timers that may expire before their time */
    bool active;              /* points are choices: between the start of the run and its end */
    bool serving;             /* the program is under the sandbox (server or run) */
    bool exiting;             /* exit handlers run: no choice */
    bool ended;
    uint32_t no_choice; /* not 0: no choices, as in exit handlers */
    bool in_server;     /* the program has not reached its start */
    bool main_ended;
    bool by_exit;
    bool fiber; /* the backend in use */
    bool record;
    bool detect; /* any detector is on */
    bool trap_armed;
    uint64_t spare_taken[ILV_POOL_MAX / 64]; /* of the threads made ahead, bit a thread */
    uint16_t order[ILV_MAX_TASKS];           /* live tasks, by path */
    uint32_t bucket[ILV_BUCKETS];            /* first object in each list */
    struct task task[ILV_MAX_TASKS];
    struct object object[ILV_MAX_OBJECTS];
};
extern struct world ilv__world ILV_HIDDEN;

/* The byte by which the kernel is told whether system calls are trapped (trap.c). */
enum { ILV_SELECT_ALLOW = 0, ILV_SELECT_BLOCK = 1 };

/* The task of this thread; NULL for threads that the runtime does not know. */
extern ILV_TLS struct task *ilv__self ILV_HIDDEN;

/* Whether this call is to be modelled: the program is under the sandbox, the thread is a task,
 * and it is not the runtime itself that calls. Every door asks this first. */
static inline bool ilv__managed(void)
{
    return ilv_likely(ilv__self != NULL) && !ilv__self->in_call;
}

/* ---- intercept/: doors --------------------------------------------------------------------- */

/* The real functions behind the doors, by name: ilv__real()->pthread_mutex_lock(m). Looked up
 * once with their exact versions. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a parameter list is one already */
struct real {
#define DOOR(type, name, version, parameters) type(*name) parameters;
#define DOOR2(type, name, version, older, parameters) type(*name) parameters;
#include "intercept/doors.def"
#undef DOOR
#undef DOOR2
};
/* NOLINTEND(bugprone-macro-parentheses) */
extern struct real ilv__real_table ILV_HIDDEN;
extern bool ilv__real_ready ILV_HIDDEN;
void ilv__real_resolve(void);
static inline const struct real *ilv__real(void)
{
    if (ilv_unlikely(!ilv__real_ready))
        ilv__real_resolve();
    return &ilv__real_table;
}

/* A door that models a call is bracketed by these: inside, libc functions and system calls that
 * the runtime makes itself pass untouched. */
static inline void ilv__enter(void)
{
    ilv__self->in_call = true;
    *ilv__self->selector = ILV_SELECT_ALLOW;
}
/* A cancellation ended the call: does not return. */
void ilv__leave_call(void);
static inline void ilv__exit(void)
{
    ilv__self->in_call = false;
    *ilv__self->selector = ilv__world.trap_armed ? ILV_SELECT_BLOCK : ILV_SELECT_ALLOW;
    if (ilv_unlikely(ilv__self->cancelling))
        ilv__leave_call();
}

/* ---- sched.c: the core -------------------------------------------------------------------- */

/*
 * Publishes what the running task is about to do and returns when it was chosen to go on. Any
 * number of other tasks may have run in between. The operation is then possible (ILV_GO), or
 * the outcome says why not. The caller carries it out and calls ilv__done() exactly once.
 * interruptible must be set before in task->interruptible (default ILV_NEVER, reset by done).
 */
enum outcome ilv__point(const struct ilv_op *op, possible_fn *possible);

/* Closes the step: result is 0 or a positive error number, value what the story may want.
 * Feeds strategy, detectors, fingerprint and trace. */
void ilv__done(int result, uint64_t value);

/* As ilv__point() followed by ilv__done() for what always is possible and never fails. */
void ilv__simple(unsigned kind, uint32_t object, uint64_t value);
/* Fairness (step.c): whether t is to let another one go on that could and has rested for long;
 * t waits for nobody any more. */
bool ilv__owes_a_step(const struct task *t);
void ilv__clear_yield(struct task *t);

/* The state of an object changed: tasks whose published operation names it are looked at again. */
void ilv__changed(uint32_t object);

/* A blocked task waits on another object from now on (a futex that was requeued). */
void ilv__move_waiter(struct task *t, uint32_t object);

/* Of several tasks (indices in path order, n >= 1), the strategy says which one is woken. */
uint32_t ilv__choose_waiter(const uint16_t *tasks, uint32_t n);

/* The running task is gone: hands over to somebody else and never comes back (fiber), or
 * returns so that the thread can end (baton). */
void ilv__leave(void);

/* The time a call with this relative or absolute limit has, as a virtual deadline for an op.
 * Returns 0, or EINVAL for nanoseconds out of range. A passed deadline is a valid one. */
int ilv__deadline(clockid_t clock, const struct timespec *absolute, uint64_t *deadline);

/* Builds an operation. */
static inline struct ilv_op ilv__op(unsigned kind, uint32_t object)
{
    return (struct ilv_op){.kind = (uint16_t)kind, .object = object};
}

/* ---- registry.c: objects ------------------------------------------------------------------ */

/* The object of this class at this address, or 0. Objects that were destroyed count, objects
 * that are gone do not. */
uint32_t ilv__object_find(unsigned cls, const void *address);

/* A new object of this class; ends the run as limited when the table is full. One that stands
 * at the same address is gone with this. */
uint32_t ilv__object_make(unsigned cls, const void *address, size_t size);

/* The program's own name for whatever object stands at this address, now or later. */
void ilv__object_name_set(const void *address, const char *name);

/* All objects in the range are gone: free, munmap, a stack that ends. */
void ilv__objects_gone(const void *start, size_t size);

static inline struct object *ilv__object(uint32_t index)
{
    return &ilv__world.object[index];
}
static inline struct ilv_object_info *ilv__object_info(uint32_t index)
{
    return &ilv__world.run->object[index];
}

/*
 * The stamp: what the runtime writes into an object's own bytes, so that it is found without a
 * search, and so that memory that was reused (all zero, or a static initialiser) is known to be
 * a new object. 8 bytes: ILV_STAMP_MAGIC and the index.
 */
#define ILV_STAMP_MAGIC UINT32_C(0x564c49a7)
struct stamp {
    uint32_t magic;
    uint32_t index;
};
static inline uint32_t ilv__stamped(const struct stamp *stamp, unsigned cls, const void *address)
{
    if (stamp->magic != ILV_STAMP_MAGIC || stamp->index >= ilv__world.run->object_count)
        return 0;
    const struct ilv_object_info *info = ilv__object_info(stamp->index);
    bool same = info->cls == cls && info->address == (uint64_t)(uintptr_t)address &&
                info->state != ILV_OBJECT_GONE;
    return same ? stamp->index : 0;
}

/* ---- tasks.c ------------------------------------------------------------------------------ */

struct task *ilv__task_make(struct task *parent); /* its entry in all tables, not yet live */
void ilv__task_live(struct task *t);              /* into the order of candidates */
struct task *ilv__task_of(pthread_t handle);      /* live or not yet joined; NULL if none */
void ilv__task_end(struct task *t);               /* its last step */

/* ---- objects/: what the core asks of models ------------------------------------------------ */

/* Cancellation is chosen as a signal would be, with this number. */
#define ILV_CANCEL_SIGNAL 32u
/* The signal that t could take now (not blocked, with a handler or deadly), or 0. */
unsigned ilv__signal_next(const struct task *t);
/* Whether a signal with a handler, or a deadly one, is pending or may still be sent to t. */
bool ilv__signal_may_come(const struct task *t);
/* Runs the handlers of t->signal on the running task t; whether its wait ends with EINTR. */
bool ilv__signal_interrupts(struct task *t);
/* Whether a cancellation that was asked for reaches t at its published operation. */
bool ilv__cancel_reaches(const struct task *t);
/* Timers whose time has come send their signals. */
void ilv__timers_run(void);
/* The signals, bit n-1, of timers that expire at this time or before. */
uint64_t ilv__timers_signals(uint64_t until);
/* Whether t sleeps on a condition and nobody has woken it yet. */
bool ilv__cond_spurious_possible(const struct task *t);
/* All tasks wait. If some wait on the outside (a descriptor whose peer is not in this program),
 * waits for real, at most until the virtual deadline, and returns true when something changed
 * (the clock may have advanced); false if nobody waits on the outside. */
bool ilv__outside_wait(uint64_t deadline);

/* A new task has its creator's signal mask. */
void ilv__signal_inherit(struct task *child, const struct task *parent);
/* The world of a run begins: standard input, output, descriptors (objects/world.c). */
void ilv__world_begin(void);
/* ... what can be made ready for all runs, in the server. */
void ilv__world_prepare(void);
/* The trap (trap.c): armed in the process of each run, and in each of its threads. */
void ilv__trap_arm(void);
void ilv__trap_prepare(void); /* once, in the server */
void ilv__trap_arm_thread(void);
/* Virtual identity: the process, and a task (of the first thread: the same). */
int ilv__virtual_pid(void);
int ilv__virtual_tid(const struct task *t);

/* ---- record.c ----------------------------------------------------------------------------- */

extern void *const ilv__strategy_state ILV_HIDDEN;
extern struct ilv_fingerprint *const ilv__fingerprint ILV_HIDDEN;
void ilv__record_prepare(void); /* in the server, before each run */
void ilv__record_begin(void);
/* The candidates of the point at which a replay could not go on. */
ILV_NORETURN void ilv__diverged(const struct ilv_candidate *candidate, uint32_t n);
void ilv__record_step(const struct ilv_step *step);
void ilv__record_choice(const struct ilv_candidate *candidate);
uint32_t ilv__record_site(void); /* the stack of the caller of the door; 0 unless recording */
/* ... from the frame with this address on, which is the first one shown. */
uint32_t ilv__record_site_from(uint64_t address);
/* A stack that is known already: return addresses, innermost first, NULL ends it. 0 unless
 * recording. */
uint32_t ilv__record_stack(void *const *address, size_t size);
/* The module and offset of an address (ilv_frame), 0 if it lies in no module. */
uint64_t ilv__frame_of(uint64_t address);
void ilv__output(const void *bytes, size_t size);
bool ilv__own_text(uint64_t address);   /* within the runtime's own code */
extern int ilv__real_stderr ILV_HIDDEN; /* the explorer's, kept for broken invariants */

/* ---- judge.c: detectors, and how a run ends ------------------------------------------------ */

void ilv__judge_prepare(void); /* once, in the server */
void ilv__judge_step(const struct ilv_step *step);
void ilv__judge_block(const struct task *t);
/* Hands in a finding of the runtime itself. Errors and limits end the run: does not return. */
void ilv__report(unsigned verdict, unsigned kind, int value, const char *text);
/* Hands in a finding that was put together elsewhere; otherwise as above. */
void ilv__judge_finding(const struct ilv_finding *finding);
/* ... while the run ends already: never ends it. */
void ilv__judge_hand_in(const struct ilv_finding *finding);
/* Synchronisation is told to this engine. */
struct ilv_race;
void ilv__judge_watch_races(struct ilv_race *race);
/* Hands in a data race on the object. An error ends the run. */
struct ilv_race_pair;
void ilv__judge_race(const struct ilv_race_pair *pair, uint32_t object);
/* The finding that the run is about so far, or NULL. */
const struct ilv_finding *ilv__judge_worst(void);
/* Ends the run here and now: detectors, summary, process. */
ILV_NORETURN void ilv__end_run(enum ilv_end how, int value);
/* The run met something that the tool cannot do: what, such as "fork" or "too many tasks". */
ILV_NORETURN void ilv__limited(const char *what);
/* A broken invariant of ours. */
ILV_NORETURN void ilv__bug(const char *sentence);
#define ILV_ASSERT(condition) (ilv_likely(condition) ? (void)0 : ilv__bug(__FILE__ ": " #condition))

/* ---- backends ----------------------------------------------------------------------------- */

/*
 * How tasks run and hand over. Both give the same schedules, traces and findings.
 */
struct backend {
    /* Makes the thread of t with these attributes (may be NULL). Returns 0 or an error number;
     * then t will begin in ilv__task_main() when it is first switched to. */
    int (*create)(struct task *t, const pthread_attr_t *attributes);
    /* Lets `to` go on and returns when somebody switches to `from`. */
    void (*hand_over)(struct task *from, struct task *to);
    /* As above, for a task that has ended: from never goes on as a task. May not return. */
    void (*leave)(struct task *from, struct task *to);
    /* In the server, before a run is forked: threads made ahead. NULL if none. */
    void (*prepare)(void);
    /* In the fresh process of a run. NULL if nothing. */
    void (*begin_run)(void);
    /* The thread of an ended task, joined by nobody else: releases its stack. Returns its
     * result. */
    void *(*reap)(struct task *t);
};
extern const struct backend ilv__fiber ILV_HIDDEN, ilv__baton ILV_HIDDEN;
extern const struct backend *ilv__backend ILV_HIDDEN;

/* Where every task begins, on its own stack, when it is first switched to. */
void *ilv__task_main(void *task);

/* ---- start.c, modules.c ------------------------------------------------------------------- */

/* The first task's thread is this one: its end is noticed too. */
void ilv__thread_begin_main(struct task *t);
/* A thread is made before the start: where that cannot be, the explorer is told. */
void ilv__thread_before_start(void);
/* Fills the table of modules anew; refresh: if the program has loaded or unloaded one since. */
void ilv__modules_note(void);
void ilv__modules_refresh(void);
/* The module in which this address lies, 1 + index, and where in it; 0 if in none. */
uint32_t ilv__module_of(uint64_t address, uint64_t *offset);

/* A system call that passes the trap. Returns the value or -errno. */
long ilv__syscall_raw(long number, long a, long b, long c, long d, long e, long f);

#endif
