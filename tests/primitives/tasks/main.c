/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#ifdef ONLY_PIPES
#define SUITES(X) X(pipe) X(pipe_kept)
#else
#define SUITES(X)  \
    X(process)     \
    X(process_end) \
    X(process_starts) X(process_leaving) X(pipe) X(pipe_kept) X(death) X(takers) X(pool_death)
#endif
ILV_TEST_MAIN(SUITES)
