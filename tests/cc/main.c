/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(line) X(shapes) X(builds)
ILV_TEST_MAIN(SUITES)
