/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(death)
ILV_TEST_MAIN(SUITES)
