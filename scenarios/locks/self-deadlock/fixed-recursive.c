/* SPDX-License-Identifier: MIT */
/*
 * A recursive lock: its holder may take it again, and it is free after as many unlocks.
 *
 * The smallest change. The price: a helper can no longer rely on the data being at rest when it
 * gets the lock (see reentrant-iteration).
 */
#include "common.h"

static pthread_mutex_t account = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

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
