/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(process) X(process_end) X(pipe)
ILV_TEST_MAIN(SUITES)
