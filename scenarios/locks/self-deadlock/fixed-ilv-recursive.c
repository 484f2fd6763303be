/* SPDX-License-Identifier: MIT */
/*
 * A recursive lock of ours: its holder may take it again, and it is free after as many unlocks.
 */
#include "common.h"

#include <ilv/rlock.h>

static struct ilv_rlock account;

static void charge_fee(void)
{
    ilv_rlock_lock(&account);
    balance -= FEE;
    fees += FEE;
    ilv_rlock_unlock(&account);
}

static void withdraw(int amount)
{
    ilv_rlock_lock(&account);
    if (balance < amount)
        charge_fee();
    else
        balance -= amount;
    ilv_rlock_unlock(&account);
}

static void book(int amount)
{
    ilv_rlock_lock(&account);
    balance += amount;
    ilv_rlock_unlock(&account);
}
