/* SPDX-License-Identifier: MIT */
/* What the command's tests share: the command run in a place of its own, on the fake program of
 * the explorer's tests (called ./fake there). */
#ifndef FIXTURES_H
#define FIXTURES_H

#include <sys/types.h>

#include "ilv_test.h"

/* What a call of the command said. */
struct call {
    int status; /* exit status, or 128 + signal */
    char out[65536];
    char err[65536];
};

/* Makes an empty directory with a link ./fake to the fake program, works there from now on, and
 * removes it when the process ends. */
void fixture_directory(void);

/* The same with a link ./odd to odd.c's program and the real runtime. */
void fixture_sandbox(void);

/* How many directories for runs lie in TMPDIR, which is the test's directory. */
unsigned fixture_leftovers(void);

/* Runs `interleave LINE` by a shell, without a terminal. */
void fixture_call(struct call *call, const char *line);

/* Starts the same in the background and returns its pid; fixture_end() waits for it. */
pid_t fixture_start(const char *line);
void fixture_end(pid_t pid, struct call *call);

/* The last line of text, without its newline. */
const char *fixture_last_line(const char *text);

void fixture_file(const char *name, const char *text, unsigned mode);

/* How many processes of ours (fake, odd) work in the test's directory. */
unsigned fixture_running(void);

/* Checks that interleave LINE says exactly this one line on standard error, nothing on standard
 * output, and ends with status 2. */
void fixture_refused(const char *line, const char *error);

#endif
