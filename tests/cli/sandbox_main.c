/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(sandbox) X(debugger)
ILV_TEST_MAIN(SUITES)
