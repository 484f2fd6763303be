/* SPDX-License-Identifier: MIT */
/* What the tests of the compiler share: an empty directory, and shell commands in it. */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>

struct said {
    int status; /* exit status, or 128 + signal */
    char out[262144];
    char err[65536];
};

/* Makes an empty directory, works there from now on, and removes it when the process ends. $I is
 * the command interleave for commands, $S the folder of the test's sources, and
 * notes of the compiler are off. */
void place_make(void);

/* Runs a shell command without input. */
void place_run(struct said *said, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, and checks that it ends with status 0 and without a word on standard error. Returns
 * whether it does. */
int place_succeeds(struct said *said, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the test as skipped if there is no such command. */
void place_needs(const char *command);

void place_file(const char *name, const char *text);

/* The whole text of a file, free() it; "" if there is none. */
char *place_read(const char *name);

#endif
