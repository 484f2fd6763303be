/* SPDX-License-Identifier: MIT */
/* telling.h: runs written by hand, and the reports that are made of them. */
#ifndef ILV_TELLING_H
#define ILV_TELLING_H

#include "bank.h"
#include "reporter.h"

/* What the reporter knows of the program. */
enum knowledge { LINES, NAMES, NOTHING };

struct telling {
    struct ilv_run *run;
    struct ilv_report report;
    struct ilv_finding *finding; /* the last one begun */
};

void telling_begin(struct telling *t, enum knowledge knowledge);
void telling_end(struct telling *t);

/* A task made by parent at a call; returns its index. The first one is there from the start. */
uint16_t make_task(struct telling *t, uint16_t parent, enum bank_call made);
/* The object of a task. */
uint32_t task_object(struct telling *t, uint16_t task);
/* An object at an address of this program, or of no name (NULL). */
uint32_t make_object(struct telling *t, unsigned cls, const void *address, size_t size);
/* One record; returns it for what is unusual about it. call < 0: no site. */
struct ilv_step *does(struct telling *t, uint16_t task, unsigned event, uint32_t object, int call);
/* The same, found blocked; it is what the task is about to do from now on. */
struct ilv_step *waits(struct telling *t, uint16_t task, unsigned event, uint32_t object, int call);
/* The program writes this. */
void says(struct telling *t, const char *text);
/* The number of the last step. */
uint32_t last_step(const struct telling *t);

struct ilv_finding *found(struct telling *t, unsigned verdict, unsigned kind, uint16_t task);
void part(struct telling *t, unsigned role, uint16_t task, uint32_t object, uint32_t step,
          int call);

/* The report as text that the caller frees. */
char *told_by(struct telling *t, enum ilv_reporter_id reporter);
/* Compares the story with golden/<name>.txt; writes that file where ILV_GOLDEN_WRITE is set. */
void check_golden(struct telling *t, const char *name);

/* Two tasks of teller_one and teller_two, each with one of its locks; they are tasks 1 and 2, and
 * the objects go to a and b. */
void two_tellers(struct telling *t, uint32_t *a, uint32_t *b);
/* ... and then each waits for the other's. */
void abba(struct telling *t);

#endif
