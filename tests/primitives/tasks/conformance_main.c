/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(queue) X(pool) X(pool_full)
ILV_TEST_MAIN(SUITES)
