/* SPDX-License-Identifier: MIT */
/*
 * contend.h: the same work for every lock, so that only the lock differs.
 *
 *     PROGRAM LOCK alone|threads|processes [private|shared]
 *
 * alone: one task locks and unlocks; nanoseconds of the processor a pair. threads, processes: two
 * tasks on two processors lock, count one further, unlock, as fast as they can; nanoseconds of the
 * clock a pair of either of them. One number is printed; status 1 if the count is wrong.
 */
#ifndef ILV_BENCH_CONTEND_H
#define ILV_BENCH_CONTEND_H

#ifdef __cplusplus
extern "C" {
#endif

/* A lock: made in `memory` (zeroed, CONTEND_SIZE bytes, aligned to a cache line), shared or not. */
struct contender {
    const char *name;
    void (*make)(void *memory, int shared);
    void (*lock)(void *memory);
    void (*unlock)(void *memory);
};

enum { CONTEND_SIZE = 256 };

/* What main() is: the table ends with a row without a name. */
int contend(int argc, char **argv, const struct contender *rows);

#ifdef __cplusplus
}
#endif
#endif
