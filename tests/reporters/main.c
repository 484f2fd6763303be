/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(story) X(findings) X(sentences) X(stack) X(calls) X(output) X(json) X(damaged)
ILV_TEST_MAIN(SUITES)
