/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#ifdef ILV_TWO_DEATHS
#define SUITES(X) X(two_deaths)
#else
#define SUITES(X) X(deaths)
#endif

ILV_TEST_MAIN(SUITES)
