/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(usage) X(hunt) X(replay) X(ending) X(list)
ILV_TEST_MAIN(SUITES)
