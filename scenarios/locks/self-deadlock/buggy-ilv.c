/* SPDX-License-Identifier: MIT */
/*
 * A semaphore of one unit for a lock. It does not know who has the unit, so it cannot know that its
 * holder asks for it again, through a helper.
 *
 *     landlord                              bank
 *                                           acquire account, 100 -> 30, release
 *     acquire account
 *     30 is less than 50: charge_fee()
 *     acquire account   (waits for itself)
 *                                           acquire account   (waits)
 */
#include "common.h"

#include <ilv/semaphore.h>

static struct ilv_semaphore account = ILV_SEMAPHORE_INIT(1);

static void charge_fee(void)
{
    ilv_semaphore_acquire(&account);
    balance -= FEE;
    fees += FEE;
    ilv_semaphore_release(&account);
}

static void withdraw(int amount)
{
    ilv_semaphore_acquire(&account);
    if (balance < amount)
        charge_fee();
    else
        balance -= amount;
    ilv_semaphore_release(&account);
}

static void book(int amount)
{
    ilv_semaphore_acquire(&account);
    balance += amount;
    ilv_semaphore_release(&account);
}
