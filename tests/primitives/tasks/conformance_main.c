/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(queue) X(pool)
ILV_TEST_MAIN(SUITES)
