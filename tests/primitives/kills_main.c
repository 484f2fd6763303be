/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(kills)

ILV_TEST_MAIN(SUITES)
