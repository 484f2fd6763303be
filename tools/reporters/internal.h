/* SPDX-License-Identifier: MIT */
/* internal.h: of the reporters room alone. */
#ifndef ILV_REPORTERS_INTERNAL_H
#define ILV_REPORTERS_INTERNAL_H

#include <stddef.h>

#include "reporter.h"

#define ILV__PHRASE_SIZE 256

/* What was true when a record of the trace was made, found by following it from the start. */
struct ilv__moment {
    uint32_t step;   /* number of the step; of the last step before, for a record of blocking */
    uint16_t holder; /* task that held the first object before it, plus 1; 0: nobody */
};

/*
 * A run that is being told. The tables of the run may have been written by a broken program:
 * counts are cut to what the tables hold, and every index goes through the functions below.
 */
struct ilv__tale {
    const struct ilv_report *report;
    const struct ilv_run *run;
    const struct ilv_finding *finding; /* the one the story is about, NULL if there is none */
    const struct ilv_finding *findings;
    uint32_t finding_count;
    uint32_t task_count;
    uint32_t object_count;
    uint32_t trace_count;  /* records of the run */
    uint32_t record_count; /* ... and those in extra[] behind them */
    uint32_t site_count;
    struct ilv__moment *moment;               /* one for each record */
    struct ilv__call *call;                   /* one for each site; calls.c */
    struct ilv_step extra[ILV_FINDING_PARTS]; /* waits that the trace does not have */
};

/* Record i of the story, i < record_count. */
static inline const struct ilv_step *ilv__record(const struct ilv__tale *tale, uint32_t i)
{
    return i < tale->trace_count ? &tale->run->trace[i] : &tale->extra[i - tale->trace_count];
}

/* tale.c */
int ilv__tale_begin(struct ilv__tale *tale, const struct ilv_report *report);
void ilv__tale_end(struct ilv__tale *tale);
/* The parts of a finding, at most as many as there is room for. */
unsigned ilv__parts(const struct ilv_finding *finding);
/* The task that an object of class TASK stands for, -1 if it does not. */
int ilv__object_task(const struct ilv__tale *tale, uint32_t object);
/* Brings holder[], by object the task + 1 that holds it, up to date with record i. */
void ilv__follow_holder(const struct ilv__tale *tale, uint32_t i, uint16_t *holder);
/* The record of step number `step`, -1 if it was not recorded. */
long ilv__record_of_step(const struct ilv__tale *tale, uint32_t step);

/* names.c: into out, always terminated; return out. Nothing that a terminal would obey. */
char *ilv__clean(char *text);
char *ilv__task_name(const struct ilv__tale *tale, unsigned task, char *out, size_t size);
/* With what it runs: `T0.1 worker()`. */
char *ilv__task_title(const struct ilv__tale *tale, unsigned task, char *out, size_t size);
/* The function that a task runs, NULL if not known. */
const char *ilv__task_function(const struct ilv__tale *tale, unsigned task);
/* The symbol of an object, NULL if it has none. */
const char *ilv__object_symbol(const struct ilv__tale *tale, uint32_t object);
char *ilv__object_name(const struct ilv__tale *tale, uint32_t object, char *out, size_t size);
/* `bank.c:31`, else `worker()`, else `bank+0x1234`, else empty. */
char *ilv__place_name(const struct ilv__tale *tale, uint32_t site, char *out, size_t size);
/* Returns false, and a place that knows nothing, for a site that is not known. */
bool ilv__place(const struct ilv__tale *tale, uint32_t site, struct ilv_place *place);
char *ilv__signal_name(int number, char *out, size_t size);
char *ilv__error_name(int number, char *out, size_t size);

/* line.c: text that grows in a buffer of fixed size; what does not fit is cut. */
struct ilv__line {
    char *out;
    size_t size;
    size_t used;
};
struct ilv__line ilv__line(char *out, size_t size);
__attribute__((format(printf, 2, 3))) void ilv__add(struct ilv__line *line, const char *form, ...);
/* Adds form; for every %c in it calls put with that letter. */
typedef void ilv__put(struct ilv__line *line, char letter, const void *context);
void ilv__expand(struct ilv__line *line, const char *form, ilv__put *put, const void *context);

/* access.c */
bool ilv__is_access(const struct ilv_step *step);
/* The local variable of an object in a stack, so many bytes further; NULL if it is not known. */
const char *ilv__local(const struct ilv__tale *tale, const struct ilv_object_info *info,
                       int64_t further, uint32_t size);
/* The variable that an access touched: of a structure the member. */
char *ilv__access_name(const struct ilv__tale *tale, const struct ilv_step *step, char *out,
                       size_t size);
/* ` = 1` of what was read, `: 1 -> 0` of what was written. */
void ilv__add_values(struct ilv__line *line, const struct ilv_step *step);
/* The record of the access that a part of a data race names, -1 if it was not recorded. */
long ilv__record_of_access(const struct ilv__tale *tale, const struct ilv_part *part);
/* `T0.1 holds no lock, T0.2 holds lock_a: ...`: what would have ordered the accesses of a race;
 * empty if that is not known. */
char *ilv__race_locks(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                      size_t size);

/* calls.c: of steps inside our primitives. */
int ilv__calls_begin(struct ilv__tale *tale);
void ilv__calls_end(struct ilv__tale *tale);
/* Whether the program called a function of the library in which the step was made; ... whether the
 * call says more of it than its own words; whether the library made it without being called. */
bool ilv__is_in_call(const struct ilv__tale *tale, const struct ilv_step *step);
bool ilv__is_told_by_call(const struct ilv__tale *tale, const struct ilv_step *step);
bool ilv__is_of_library(const struct ilv__tale *tale, const struct ilv_step *step);
/* Whether nothing of the program is known to be around the site. */
bool ilv__is_within(const struct ilv__tale *tale, uint32_t site);
/* Whether two sites lie in the same function, called at the same place. */
bool ilv__is_same_call(const struct ilv__tale *tale, uint32_t a, uint32_t b);
/* What of the program's primitives the step was about, NULL if that is not known. */
const char *ilv__called_on(const struct ilv__tale *tale, const struct ilv_step *step);
/* `ilv_queue_put(orders)` */
void ilv__add_call(struct ilv__line *line, const struct ilv__tale *tale,
                   const struct ilv_step *step);
/* Whether a part waits for what is the library's own, and is no lock that somebody holds; then
 * `waits in ilv_queue_put(orders)`, or `waits in libilv`. */
bool ilv__waits_inside(const struct ilv__tale *tale, const struct ilv_part *part);
void ilv__add_wait(struct ilv__line *line, const struct ilv__tale *tale,
                   const struct ilv_part *part);

/* phrases.c */
enum ilv__hold { ILV__KEEP, ILV__TAKE, ILV__SHARE, ILV__FIRST, ILV__DROP };
struct ilv__phrase {
    const char *done;
    const char *waiting;
    uint8_t hold;  /* enum ilv__hold, on the first object */
    uint8_t hold2; /* ... on the second */
};
const struct ilv__phrase *ilv__phrase(unsigned event);
/* What the task is about, at the end of the run: about to do, or waiting to do. */
char *ilv__last_phrase(const struct ilv__tale *tale, unsigned task, char *out, size_t size);
/* What a record says: `locks lock_a`. Empty for a record that says nothing. */
char *ilv__record_phrase(const struct ilv__tale *tale, uint32_t record, char *out, size_t size);
/* ... of one that is told by its call: `calls ilv_queue_put(orders)`, `sleeps in ...`. */
char *ilv__call_phrase(const struct ilv__tale *tale, uint32_t record, char *out, size_t size);

/* Whether a deadline passed here though another task could have gone on. */
static inline bool ilv__is_early(const struct ilv_step *step)
{
    return (step->flags & ILV_EARLY) != 0 && step->ready > 1;
}

/* sentences.c */
/* `deadlock (cycle): each waits for what the next one holds` */
char *ilv__headline(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                    size_t size);
char *ilv__summary(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                   size_t size);
/* What one part says without its task: `holds lock_a (bank.c:31)`. */
char *ilv__part_phrase(const struct ilv__tale *tale, const struct ilv_finding *finding,
                       unsigned part, char *out, size_t size);
/* `T0.1 holds lock_a (bank.c:31) and waits for lock_b (bank.c:32)`: of the part `*part` and
 * those behind it of the same task; moves *part behind them. */
char *ilv__part_sentence(const struct ilv__tale *tale, const struct ilv_finding *finding,
                         unsigned *part, char *out, size_t size);
char *ilv__timing(const struct ilv__tale *tale, char *out, size_t size);

/* select.c: which records are shown. */
enum ilv__mark { ILV__SKIP, ILV__MAY, ILV__MUST };
struct ilv__selection {
    uint32_t *record; /* indices, rising */
    uint32_t count;
    uint32_t *told; /* by step: how many up to it are not shown, but told by another one */
    uint16_t *task; /* those that have a record here, in order of their paths */
    uint32_t task_count;
};
/* Whether tasks meet at this object; at some, such as the clock, they only pass by. */
bool ilv__is_meeting_place(const struct ilv__tale *tale, uint32_t object);
int ilv__select(const struct ilv__tale *tale, struct ilv__selection *selection);
void ilv__selection_free(struct ilv__selection *selection);

/* merge.c: leaves no more records of a call of our primitives than will tell it. call: for each
 * record the number of the call that it belongs to, 0: none. Without memory it leaves them all. */
void ilv__merge_calls(const struct ilv__tale *tale, uint8_t *mark, uint32_t *call);

/* stack.c: the stack of the part's site; nothing if it is not known. */
void ilv__stack_write(const struct ilv__tale *tale, const struct ilv_part *part, FILE *out);

/* output.c: what the program wrote. Nothing if it wrote nothing. */
/* Its last few lines; all of it that was kept. */
void ilv__output_write_last(const struct ilv__tale *tale, FILE *out);
void ilv__output_write(const struct ilv__tale *tale, FILE *out);
/* How much of the beginning was kept, and from where on the rest; what lies between is gone. */
struct ilv__kept {
    uint64_t head; /* bytes from the first on */
    uint64_t tail; /* the first byte that was kept behind them; head or more */
};
struct ilv__kept ilv__output_kept(const struct ilv_output *output);
/* Byte i of the output, one that was kept. */
char ilv__output_byte(const struct ilv_output *output, uint64_t i);

/* table.c: the rows of the story. */
void ilv__table_write(const struct ilv__tale *tale, const struct ilv__selection *selection,
                      FILE *out);

/* Columns of the story, from the options. */
static inline unsigned ilv__width(const struct ilv__tale *tale)
{
    unsigned width = tale->report->options.width;
    return width == 0 ? 100 : width < 60 ? 60 : width;
}

#endif
