/* SPDX-License-Identifier: MIT */
/*
 * A hand-made lock for many readers or one writer, which counts how many readers overtake a
 * waiting writer while there is always one inside. Who may go in is said by reader_may_enter(),
 * the point of the two variants.
 */
#include <stdbool.h>

#define PATIENCE 3

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static pthread_cond_t gate_changed = PTHREAD_COND_INITIALIZER;
static int readers;
static int writers;
static int writers_waiting;
static int overtaken; /* readers who went in past a waiting writer since nobody was inside */

static bool reader_may_enter(void);

static void gate_read(void)
{
    pthread_mutex_lock(&gate);
    while (!reader_may_enter())
        pthread_cond_wait(&gate_changed, &gate);
    readers++;
    if (writers_waiting > 0)
        overtaken++;
    scenario_check(overtaken <= PATIENCE, "a writer is not kept waiting by those who come later");
    pthread_mutex_unlock(&gate);
}

static void gate_write(void)
{
    pthread_mutex_lock(&gate);
    writers_waiting++;
    while (readers > 0 || writers > 0)
        pthread_cond_wait(&gate_changed, &gate);
    writers_waiting--;
    writers++;
    pthread_mutex_unlock(&gate);
}

static void gate_leave(int *inside)
{
    pthread_mutex_lock(&gate);
    (*inside)--;
    if (readers == 0)
        overtaken = 0;
    pthread_cond_broadcast(&gate_changed);
    pthread_mutex_unlock(&gate);
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
