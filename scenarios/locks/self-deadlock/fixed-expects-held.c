/* SPDX-License-Identifier: MIT */
/*
 * A helper that expects the lock held, and says so in its name.
 *
 * charge_fee_locked() does the work and takes no lock; charge_fee() is for those who do not hold
 * it. Each lock is taken in one layer only, so no task meets it twice.
 */
#include "common.h"

static pthread_mutex_t account = PTHREAD_MUTEX_INITIALIZER;

static void charge_fee_locked(void)
{
    balance -= FEE;
    fees += FEE;
}

static void charge_fee(void)
{
    pthread_mutex_lock(&account);
    charge_fee_locked();
    pthread_mutex_unlock(&account);
}

static void withdraw(int amount)
{
    pthread_mutex_lock(&account);
    if (balance < amount)
        charge_fee_locked();
    else
        balance -= amount;
    pthread_mutex_unlock(&account);
}

static void book(int amount)
{
    pthread_mutex_lock(&account);
    balance += amount;
    pthread_mutex_unlock(&account);
}
