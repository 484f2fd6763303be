/* SPDX-License-Identifier: MIT */
/*
 * client.h: the other end of control.h in a few lines, for the runtime's own tests and for
 * benchmarks: start a program under the runtime, run plans, look at what they left. No watchdog,
 * no confirmation: the explorer is for that.
 */
#ifndef ILV_TEST_CLIENT_H
#define ILV_TEST_CLIENT_H

#include <sys/types.h>

#include "control.h"

struct client {
    struct ilv_block *block;
    int block_fd;
    int command;
    int answer;
    pid_t pid;
};

/* A block with the defaults: detectors on, backend and trap automatic, four CPUs. */
void client_make(struct client *client);
/* Starts argv with the library `runtime` preloaded and waits until it stands at its start.
 * Returns its answer's word (enum ilv_answer_what), 0 when it died. */
uint32_t client_start(struct client *client, char **argv, const char *runtime);
/* Carries out the first count plans of the block; how many were. */
uint32_t client_run(struct client *client, uint32_t count);
/* Ends the program and frees everything. */
void client_stop(struct client *client);

#endif
