/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(code) X(data) X(local) X(modules)
ILV_TEST_MAIN(SUITES)
