/* SPDX-License-Identifier: MIT */
/*
 * An account under one lock. Who withdraws more than there is pays a fee instead. The fee is
 * also charged at the end of the month, so charge_fee() has two callers: one that holds the
 * lock, and one that does not. Meanwhile the bank takes back a wrong booking and books it anew.
 */
#include "scenario.h"

#define FEE 1

static int balance = 100;
static int fees;

static void charge_fee(void);
static void withdraw(int amount);
static void book(int amount);

static void *bank(void *unused)
{
    book(-70);
    book(+70);
    return unused;
}

static void *landlord(void *unused)
{
    withdraw(50);
    return unused;
}

int main(void)
{
    pthread_t first = scenario_start(bank, NULL);
    pthread_t second = scenario_start(landlord, NULL);
    scenario_join(first);
    scenario_join(second);
    charge_fee();
    scenario_check(balance == 50 - fees || balance == 100 - fees, "no money comes or goes");
    return 0;
}
