/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(process) X(process_end) X(pipe) X(death)
ILV_TEST_MAIN(SUITES)
