/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(rng) X(hash) X(vec) X(arena)
ILV_TEST_MAIN(SUITES)
