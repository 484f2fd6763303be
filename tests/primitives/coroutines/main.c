/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(coroutine) X(coroutine_stack)

ILV_TEST_MAIN(SUITES)
