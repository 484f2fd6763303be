/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(autotools) X(longer_builds)
ILV_TEST_MAIN(SUITES)
