/* SPDX-License-Identifier: MIT */
/*
 * A hand-made lock for many readers or one writer, which counts how many readers overtake a
 * waiting writer while there is always one inside. Who may go in is said by reader_may_enter(),
 * the point of the variants. What it is made of stands in gate-raw.h and gate-ilv.h.
 */
#include <stdbool.h>

#define PATIENCE 3

/* guarded by the gate's lock */
static int readers;
static int writers;
static int writers_waiting;
static int overtaken; /* readers who went in past a waiting writer since nobody was inside */

static bool reader_may_enter(void);

static void gate_read(void)
{
    lock_gate();
    while (!reader_may_enter())
        await_change();
    readers++;
    if (writers_waiting > 0)
        overtaken++;
    scenario_check(overtaken <= PATIENCE, "a writer is not kept waiting by those who come later");
    unlock_gate();
}

static void gate_write(void)
{
    lock_gate();
    writers_waiting++;
    while (readers > 0 || writers > 0)
        await_change();
    writers_waiting--;
    writers++;
    unlock_gate();
}

static void gate_leave(int *inside)
{
    lock_gate();
    (*inside)--;
    if (readers == 0)
        overtaken = 0;
    tell_change();
    unlock_gate();
}

static int read_config(void)
{
    gate_read();
    int seen = look();
    gate_leave(&readers);
    return seen;
}

static void write_config(int wanted)
{
    gate_write();
    replace(wanted);
    gate_leave(&writers);
}
