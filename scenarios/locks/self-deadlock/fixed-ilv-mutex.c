/* SPDX-License-Identifier: MIT */
/*
 * A mutex of ours knows its holder, and says EDEADLK instead of making it wait for itself. The
 * helper heeds that: who holds the account already goes on, and leaves it to its caller to give it
 * up.
 *
 * The price: the helper's data may be half changed by the caller, as with a recursive lock.
 */
#include "common.h"

#include <errno.h>
#include <ilv/mutex.h>
#include <stdbool.h>

static struct ilv_mutex account;

static void charge_fee(void)
{
    bool mine = ilv_mutex_lock(&account) == EDEADLK;
    balance -= FEE;
    fees += FEE;
    if (!mine)
        ilv_mutex_unlock(&account);
}

static void withdraw(int amount)
{
    ilv_mutex_lock(&account);
    if (balance < amount)
        charge_fee();
    else
        balance -= amount;
    ilv_mutex_unlock(&account);
}

static void book(int amount)
{
    ilv_mutex_lock(&account);
    balance += amount;
    ilv_mutex_unlock(&account);
}
