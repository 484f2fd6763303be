/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(coroutine) X(coroutine_stack) X(loop) X(task) X(task_mutex)

ILV_TEST_MAIN(SUITES)
