/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(stubs) X(values) X(beneath)
ILV_TEST_MAIN(SUITES)
