/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X)  \
    X(table)       \
    X(deadlock)    \
    X(lost_wakeup) \
    X(lock_misuse) \
    X(ending) X(leftover) X(race) X(race_order) X(race_atomics) X(race_memory) X(race_oracle)
ILV_TEST_MAIN(SUITES)
