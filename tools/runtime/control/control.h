/* SPDX-License-Identifier: MIT */
/*
 * control.h: the one interface between the explorer and the runtime inside the program.
 *
 * The explorer makes one block of shared memory (memfd) and one pair of pipes a worker, starts
 * the program with libinterleave.so preloaded and says where they are in the environment
 * variable ILV_CONTROL_VARIABLE ("<version>:<block fd>:<command fd>:<answer fd>"). The runtime
 * removes the variable and its own name from LD_PRELOAD before main, and moves the descriptors
 * out of the program's way.
 *
 * The program stops at the entry of main (or where the configuration says) and becomes a fork
 * server: it writes one `struct ilv_answer` (READY), then for every `struct ilv_command` read
 * (RUN) it forks once for each of the batch's plans, in order, fills in the summaries, and
 * answers (DONE). End of file on the command pipe ends it. A batch stops early after a run that
 * found an error. Everything else lies in the block; while a batch runs the explorer may read
 * `progress` and set `stop`, nothing more.
 *
 * Everything in the block is an index or an offset, never a pointer. The explorer checks sizes
 * and indices that it reads: a broken program may have written anywhere.
 */
#ifndef ILV_CONTROL_H
#define ILV_CONTROL_H

#include "detector.h"
#include "location.h"
#include "strategy.h"
#include "trace.h"

#define ILV_CONTROL_VERSION 3u
#define ILV_CONTROL_MAGIC UINT64_C(0x45564c5245544e49)
#define ILV_CONTROL_VARIABLE "ILV_CONTROL"
/* LD_BIND_NOW is set to this unless the user has set it: symbols are looked up once, not in
 * every run. The runtime takes it out of the program's environment again. */
#define ILV_BIND_NOW "interleave"
/* GOMP_SPINCOUNT likewise: where one task runs at a time, waiting by spinning never helps. */
#define ILV_SPIN_COUNT "00"
/* TSAN_OPTIONS and ASAN_OPTIONS begin with these, the user's follow and win. Crashes and
 * deadlocks are found by us, exit statuses are the program's, and what is left at the end of a
 * run is no leak: most runs do not come to it. The runtime takes them out again. */
#define ILV_SANITIZER_OPTIONS                                                                  \
    "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:exitcode=0:" \
    "detect_deadlocks=0:detect_leaks=0"
#define ILV_ASAN_OPTIONS ILV_SANITIZER_OPTIONS

#define ILV_MAX_OBJECTS 16384u
#define ILV_MAX_MODULES 256u
#define ILV_MAX_FINDINGS 128u
#define ILV_MAX_CHOICES (1u << 18) /* records; a run with more is limited */
#define ILV_MAX_TRACE (1u << 20)   /* steps kept of a full trace; cut after that */
#define ILV_MAX_SITES (1u << 14)
#define ILV_MAX_BATCH 256u
#define ILV_MAX_PLACES 4096u   /* that are points from the start of a run */
#define ILV_RUN_PLACES 64u     /* new ones that are learnt of a run at most */
#define ILV_OUTPUT_HALF 65536u /* bytes of output kept from the head and from the tail */

enum ilv_backend { ILV_BACKEND_AUTO, ILV_BACKEND_FIBER, ILV_BACKEND_BATON };
enum ilv_clock_mode { ILV_CLOCK_FREE, ILV_CLOCK_IDLE };
enum ilv_trap { ILV_TRAP_AUTO, ILV_TRAP_DISPATCH, ILV_TRAP_SECCOMP, ILV_TRAP_OFF };

/* Which accesses of instrumented code are points. */
enum ilv_points {
    ILV_POINTS_LEARNT, /* those to words that tasks contend for */
    ILV_POINTS_ALL,    /* all that are made while there are several tasks */
    ILV_POINTS_CODE    /* all that the code of ilv_block.code makes, and no others */
};

/* A range of code: each an ilv_frame(). */
struct ilv_code {
    uint64_t from;
    uint64_t to; /* the first address behind it */
};
#define ILV_MAX_CODE 16384u

/* A sanitizer's own runtime in the program. The numbers are those of ilv_access_module.real. */
enum ilv_sanitizer { ILV_SANITIZER_NONE, ILV_SANITIZER_THREAD, ILV_SANITIZER_ADDRESS };

/* What becomes of the reports of a sanitizer that the program carries. */
enum ilv_reports {
    ILV_REPORTS_FIND,   /* findings, which end the run */
    ILV_REPORTS_ALLOW,  /* nothing */
    ILV_REPORTS_COMPARE /* a finding if at the end of the run the race detector says otherwise */
};

static inline const char *ilv_tsan_options(unsigned reports)
{
    static const char *const options[] = {
        [ILV_REPORTS_FIND] = ILV_SANITIZER_OPTIONS ":atexit_sleep_ms=0",
        [ILV_REPORTS_ALLOW] = ILV_SANITIZER_OPTIONS ":atexit_sleep_ms=0:report_bugs=0",
        [ILV_REPORTS_COMPARE] = ILV_SANITIZER_OPTIONS
        ":atexit_sleep_ms=0:suppress_equal_stacks=0:suppress_equal_addresses=0",
    };
    return options[reports < sizeof options / sizeof *options ? reports : ILV_REPORTS_FIND];
}

/* Where the program stops and becomes a fork server. */
enum ilv_start {
    ILV_START_MAIN,         /* the entry of main */
    ILV_START_CONSTRUCTORS, /* before the program's constructors */
    ILV_START_SYMBOL        /* at the first call of start_symbol; "ilv_start": of ilv_start() */
};

/* Set by the explorer before the program is started; constant after that. */
struct ilv_config {
    uint16_t backend;    /* enum ilv_backend */
    uint16_t trap;       /* enum ilv_trap */
    uint16_t start;      /* enum ilv_start */
    uint16_t cpus;       /* that the program sees */
    uint32_t detectors;  /* bit i: detector i runs */
    int32_t stdin_fd;    /* opened anew for every run from here; -1: /dev/null */
    uint16_t points;     /* enum ilv_points */
    uint16_t reports;    /* enum ilv_reports */
    int32_t allow_races; /* 1: data races are no findings, and runs go on */
    int32_t fresh_dir;   /* 1: run_dir below is a fresh copy for every run: chdir there */
    char start_symbol[128];
    char run_dir[ILV_PATH_MAX]; /* with fresh_dir: "<dir>/<run>" is where run i works; made by
                                  * the server as a copy of source_dir and removed after the
                                  * run unless keep_dir */
    char source_dir[ILV_PATH_MAX];
    char check[1024]; /* --check: run by the server through sh -c after each run in its directory;
                       * "" for none */
};

/* The result of one run, small: what the explorer learns from. */
struct ilv_summary {
    uint32_t run;
    uint16_t end;      /* enum ilv_end */
    uint16_t findings; /* entries of the findings table (in the block: of the last run) */
    uint16_t verdict;  /* of the first finding of class ERROR, else LIMIT, else the first */
    uint16_t kind;
    int32_t value; /* exit status or signal */
    uint32_t steps;
    uint32_t choices; /* counted singly */
    uint32_t preemptions;
    uint32_t tasks;
    uint64_t fingerprint;
    uint64_t trace_hash; /* over all steps in order, canonical */
    uint64_t output_hash;
    uint64_t output_size;
    uint64_t notes; /* bit v: a finding with verdict v */
};
_Static_assert(sizeof(struct ilv_summary) == 72, "ilv_summary is part of the control interface");

struct ilv_command {
    uint32_t what; /* enum ilv_command_what */
    uint32_t count;
};
enum ilv_command_what { ILV_COMMAND_RUN = 1 };

struct ilv_answer {
    uint32_t what;  /* enum ilv_answer_what */
    uint32_t value; /* DONE: summaries filled in */
};
enum ilv_answer_what {
    ILV_ANSWER_READY = 1,
    ILV_ANSWER_DONE = 2,
    ILV_ANSWER_RESTART = 3,   /* a constructor makes tasks: start again with START_CONSTRUCTORS */
    ILV_ANSWER_EARLY_END = 4, /* the program ended before the place where it was to stop */
    ILV_ANSWER_NO_SYMBOL = 5, /* the program has no function start_symbol */
    ILV_ANSWER_LIBRARY = 6,   /* a library makes tasks before the program's constructors */
    ILV_ANSWER_THREADS = 7    /* there are threads at the start, which only fibers can carry */
};

/* Progress of the run under way, for the explorer's watchdog. */
struct ilv_progress {
    uint32_t points; /* counts up at every point, wraps */
    int32_t pid;     /* process of the run, 0 between runs */
    uint32_t run;
    uint32_t stop;    /* set by the explorer: end the batch after this run */
    uint32_t runaway; /* enum ilv_runaway: set by the explorer before it kills the run */
    uint32_t task;    /* index of the task that runs now */
};

/* Why the explorer killed a run. The server reports such a run as ILV_END_LIMIT; the explorer
 * knows the sentence and completes the finding. The server sets runaway to 0 before each run. */
enum ilv_runaway {
    ILV_RUNAWAY_NONE,
    ILV_RUNAWAY_SPINS,  /* burns CPU and comes to no point */
    ILV_RUNAWAY_BLOCKED /* blocked in the kernel in something that is not modelled */
};

/* The output of the last run, both streams together in order. */
struct ilv_output {
    uint64_t size; /* all bytes written */
    uint64_t hash; /* 64-bit FNV-1a of all bytes */
    char head[ILV_OUTPUT_HALF];
    char tail[ILV_OUTPUT_HALF]; /* a ring: byte i of the output lies at i % ILV_OUTPUT_HALF */
};

/* A thread that a run made: what the pool of later runs is filled with. */
struct ilv_thread_want {
    uint64_t stack;
    uint64_t guard;
    uint32_t special; /* 1: more than sizes was asked for */
    uint32_t unused;
};
#define ILV_MAX_WANTS 256u

/* Words of memory that tasks contend for (objects/memory.c): those that a run met and that were
 * not known before, in the order in which it met them. */
struct ilv_met {
    uint32_t count;
    uint32_t unused;
    struct ilv_location place[ILV_RUN_PLACES];
};

/* Names that the program gave (ilv_name), terminated. */
#define ILV_MAX_NAMES 256u
#define ILV_NAME_SIZE 32u

/* What a run leaves behind. Written by the runtime; the tables of the last run stay. Each page of
 * it that a run writes costs the run a fault: what every run writes comes first. */
struct ilv_run {
    uint32_t task_count;
    uint32_t object_count; /* entry 0 is none */
    uint32_t step_count;
    uint32_t trace_count;  /* records kept (ILV_BLOCKED ones included) */
    uint32_t trace_cut;    /* 1: there were more */
    uint32_t choice_count; /* records */
    uint32_t finding_count;
    uint32_t module_count;
    uint32_t site_count;  /* entry 0 is unknown */
    uint32_t diverged_at; /* replay: record of the list that did not match */
    uint32_t diverged_within;
    uint32_t diverged_task; /* ... and what was there instead */
    uint32_t backend;       /* enum ilv_backend that was used */
    uint32_t trap;          /* enum ilv_trap that was used */
    uint32_t complete;      /* 1: the run ended by itself and wrote its summary */
    uint32_t want_count;
    uint32_t name_count;
    uint32_t instrumented; /* 1: a module announces its accesses to memory (set in the server) */
    uint32_t sanitizer;    /* enum ilv_sanitizer that the program carries */
    uint32_t passed;       /* findings of class ERROR, the first ones, that the run went on after as
                            * the plan said, and that the explorer knows already */
    uint64_t time;         /* virtual nanoseconds */
    struct ilv_ending ending;
    struct ilv_summary summary; /* if complete: the server adds the output and hands it on */
    struct ilv_task_info task[ILV_MAX_TASKS];
    struct ilv_object_info object[ILV_MAX_OBJECTS];
    struct ilv_choice choice[ILV_MAX_CHOICES];
    struct ilv_finding finding[ILV_MAX_FINDINGS];
    struct ilv_thread_want want[ILV_MAX_WANTS];
    char name[ILV_MAX_NAMES][ILV_NAME_SIZE];
    struct ilv_module module[ILV_MAX_MODULES];
    struct ilv_output output;
    struct ilv_site site[ILV_MAX_SITES];
    struct ilv_step trace[ILV_MAX_TRACE];
};

struct ilv_block {
    uint64_t magic;
    uint32_t version;
    uint32_t size_low; /* sizeof(struct ilv_block), for a check */
    struct ilv_config config;
    struct ilv_progress progress;
    struct ilv_run run;
    uint32_t batch_count;
    uint32_t replay_ids_count;
    struct ilv_plan plan[ILV_MAX_BATCH];
    struct ilv_summary summary[ILV_MAX_BATCH];
    uint64_t replay_ids[ILV_MAX_TASKS]; /* canonical ids that replay[].task indexes */
    struct ilv_choice replay[ILV_MAX_CHOICES];
    /* Of instrumented programs, constant during a batch. Accesses to points are points from the
     * start of each run; those to watches are recorded. */
    uint32_t point_count;
    uint32_t watch_count;
    uint32_t code_count;
    uint32_t unused;
    struct ilv_code code[ILV_MAX_CODE]; /* sorted, disjoint; set after READY */
    struct ilv_location point[ILV_MAX_PLACES];
    struct ilv_location watch[ILV_RUN_PLACES];
    struct ilv_met met[ILV_MAX_BATCH]; /* by run of the batch, as the summaries */
};

#endif
