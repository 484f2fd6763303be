/* SPDX-License-Identifier: MIT */
/* bench_lock_ck: Concurrency Kit's spin locks, which never sleep; see contend.h. */
#include <ck_spinlock.h>

#include "contend.h"

static void make_fas(void *memory, int shared)
{
    (void)shared;
    ck_spinlock_fas_init(memory);
}

static void lock_fas(void *memory)
{
    ck_spinlock_fas_lock(memory);
}

static void unlock_fas(void *memory)
{
    ck_spinlock_fas_unlock(memory);
}

static void make_ticket(void *memory, int shared)
{
    (void)shared;
    ck_spinlock_ticket_init(memory);
}

static void lock_ticket(void *memory)
{
    ck_spinlock_ticket_lock(memory);
}

static void unlock_ticket(void *memory)
{
    ck_spinlock_ticket_unlock(memory);
}

int main(int argc, char **argv)
{
    static const struct contender table[] = {
        {"fas", make_fas, lock_fas, unlock_fas},
        {"ticket", make_ticket, lock_ticket, unlock_ticket},
        {0},
    };
    return contend(argc, argv, table);
}
