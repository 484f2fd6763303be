/* SPDX-License-Identifier: MIT */
/*
 * R readers and W writers, once each. All operations on a rwlock are dependent but two read locks,
 * so a behaviour is an order of them all in which a writer is alone, and neighbouring read locks
 * have no order. Readers r1 u1 r2 u2 mix in C(4,2) = 6 ways; of the four in which they overlap,
 * with both read locks first, two each are the same: 4. A writer beside two readers fits in before,
 * after, and, when they do not overlap, between: 2*3 + 2*2 = 10. A writer beside a reader: 2.
 */
/* counts: 1 1 = 2 in 50 */
/* counts: 2 0 = 4 in 150 */
/* counts: 2 1 = 10 in 500 */
/* counts: 0 3 = 6 in 150 */
#include "threads.h"

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static long readers;

static void *body(void *argument)
{
    must((long)argument < readers ? pthread_rwlock_rdlock(&rwlock)
                                  : pthread_rwlock_wrlock(&rwlock));
    must(pthread_rwlock_unlock(&rwlock));
    return NULL;
}

int main(int argc, char **argv)
{
    must(argc != 3);
    readers = atol(argv[1]);
    run_threads(readers + atol(argv[2]), body);
}
