/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#define SUITES(X) X(mutex_lock) X(rlock_lock) X(rwlock_lock) X(mutex) X(rlock) X(rwlock)

ILV_TEST_MAIN(SUITES)
