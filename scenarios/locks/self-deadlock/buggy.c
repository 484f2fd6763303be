/* SPDX-License-Identifier: MIT */
/*
 * A plain lock taken again by its holder, through a helper.
 *
 *     landlord                              bank
 *                                           lock account, 100 -> 30, unlock
 *     lock account
 *     30 is less than 50: charge_fee()
 *     lock account   (waits for itself)
 *                                           lock account   (waits)
 *
 * Between the two bookings there is hardly any time, so the helper is hardly ever called.
 */
#include "common.h"

static pthread_mutex_t account = PTHREAD_MUTEX_INITIALIZER;

static void charge_fee(void)
{
    pthread_mutex_lock(&account);
    balance -= FEE;
    fees += FEE;
    pthread_mutex_unlock(&account);
}

static void withdraw(int amount)
{
    pthread_mutex_lock(&account);
    if (balance < amount)
        charge_fee();
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
