/* SPDX-License-Identifier: MIT */
/*
 * internal.h: what the detectors share. Of this room only.
 *
 * What the detectors are fed, beyond events.def (all else in a step is theirs to ignore):
 *
 *  locks     A lock is taken by a LOCK, TRYLOCK, WRLOCK, ... step with result 0 or EOWNERDEAD, by
 *            COND_WAKE (its object2, whatever the result but ENOTRECOVERABLE), and by ONCE_BEGIN
 *            with value 1 (this task runs the initialiser). It is let go by an UNLOCK step with
 *            result 0 (of a mutex only when value, the times it is still held, is 0), by
 *            COND_WAIT with result 0 (object2, when value is 0 likewise) and by ONCE_END.
 *  refusals  A call that was refused is a step with the error number as its result: an unlock
 *            by a stranger of an errorcheck, recursive or robust mutex (ILV_ERRORCHECK,
 *            ILV_RECURSIVE, ILV_ROBUST in the object's flags) has EPERM.
 *  sleepers  A condition wait is COND_WAIT, then COND_WAKE; while the second is published its
 *            op.value is 1 when it is known that it only needs the mutex, else 0. COND_DESTROY
 *            is blocked as long as somebody sleeps there whom nobody has woken, BARRIER_DESTROY
 *            until all have left. The last to arrive at a barrier makes no BARRIER_LEAVE.
 *  signals   COND_SIGNAL and COND_BROADCAST: value is the number of sleepers that were woken.
 *  init      INIT steps name the new object, which never has the index of an older one. value is
 *            the index of the one that lay there before, if memory still said so, else 0.
 *  destroy   Only a step on memory that still is as the destruction left it names a destroyed
 *            object; where memory was reused there is a new object.
 *  channels  CHANNEL_OPEN has value 1 where both ends are this object (a pipe, not a socket).
 *  tasks     Objects of class TASK have the task's index as their address.
 *  before    Steps before the run began (constructors) are not fed. Locks that T0 took there have
 *            made_at 0 and were not seen taken: nothing is said of them.
 */
#ifndef ILV_DETECTORS_INTERNAL_H
#define ILV_DETECTORS_INTERNAL_H

#include "detector.h"

#define DETECTOR(identifier, name, gloss) \
    extern const struct ilv_detector ilv__detector_##identifier;
#include "detectors.def"
#undef DETECTOR

/* Error numbers that results are compared with; the same on every Linux. */
enum { ILV__EPERM = 1, ILV__EOWNERDEAD = 130, ILV__ENOTRECOVERABLE = 131 };

/* ---- finding.c ---------------------------------------------------------------------------- */

struct ilv_finding ilv__finding(const struct ilv_view *view, unsigned verdict, unsigned kind,
                                unsigned task);
/* Adds a part; false when the finding is full. */
bool ilv__part(struct ilv_finding *finding, unsigned role, unsigned task, uint32_t object,
               uint32_t step, uint32_t site);

/* ---- holds.c: who holds which lock ---------------------------------------------------------- */

/* Since when. */
struct ilv__taken {
    uint32_t step; /* number of the step that took it first */
    uint32_t site;
};

struct ilv__lock {
    struct ilv__taken taken; /* by the owner */
    uint32_t readers;        /* first entry of the list, 0 = none */
    uint16_t owner;          /* task + 1; 0: nobody has it for itself */
    uint16_t seen;           /* it was taken or made in this run */
};

struct ilv__reader {
    struct ilv__taken taken;
    uint32_t next;
    uint16_t task;
    uint16_t depth; /* times it was taken */
};

struct ilv__holds {
    struct ilv__lock *lock;     /* by object */
    struct ilv__reader *reader; /* entry 0 is none */
    uint32_t max_objects;
    uint32_t max_readers;
    uint32_t used;   /* entries of reader[] that have been used, 0 included */
    uint32_t unused; /* list of those that are free again */
    bool blind;      /* there were more readers than entries: some holders are not known */
};

size_t ilv__holds_size(uint32_t max_tasks, uint32_t max_objects);
/* memory: ilv__holds_size() bytes, zeroed, aligned to 16. */
void ilv__holds_begin(struct ilv__holds *holds, void *memory, uint32_t max_tasks,
                      uint32_t max_objects);
/* number: of the step, from 1. */
void ilv__holds_step(struct ilv__holds *holds, const struct ilv_step *step, uint32_t number);
/* The task that has it for itself, or -1. */
int ilv__owner(const struct ilv__holds *holds, uint32_t object);
/* Since when the task holds it in whatever way; NULL if it does not. */
const struct ilv__taken *ilv__held(const struct ilv__holds *holds, uint32_t object, unsigned task);
/* One of those who hold it for reading, a task other than `task` if there is one, or -1;
 * *count is how many there are. */
int ilv__a_reader(const struct ilv__holds *holds, uint32_t object, unsigned task, uint32_t *count);

/* ---- signals.c: signals that found no waiter ------------------------------------------------- */

/* A condition: its last signal or broadcast, and who sleeps there. */
struct ilv__signal {
    uint32_t step; /* 0: none yet */
    uint32_t site;
    uint16_t task;
    uint16_t unheard; /* nobody slept there */
    uint32_t asleep;  /* at most so many sleep there now; 0 is certain */
};

struct ilv__signals {
    struct ilv__signal *last; /* by object */
    uint32_t *slept_at;       /* by task: the step by which it went to sleep */
    uint32_t max_tasks;
    uint32_t max_objects;
};

size_t ilv__signals_size(uint32_t max_tasks, uint32_t max_objects);
void ilv__signals_begin(struct ilv__signals *signals, void *memory, uint32_t max_tasks,
                        uint32_t max_objects);
void ilv__signals_note(struct ilv__signals *signals, const struct ilv_step *step, uint32_t number);
/* Most steps are none of conditions. */
static inline void ilv__signals_step(struct ilv__signals *signals, const struct ilv_step *step,
                                     uint32_t number)
{
    if (step->kind >= ILV_EV_COND_INIT && step->kind <= ILV_EV_COND_BROADCAST) {
        ilv__signals_note(signals, step, number);
    }
}
/* Whether the operation, the second half of a condition wait, certainly needs only its mutex. */
bool ilv__woken(const struct ilv__signals *signals, const struct ilv_op *op);
/* Whether the task sleeps on a condition and certainly nobody has woken it. */
bool ilv__asleep(const struct ilv__signals *signals, const struct ilv_view *view, unsigned task);
/* The signal that the sleeping task missed: the last one of its condition, when it found nobody
 * and came before the task slept. NULL if there is no such signal. */
const struct ilv__signal *ilv__missed(const struct ilv__signals *signals,
                                      const struct ilv_view *view, unsigned task);

/*
 * Who reports a run that is stuck. Lost-wakeup does when some task missed a signal and none
 * waits for a lock (who waits for a lock may be what keeps the sleeper from being woken). The
 * deadlock detector reports cycles and owners that have ended always, and anything else only
 * when lost-wakeup does not: both ask this function. (A cycle of joins beside a missed signal are
 * two causes and two findings.)
 */
bool ilv__lost_wakeup_claims(const struct ilv__signals *signals, const struct ilv_view *view);

/* ---- waits.c: who could end a wait ----------------------------------------------------------- */

/* The lock that the operation waits for, or 0 when it is not known to wait for a lock. */
uint32_t ilv__lock_awaited(const struct ilv__signals *signals, const struct ilv_op *op);
/* The task that this operation joins, or -1. */
int ilv__joined(const struct ilv_view *view, const struct ilv_op *op);
/*
 * The only task that could end the wait of `task`, or -1 when it has a deadline, when it is not
 * known to wait, or when others could end it too. A writer that waits for several readers, and a
 * reader that waits behind a writer, have no such task, except with `any`, which names one.
 */
int ilv__ender(const struct ilv__holds *holds, const struct ilv__signals *signals,
               const struct ilv_view *view, unsigned task, bool any);

#endif
