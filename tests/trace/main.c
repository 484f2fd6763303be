/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) \
    X(tables)     \
    X(names)      \
    X(location) X(depends) X(fingerprint) X(schedule) X(schedule_errors) X(schedule_fuzz) X(dump)
ILV_TEST_MAIN(SUITES)
