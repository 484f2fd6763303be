/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) \
    X(world) X(target) X(filter) X(rounds) X(watchdog) X(confirm) X(times) X(start) X(expect)
ILV_TEST_MAIN(SUITES)
