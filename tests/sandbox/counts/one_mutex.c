/* SPDX-License-Identifier: MIT */
/*
 * N threads that take one mutex once. The critical sections come in any order and each order is
 * a behaviour; creation, exit and join are ordered by the program alone. N!.
 */
/* counts: 1 = 1 in 20 */
/* counts: 2 = 2 in 50 */
/* counts: 3 = 6 in 150 */
/* counts: 4 = 24 in 600 */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *body(void *argument)
{
    lock(&mutex);
    unlock(&mutex);
    return argument;
}

int main(int argc, char **argv)
{
    run_threads(argc > 1 ? atol(argv[1]) : 2, body);
}
