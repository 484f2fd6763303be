/* SPDX-License-Identifier: MIT */
/* What mutex.h promises beside what all locks do (test_locks.c). */
#include <errno.h>
#include <ilv/mutex.h>

#include "actors.h"
#include "ilv_test.h"

static void relock_is_refused(void)
{
    struct ilv_mutex mutex = ILV_MUTEX_INIT;
    ILV_CHECK_INT(ilv_mutex_lock(&mutex), 0);
    ILV_CHECK_INT(ilv_mutex_lock(&mutex), EDEADLK);
    ILV_CHECK_INT(ilv_mutex_lock_until(&mutex, &far_away), EDEADLK);
    ILV_CHECK_INT(ilv_mutex_unlock(&mutex), 0);
    ILV_CHECK_INT(ilv_mutex_unlock(&mutex), EPERM);
    ILV_CHECK_INT(ilv_mutex_lock(&mutex), 0);
    ILV_CHECK_INT(ilv_mutex_unlock(&mutex), 0);
}
ILV_SUITE(mutex, ILV_TEST(relock_is_refused));
