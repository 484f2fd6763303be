/* SPDX-License-Identifier: MIT */
/*
 * trace.h: what a run is made of. The one vocabulary that the runtime (inside the program), the
 * strategies, the detectors and the explorer share.
 *
 * A run is a list of *steps*. A step is one *operation* carried out by one *task* on at most two
 * *objects*. Before an operation is carried out it is *published*; a task whose published
 * operation is not possible yet is blocked. Tables of tasks and objects belong to each run, and
 * records name their entries by index. Index 0 of both tables is "none" for objects and the
 * first task for tasks.
 *
 * All records have a fixed layout without pointers: they lie in memory shared between the
 * program and the explorer, and in files.
 */
#ifndef ILV_TRACE_H
#define ILV_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define ILV_TRACE_VERSION 1u

/* Operations, object classes, findings and kinds: the closed lists. */
enum ilv_event {
#define EVENT(NAME, word, cls, effect, effect2, gloss) ILV_EV_##NAME,
#include "events.def"
#undef EVENT
    ILV_EV_COUNT
};

enum ilv_class {
#define CLASS(NAME, word, letter, gloss) ILV_CLASS_##NAME,
#include "classes.def"
#undef CLASS
    ILV_CLASS_COUNT
};

enum ilv_verdict {
#define VERDICT(NAME, word, cls, gloss) ILV_VERDICT_##NAME,
#include "verdicts.def"
#undef VERDICT
    ILV_VERDICT_COUNT
};

enum ilv_kind {
#define KIND(NAME, word, verdict, gloss) ILV_KIND_##NAME,
#include "kinds.def"
#undef KIND
    ILV_KIND_COUNT
};

enum ilv_verdict_class { ILV_NOTE, ILV_UNSURE, ILV_ERROR, ILV_LIMIT };

/* How an operation touches an object; see events.def. */
enum ilv_effect {
    ILV_EFFECT_NONE,
    ILV_EFFECT_READ,
    ILV_EFFECT_ADD,
    ILV_EFFECT_WRITE,
    ILV_EFFECT_ALL
};

/* The rows of the tables. Never blocks; any value outside the list gives the row of NONE. */
struct ilv_event_row {
    const char *word;
    const char *gloss;
    uint8_t cls;     /* enum ilv_class of the first object */
    uint8_t effect;  /* enum ilv_effect on the first object */
    uint8_t effect2; /* ... on the second */
};
const struct ilv_event_row *ilv_event_row(unsigned event);
const char *ilv_class_word(unsigned cls);
const char *ilv_class_letter(unsigned cls);
const char *ilv_verdict_word(unsigned verdict);
const char *ilv_verdict_gloss(unsigned verdict);
enum ilv_verdict_class ilv_verdict_class(unsigned verdict);
const char *ilv_kind_word(unsigned kind);
const char *ilv_kind_gloss(unsigned kind);
/* The number of the entry with this word, or -1. */
int ilv_event_find(const char *word);
int ilv_verdict_find(const char *word);
int ilv_kind_find(const char *word);

/* Flags of operations and steps. */
enum {
    ILV_TIMED = 1u << 0,   /* the operation has a deadline */
    ILV_BLOCKED = 1u << 1, /* not a step: published and found impossible for now */
    ILV_EXPIRED = 1u << 2, /* the deadline passed and the operation gave up */
    ILV_EARLY = 1u << 3,   /* ... while other tasks could have gone on (--clock free) */
    ILV_SPURIOUS = 1u << 4,
    ILV_CHOICE = 1u << 5,  /* more than one thing could have happened here */
    ILV_PREEMPT = 1u << 6, /* the task that ran before could have gone on */
    ILV_HANDLER = 1u << 7, /* carried out inside a signal handler */
    ILV_OWNER_DIED = 1u << 8,
    ILV_RECURSIVE = 1u << 9,    /* the lock may be taken again by its holder (or: was) */
    ILV_SHARED = 1u << 10,      /* process-shared */
    ILV_INTERRUPTED = 1u << 11, /* a signal handler ended the wait (EINTR) */
    ILV_ERRORCHECK = 1u << 12,  /* objects: misuse is refused with an error */
    ILV_ROBUST = 1u << 13,      /* objects: the death of the owner is told */
    ILV_WITHIN = 1u << 14,      /* not a step: an access that was made within the step before */
    ILV_NO_STEP = ILV_BLOCKED | ILV_WITHIN
};

/*
 * What a task is about to do. object2 is the mutex of a condition wait, the other word of a
 * requeue, ...; 0 when there is none. deadline is virtual nanoseconds since the start of the
 * run, 0 without one. value is the operation's argument, by event: bytes to read or write,
 * signal number, units; of an access its offset in the object << 32 | its size. Milliseconds of a
 * poll are NOT here (they are the deadline).
 */
struct ilv_op {
    uint16_t kind;   /* enum ilv_event */
    uint16_t flags;  /* ILV_TIMED, ILV_SHARED, ILV_RECURSIVE */
    uint32_t object; /* index into the object table, 0 = none */
    uint32_t object2;
    uint32_t site; /* index into the table of call sites, 0 = unknown */
    uint64_t value;
    uint64_t deadline;
};
_Static_assert(sizeof(struct ilv_op) == 32, "ilv_op is part of the control interface");

/* An operation carried out; or, with ILV_BLOCKED, one that was published and has to wait. */
struct ilv_step {
    uint64_t time;   /* virtual nanoseconds since the start of the run */
    uint64_t value;  /* the operation's argument, or what it yielded; of an access what is in
                     * memory after it, its low 8 bytes */
    uint64_t before; /* of an access: what was in memory before it */
    int32_t result;  /* 0, or the error number that the call returns, positive */
    uint32_t object;
    uint32_t object2;
    uint32_t site;
    uint16_t kind; /* enum ilv_event */
    uint16_t task; /* index into the task table */
    uint16_t flags;
    uint16_t ready;  /* how many tasks could have gone on, this one included */
    uint32_t size;   /* of an access: bytes */
    uint32_t offset; /* ... and where in its object it begins */
};
_Static_assert(sizeof(struct ilv_step) == 56, "ilv_step is written to files");

/*
 * A task. id is the hash of its path and the same in every schedule; the index is the order of
 * creation in this run. Paths are written by ilv_task_path().
 */
struct ilv_task_info {
    uint64_t id;
    uint16_t index;
    uint16_t parent;  /* index of the creator; the first task is its own parent */
    uint16_t nth;     /* the how-manyth task that its creator made, from 1; 0 for the first */
    uint8_t process;  /* 1: made by fork (its path has a slash), 0: a thread */
    uint8_t state;    /* enum ilv_task_state */
    uint32_t steps;   /* steps it has made */
    uint32_t made_at; /* step of its creation */
    uint32_t site;    /* where it was created */
    uint16_t detached;
    uint16_t joined;
    char name[16];    /* as set by the program, else empty */
    struct ilv_op op; /* what it is about to do */
};
_Static_assert(sizeof(struct ilv_task_info) == 80, "ilv_task_info is written to files");

enum ilv_task_state { ILV_TASK_FREE, ILV_TASK_LIVE, ILV_TASK_ENDED };

/*
 * An object. Of class MEMORY and not in a module: creator and nth name the block of the heap, size
 * is the block's and offset says where in it (or, for a stack, how far below its top). id is the
 * same in every schedule: of the symbol's place for objects in a module's data, else of (class,
 * creator, nth). Names are written by ilv_object_name() without symbols; the reporters know better
 * ones.
 */
struct ilv_object_info {
    uint64_t id;
    uint64_t address;    /* of this run only: never shown; of a task, its index */
    uint32_t module;     /* 1 + index into the module table when in a module's data, else 0 */
    uint32_t nth;        /* the how-manyth of its class that its creator made, from 1 */
    uint64_t offset;     /* within the module */
    uint32_t site;       /* where it was made or first used */
    uint32_t made_at;    /* step */
    uint16_t creator;    /* task */
    uint8_t cls;         /* enum ilv_class */
    uint8_t state;       /* enum ilv_object_state */
    uint16_t flags;      /* ILV_RECURSIVE, ILV_SHARED; of MEMORY: enum ilv_location_kind */
    uint16_t size;       /* bytes */
    uint32_t generation; /* how many objects of its class stood at its place before it */
    uint32_t name;       /* 1 + index into the names that the program gave, 0 = none */
    int32_t from_sp; /* of MEMORY in a stack: how far behind the stack pointer of the function at */
    int32_t from_bp; /* ... the site it lies, and behind its register rbp; both 0: not known */
};
_Static_assert(sizeof(struct ilv_object_info) == 64, "ilv_object_info is written to files");

enum ilv_object_state { ILV_OBJECT_FREE, ILV_OBJECT_LIVE, ILV_OBJECT_DESTROYED, ILV_OBJECT_GONE };

/* The path of task t, such as T0.2.1 or T0/1: into out, always terminated, cut if too long.
 * tasks is the whole table. Returns out. Never blocks. */
char *ilv_task_path(const struct ilv_task_info *tasks, unsigned t, char *out, size_t size);

/* The id of the nth task (from 1) made by the task with the id parent; the first task's id is
 * ilv_task_root_id(). */
uint64_t ilv_task_root_id(void);
uint64_t ilv_task_child_id(uint64_t parent, unsigned nth, int process);
/* Reads a path such as T0.2/1 into the id it stands for. Returns 0, or -EINVAL. */
int ilv_task_id_of_path(const char *path, uint64_t *id);

/* The order in which candidates are offered: by path, parents first, siblings by number.
 * Returns <0, 0, >0. Bounded by the depth of the paths. */
int ilv_task_order(const struct ilv_task_info *tasks, unsigned a, unsigned b);

/* A name without symbols, such as M3 or M1@T0.2; a task's path. The indices in object must be
 * of the table. */
char *ilv_object_name(const struct ilv_task_info *tasks, const struct ilv_object_info *object,
                      char *out, size_t size);

/* One choice of a run: at a point where more than one thing could happen, this one did. Equal
 * choices in a row are one record with a count. */
enum ilv_how {
    ILV_HOW_RUN,      /* the task carries out its operation */
    ILV_HOW_EXPIRE,   /* the task's deadline passes now */
    ILV_HOW_SIGNAL,   /* the task runs a signal handler first */
    ILV_HOW_WAKE,     /* of several waiters, this task is the one that is woken */
    ILV_HOW_SPURIOUS, /* the task wakes without having been woken (--faults spurious) */
    ILV_HOW_COUNT
};
const char *ilv_how_word(unsigned how);
int ilv_how_find(const char *word);

struct ilv_choice {
    uint16_t task;   /* index into the run's (or the schedule's) task table */
    uint16_t how;    /* enum ilv_how */
    uint16_t kind;   /* operation that the task was about to do at the first of them */
    uint16_t signal; /* for ILV_HOW_SIGNAL: its number */
    uint32_t count;  /* how many in a row, from 1 */
    uint32_t nth;    /* steps that the task had made before the first of them */
};
_Static_assert(sizeof(struct ilv_choice) == 16, "ilv_choice is part of the control interface");

/* What was found. parts name the tasks and objects that it is about, in the order in which the
 * story tells them. */
enum ilv_role {
    ILV_ROLE_NONE,
    ILV_ROLE_WAITS,     /* task waits for object */
    ILV_ROLE_HOLDS,     /* task holds object, taken at step */
    ILV_ROLE_DID,       /* task did this at step */
    ILV_ROLE_SIGNALLED, /* task signalled object at step and nobody waited */
    ILV_ROLE_READ,      /* task read object (a place in memory) at step or within it */
    ILV_ROLE_WROTE,     /* ... wrote it */
    ILV_ROLE_FREED      /* ... gave its memory back */
};

struct ilv_part {
    uint16_t task;
    uint16_t role;   /* enum ilv_role */
    uint32_t object; /* 0 = none */
    uint32_t step;   /* number of the step, from 1; 0 = none (it never happened) */
    uint32_t site;
};
_Static_assert(sizeof(struct ilv_part) == 16, "ilv_part is written to files");

#define ILV_FINDING_PARTS 16

struct ilv_finding {
    uint16_t verdict; /* enum ilv_verdict */
    uint16_t kind;    /* enum ilv_kind */
    uint16_t task;    /* that was running */
    uint16_t parts_used;
    uint32_t step; /* number of the step after which it was found */
    int32_t value; /* exit status, signal, error number, by verdict */
    struct ilv_part part[ILV_FINDING_PARTS];
    char text[160]; /* what the tables cannot say: an assertion's text, a call's name */
};
_Static_assert(sizeof(struct ilv_finding) == 432, "ilv_finding is written to files");

/* A loaded object of the program: for names and lines. */
#define ILV_PATH_MAX 256
struct ilv_module {
    uint64_t base;
    uint64_t end;
    uint8_t build_id[20];
    uint32_t build_id_size;
    char path[ILV_PATH_MAX];
};

/* A place in a module, of code or of data, in one word; module as in ilv_object_info: 1 + index,
 * 0 = unknown. Offsets have 48 bits. */
#define ILV_FRAME_MODULE_SHIFT 48
#define ILV_FRAME_OFFSET_MASK ((UINT64_C(1) << ILV_FRAME_MODULE_SHIFT) - 1)

static inline uint64_t ilv_frame(uint32_t module, uint64_t offset)
{
    return (uint64_t)module << ILV_FRAME_MODULE_SHIFT | offset;
}

static inline uint32_t ilv_frame_module(uint64_t frame)
{
    return (uint32_t)(frame >> ILV_FRAME_MODULE_SHIFT);
}

static inline uint64_t ilv_frame_offset(uint64_t frame)
{
    return frame & ILV_FRAME_OFFSET_MASK;
}

/* A call site: the stack at an operation, innermost first, each entry an ilv_frame(). Only recorded
 * when the full trace is. */
#define ILV_SITE_DEPTH 16
struct ilv_site {
    uint64_t frame[ILV_SITE_DEPTH]; /* return addresses; 0 ends the list */
};

#endif
