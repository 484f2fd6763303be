/* SPDX-License-Identifier: MIT */
/*
 * internal.h: the explorer's own, shared by its files.
 *
 * A *server* is one program under test with its control block: started, stopped at its start,
 * told to carry out batches of runs. A *watch* looks at the run that a server has under way and
 * says when it has stopped coming to points.
 */
#ifndef ILV_EXPLORER_INTERNAL_H
#define ILV_EXPLORER_INTERNAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "explorer.h"

/* --- clock.c: real time and a process's CPU time, in seconds. */
double ilv__now(void);
/* CPU used by the process, or -1. */
double ilv__cpu_of(pid_t pid, pid_t *parent);
/* Whether any thread of the process runs, or would if it had a CPU. */
bool ilv__any_runs(pid_t pid);

/* --- reaper.c: nothing is left behind. */
/* Makes this process the reaper of orphans and ignores SIGPIPE until ilv__reaper_end(). */
struct ilv__reaper {
    pid_t *known; /* children that were there before: not ours */
    size_t known_count;
    struct sigaction pipe;
    int subreaper;
};
void ilv__reaper_begin(struct ilv__reaper *reaper);
/* Kills and collects every child that is not known, until there is none. */
void ilv__reaper_end(struct ilv__reaper *reaper);
/* Removes a directory and all in it; links are not followed. */
void ilv__remove_tree(const char *directory);

/* --- watchdog.c */
struct ilv__watch {
    uint32_t points;
    uint32_t run;
    pid_t pid;
    double cpu;  /* of pid when it last came to a point */
    double real; /* then */
    bool is_run; /* pid is a child of the server */
};
void ilv__watch_reset(struct ilv__watch *watch);
/* What is wrong with the run under way, or ILV_RUNAWAY_NONE. */
enum ilv_runaway ilv__watch_look(struct ilv__watch *watch, const struct ilv_progress *progress,
                                 pid_t server, const struct ilv_setup *setup);
/* The sentence for it: which task, and what to do. */
void ilv__watch_sentence(enum ilv_runaway what, const struct ilv_block *block, pid_t pid, char *out,
                         size_t size);

/* --- spawn.c and server.c */
struct ilv__server {
    const struct ilv_world *world;
    const struct ilv_setup *setup;
    const struct ilv_target *target;
    struct ilv_block *block;
    uint32_t cpu; /* the how-manyth of the allowed ones, from where the explorer is */
    pid_t pid;    /* leader of its process group, 0: not running */
    int command;  /* we write */
    int answer;   /* we read */
    int output;   /* what the program wrote before its start */
    struct ilv__watch watch;
    enum ilv_runaway killed; /* the run under way was killed for this */
    uint32_t killed_run;
    char killed_text[ILV_FINDING_TEXT];
    char directory[ILV_PATH_MAX]; /* of fresh directories, "" if none */
    bool debugged;                /* gdb is started instead, in our group and on our terminal */
};
/* Makes block, pipes and directory, and starts the program. After an error ilv__server_stop()
 * cleans up. */
int ilv__spawn(struct ilv__server *server, enum ilv_start start, char *error, size_t size);
/* Closes a descriptor unless it is -1, and makes it -1. */
void ilv__close(int *fd);
/* Starts the program and waits until it is ready. 0, or -errno with a line in error; after an
 * error there is nothing to stop. */
int ilv__server_start(struct ilv__server *server, const struct ilv_world *world,
                      const struct ilv_setup *setup, const struct ilv_target *target, uint32_t cpu,
                      char *error, size_t size);
/* Tells it to carry out the first count plans of the block. 0 or -errno: it has died. */
int ilv__server_run(struct ilv__server *server, uint32_t count);
/* Looks after the run under way: call it several times a second while waiting. */
void ilv__server_watch(struct ilv__server *server);
/* Reads the answer to ilv__server_run(), which must be there: how many runs were made, or -EPIPE
 * if the server has died. */
int ilv__server_answer(struct ilv__server *server);
/* Waits for it, watching: like ilv__server_answer(), or -EINTR. */
int ilv__server_wait(struct ilv__server *server);
/* Kills it and all in its group, removes what it left. A stopped server may be stopped again. */
void ilv__server_stop(struct ilv__server *server);

/* --- debug.c */
/* Becomes gdb with the program as its inferior; environment is the one that the program would
 * get. Returns with errno set if there is no gdb. In the child of ilv__spawn() only. */
void ilv__exec_debugger(const struct ilv__server *server, char **environment);

/* --- run.c: copies of what a run left behind, every count and index brought into range. */
struct ilv_run *ilv__run_new(void);
void ilv__run_free(struct ilv_run *run);
void ilv__run_copy(struct ilv_run *to, const struct ilv_run *from);

/* --- differ.c: whether two runs are the same but for addresses. If not, the first difference goes
 * to why, in words: "step 3 is T0.1 mutex-lock M2, and in the first T0.2 mutex-lock M1". Runs that
 * ilv__run_copy() made only. */
bool ilv__run_differs(const struct ilv_run *first, const struct ilv_run *other, char *why,
                      size_t size);

/* --- places.c: the words of memory that earlier rounds have learnt to be points. */
struct ilv__set;
struct ilv__places {
    struct ilv__set *hashes;
    uint32_t count;
    struct ilv_location place[ILV_MAX_PLACES];
};
struct ilv__places *ilv__places_new(void);
void ilv__places_free(struct ilv__places *places);
/* What a run met; call it in the order of the runs. */
void ilv__places_learn(struct ilv__places *places, const struct ilv_met *met);
/* Tells a server of the first count of them, before a batch. */
void ilv__places_put(const struct ilv__places *places, uint32_t count, struct ilv_block *block);
/* ... and of those whose accesses are to be recorded, in a run that is: what it met when it was
 * made before. NULL: none. */
void ilv__places_watch(const struct ilv_met *met, struct ilv_block *block);
/* Copies what a run met, but for what no schedule could name: the program could have written it. */
void ilv__met_copy(struct ilv_met *to, const struct ilv_met *from);

/* --- points.c: --points. Finds the code that the patterns name in the modules of a server that is
 * ready. 0, or -EINVAL with a line in error. */
int ilv__points_fill(const struct ilv_world *world, struct ilv_block *block, char *error,
                     size_t size);

/* --- oracle.c: what the explorer itself judges. */
struct ilv__oracle {
    uint64_t expect_hash, expect_size;
    uint64_t first_hash, first_size; /* of run 0 */
    char *expect;                    /* first ILV_OUTPUT_HALF bytes of the file */
    bool have_expect, have_first;
};
int ilv__oracle_open(struct ilv__oracle *oracle, const struct ilv_world *world, char *error,
                     size_t size);
void ilv__oracle_close(struct ilv__oracle *oracle);
/* Tells it of run 0. */
void ilv__oracle_first(struct ilv__oracle *oracle, const struct ilv_summary *summary);
/* The kind of a failed expectation, or ILV_KIND_NONE. */
enum ilv_kind ilv__oracle_judge(const struct ilv__oracle *oracle, const struct ilv_world *world,
                                const struct ilv_summary *summary);
/* Where the output differs from what was expected, in words. */
void ilv__oracle_text(const struct ilv__oracle *oracle, enum ilv_kind kind,
                      const struct ilv_output *output, char *text, size_t size);

/* --- judge.c: which finding of a run counts. */
/* By its summary alone: may this run be a failure? */
bool ilv__judge_summary(const struct ilv_hunt *hunt, const struct ilv__oracle *oracle,
                        const struct ilv_summary *summary);
/* By its tables: the finding that makes it one, copied to finding; false if there is none. */
bool ilv__judge_run(const struct ilv_hunt *hunt, const struct ilv__oracle *oracle,
                    const struct ilv_summary *summary, const struct ilv_run *run,
                    struct ilv_finding *finding);
/* Of a run that went on after all findings: how many of class ERROR come before the first that
 * counts. */
uint8_t ilv__judge_passes(const struct ilv_hunt *hunt, const struct ilv_run *run);
/* Lets go of what is kept from one run to the next. */
void ilv__judge_end(void);

/* The sentence of a LIMIT: its text, or what the text names is not modelled. */
void ilv__limit_text(const char *text, char *out, size_t size);

/* --- record.c: runs to schedules and back. */
void ilv__schedule_of_run(const struct ilv_hunt *hunt, const struct ilv_plan *plan,
                          const struct ilv__oracle *oracle, const struct ilv_summary *summary,
                          const struct ilv_finding *finding, const struct ilv_run *run,
                          struct ilv_schedule *schedule);
/* ... whose accesses to the first count of the places were points, and which met others. */
void ilv__schedule_places(struct ilv_schedule *schedule, const struct ilv__places *points,
                          uint32_t count, const struct ilv_met *met);
/* The world that a schedule names, and what it says of run 0's output. world->argv is
 * malloc()ed, its strings are the schedule's; nothing to free after an error. */
int ilv__world_of_schedule(const struct ilv_schedule *schedule, struct ilv_world *world,
                           struct ilv__oracle *first, char *error, size_t size);
/* Puts the plan to follow the schedule and its list of choices into a block. */
void ilv__plan_of_schedule(const struct ilv_schedule *schedule, const struct ilv_world *world,
                           struct ilv_block *block);
/* Whether the loaded modules, the program's file and its input are those of the schedule: 0, or
 * -ESTALE with a line in error; name stands for the schedule. */
int ilv__builds_match(const struct ilv_schedule *schedule, const char *name,
                      const struct ilv_run *run, char *error, size_t size);
int ilv__target_matches(const struct ilv_schedule *schedule, const char *name,
                        const struct ilv_target *target, char *error, size_t size);
int ilv__input_matches(const struct ilv_schedule *schedule, const char *name, char *error,
                       size_t size);

/* --- replay.c */
/* Finds the program that a schedule is about and checks that it and its input are the ones that
 * were recorded. 0, or -errno with a line in error. */
int ilv__replay_target(const struct ilv_schedule *schedule, const char *name,
                       const struct ilv_world *world, struct ilv_target *target, char *error,
                       size_t size);
/* Plays the schedule on a server that is up, and compares. 0, -EINTR, or -EPIPE: it died. */
int ilv__replay_on(struct ilv__server *server, const struct ilv_schedule *schedule,
                   const struct ilv__oracle *oracle, struct ilv_replay_result *result);

/* --- knowledge.c: what was learnt, in order of the runs. */
struct ilv__set; /* of fingerprints */
struct ilv__set *ilv__set_new(void);
void ilv__set_free(struct ilv__set *set);
bool ilv__set_add(struct ilv__set *set, uint64_t value);
uint32_t ilv__set_count(const struct ilv__set *set);

#endif
