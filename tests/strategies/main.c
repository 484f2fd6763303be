/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(registry) X(random) X(pct) X(pos) X(fixed) X(replay) X(conformance)
ILV_TEST_MAIN(SUITES)
