/* SPDX-License-Identifier: MIT */
/*
 * A surgery with two doctors. Patients wait in a priority queue, the most urgent first (the least
 * number). A doctor calls the next one and writes him on the board. How the two go together is what
 * the variants are about.
 */
#include <errno.h>

#include <ilv/mutex.h>
#include <ilv/queue.h>

#include "scenario_ilv.h"

#define DOCTORS 2
#define PATIENTS 2

static struct ilv_queue *waiting_room;
static struct ilv_mutex board_lock = ILV_MUTEX_INIT;
static int board[PATIENTS]; /* as they were called; guarded by board_lock, as is the next */
static int called;

static void call_next(void);

static void write_on_board(int patient)
{
    board[called++] = patient;
}

static int doctor(void *unused)
{
    (void)unused;
    call_next();
    return 0;
}

static void fill_waiting_room(void)
{
    const struct ilv_queue_options options = {
        .order = ILV_QUEUE_PRIORITY, .capacity = PATIENTS, .size = sizeof(int), .hands = DOCTORS};
    waiting_room = ilv_queue_new(&options);
    scenario_must(waiting_room ? 0 : errno, "ilv_queue_new");
    for (int patient = PATIENTS; patient > 0; patient--)
        ilv_queue_put_priority(waiting_room, &patient, patient);
}

int main(void)
{
    struct ilv_thread *doctors[DOCTORS];
    fill_waiting_room();
    doctors[0] = scenario_run(doctor, NULL);
    scenario_rest();
    doctors[1] = scenario_run(doctor, NULL);
    for (int i = 0; i < DOCTORS; i++)
        scenario_end(doctors[i]);
    for (int i = 0; i < PATIENTS; i++)
        scenario_check(board[i] == i + 1, "everybody is called once, the most urgent first");
    ilv_queue_delete(waiting_room);
    return 0;
}
