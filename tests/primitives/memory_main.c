/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(arena) X(attach) X(value) X(array) X(dict) X(list)

ILV_TEST_MAIN(SUITES)
