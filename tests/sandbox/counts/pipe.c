/* SPDX-License-Identifier: MIT */
/* N threads write one byte each to a pipe that main reads after joining them: N!. */
/* counts: 2 = 2 in 50 */
/* counts: 3 = 6 in 150 */
#include <unistd.h>

#include "threads.h"

static int ends[2];

static void *body(void *argument)
{
    char byte = (char)(long)argument;
    must(write(ends[1], &byte, 1) != 1);
    return NULL;
}

int main(int argc, char **argv)
{
    char bytes[16];
    long n = argc > 1 ? atol(argv[1]) : 2;
    must(pipe(ends));
    run_threads(n, body);
    must(read(ends[0], bytes, sizeof bytes) != n);
}
