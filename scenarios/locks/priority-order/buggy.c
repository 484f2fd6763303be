/* SPDX-License-Identifier: MIT */
/*
 * Peek, then pop.
 *
 *     first doctor                          second doctor
 *     peek: 1 is next, 1 on the board
 *                                           peek: 1 is next, 1 on the board
 *     pop: 1 comes
 *                                           pop: 2 comes, whom nobody called
 *
 * Each of the calls is safe. What one has peeked at belongs to nobody, and the pop takes whatever
 * is first by then.
 */
#include "common.h"

/* Takes who is first in hand, looks at him, and puts him back where he was. */
static int peek(void)
{
    struct ilv_queue_ticket ticket;
    int patient;
    ilv_queue_take(waiting_room, &patient, &ticket);
    ilv_queue_put_back(waiting_room, &ticket);
    return patient;
}

static void call_next(void)
{
    int patient = peek();
    ilv_mutex_lock(&board_lock);
    write_on_board(patient);
    ilv_mutex_unlock(&board_lock);
    ilv_queue_get(waiting_room, &patient);
}
