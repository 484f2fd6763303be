/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(queue)
ILV_TEST_MAIN(SUITES)
