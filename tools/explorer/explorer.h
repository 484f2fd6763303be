/* SPDX-License-Identifier: MIT */
/*
 * explorer.h: many runs of one program, looking for one that fails; and one run played back.
 *
 * The explorer starts the program with the runtime in it, has it run again and again, each time
 * by another plan, judges every run, and keeps the failing run with the lowest number. What it
 * finds it replays once more in a fresh process, so that a result can be trusted. It prints
 * nothing: progress is told to a callback, results lie in a struct.
 *
 *     struct ilv_world world;
 *     ilv_world_init(&world, argv);
 *     struct ilv_hunt hunt;
 *     ilv_hunt_init(&hunt, &world);
 *     struct ilv_hunt_result result;
 *     if (ilv_hunt(&hunt, &result, error, sizeof error))
 *         fail(error);
 *     if (result.end == ILV_HUNT_FOUND)
 *         ilv_schedule_save(&result.schedule, ".", stem, path, sizeof path);
 *     ilv_hunt_free(&result);
 *
 * Results depend on the world, the seed, the strategy and the number of runs; neither on the
 * number of workers nor on the machine's load. With a limit in seconds the number of runs that
 * were reached is in the result, and asking for that number gives the same again.
 *
 * While it works the process is a child subreaper, and at the end it has no child that it did
 * not have before. Not for two threads at once.
 */
#ifndef ILV_EXPLORER_H
#define ILV_EXPLORER_H

#include <signal.h>

#include "control.h"
#include "filter.h"
#include "schedule.h"
#include "target.h"
#include "world.h"

#define ILV_FINDING_TEXT 160 /* bytes of ilv_finding.text */

/* How programs are started and watched. All zero is the default. */
struct ilv_setup {
    const char *runtime;    /* the library to preload; NULL: $ILV_RUNTIME, else the one beside this
                             * executable; "": none, the program speaks for itself */
    double spin_seconds;    /* of CPU without a point: the run is killed; 0: the world's */
    double blocked_seconds; /* asleep in the kernel without a point: the run is killed; 0: 10 */
    double start_seconds;   /* of CPU before the start is reached; 0: 30 */
    const volatile sig_atomic_t *interrupted; /* becomes non-zero: end soon. NULL: never */
};

/* Told now and then while a hunt works, at most every 50 ms. */
struct ilv_progress_report {
    uint32_t runs; /* carried out so far */
    uint32_t budget;
    uint32_t behaviours; /* of the finished rounds */
    uint32_t limited;
    double seconds; /* since the hunt began */
};

/* What to hunt. */
struct ilv_hunt {
    const struct ilv_world *world;
    struct ilv_setup setup;
    struct ilv_filter filter;
    int strategy;                     /* enum ilv_strategy_id, -1: the default portfolio */
    struct ilv_parameters parameters; /* of the strategy */
    uint64_t seed;
    uint32_t runs;    /* budget, at least 1 */
    double seconds;   /* budget of real time, 0: none */
    uint32_t workers; /* at least 1; worker w is pinned to the w-th CPU, from where we are */
    void (*progress)(const struct ilv_progress_report *report, void *context); /* or NULL */
    void *context;
};

enum ilv_hunt_end {
    ILV_HUNT_CLEAN,       /* no failure */
    ILV_HUNT_FOUND,       /* a failure, confirmed by a replay */
    ILV_HUNT_UNCONFIRMED, /* a failure that did not replay */
    ILV_HUNT_LIMITED,     /* no failure, and some runs could not be judged */
    ILV_HUNT_INTERRUPTED  /* ended from outside, nothing found until then */
};

/* What came of it. */
struct ilv_hunt_result {
    enum ilv_hunt_end end;
    uint32_t runs;       /* judged: numbers 0 to runs - 1, the failing one included */
    uint32_t behaviours; /* distinct ones among them */
    uint32_t tasks;      /* most in a run */
    uint32_t limited;    /* runs that could not be judged */
    char limited_text[ILV_FINDING_TEXT]; /* why, of the first of them */
    uint32_t noted[ILV_VERDICT_COUNT];   /* runs with such a finding */
    bool instrumented;                   /* a module announces its accesses to memory */
    bool out_of_time;                    /* the limit in seconds ended it */
    uint16_t backend;                    /* that was used, enum ilv_backend */
    uint16_t trap;                       /* that was used, enum ilv_trap */
    uint16_t sanitizer;                  /* in the program, enum ilv_sanitizer */
    /* Of the failure, for FOUND and UNCONFIRMED: */
    struct ilv_summary summary;   /* of the failing run */
    struct ilv_finding finding;   /* what failed: indices into run's tables */
    struct ilv_schedule schedule; /* by which it is replayed */
    struct ilv_run *run;          /* the replayed run with its trace; NULL: none was made */
    char why[512];                /* UNCONFIRMED: what was different */
};

/* The defaults: 10,000 runs or 60 s, one worker, seed 1, the portfolio. Never fails. */
void ilv_hunt_init(struct ilv_hunt *hunt, const struct ilv_world *world);

/*
 * Hunts. Runs do not end at data races, nor at reports of a sanitizer, when the filter says that
 * they do not fail: they go on, as with the options `races=allow` and `sanitizer=allow` of the
 * world, and the schedule names these. Blocks until the budget is used up, a failure was found or
 * it is interrupted. Returns 0 with the result filled in (free it with ilv_hunt_free()), or -errno
 * with one line in error: -EINVAL for a useless request, the errors of ilv_target_check(),
 * -ENOEXEC for a program that does not come to its start, -EINTR when interrupted before the
 * first run.
 */
int ilv_hunt(const struct ilv_hunt *hunt, struct ilv_hunt_result *result, char *error, size_t size);

/* Frees what a result owns. */
void ilv_hunt_free(struct ilv_hunt_result *result);

enum ilv_replay_end {
    ILV_REPLAY_SAME,    /* failed again as recorded */
    ILV_REPLAY_OTHER,   /* followed the schedule to the end, and ended otherwise */
    ILV_REPLAY_DIVERGED /* the program did not follow the schedule, or was stopped */
};

struct ilv_replay_result {
    enum ilv_replay_end end;
    struct ilv_summary summary;
    struct ilv_finding finding; /* verdict NONE if the run ended without one */
    struct ilv_run *run;        /* with the full trace */
    uint32_t replays;           /* carried out; what is said above is of the first of them */
    char why[512];              /* OTHER, DIVERGED: what was different, one line */
};

/*
 * Plays a schedule back in the world that it names, in the current directory. backend and trap
 * say which to use: schedules do not name them. Returns 0 with the result filled in (free it with
 * ilv_replay_free()), or -errno with one line in error: as ilv_hunt(), and -ESTALE when the
 * program is not the build that the schedule was made with.
 */
int ilv_replay(const struct ilv_schedule *schedule, const char *name, const struct ilv_setup *setup,
               unsigned backend, unsigned trap, struct ilv_replay_result *result, char *error,
               size_t size);

/*
 * The same so many times, at least once, in a few fresh starts of the program; ends at the first
 * replay that is not like the first one in every step (task, operation, objects, result, place,
 * virtual time), choice, finding, name and byte of output: its end is then not SAME, and why says
 * which replay it was and what was different.
 */
int ilv_replay_times(const struct ilv_schedule *schedule, const char *name,
                     const struct ilv_setup *setup, unsigned backend, unsigned trap, uint32_t times,
                     struct ilv_replay_result *result, char *error, size_t size);

/*
 * Plays a schedule back under gdb, on the terminal of the caller, with every task a thread (the
 * baton backend), and stops where the run ends: at the failing step. Blocks until gdb ends; what
 * was found is what the user saw. Returns 0 or -errno with one line in error, as ilv_replay().
 */
int ilv_debug(const struct ilv_schedule *schedule, const char *name, const struct ilv_setup *setup,
              char *error, size_t size);

/* Frees what a result owns. */
void ilv_replay_free(struct ilv_replay_result *result);

#endif
