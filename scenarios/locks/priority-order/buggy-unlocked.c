/* SPDX-License-Identifier: MIT */
/*
 * The pop alone decides who is next, but it is told too late.
 *
 *     first doctor                          second doctor
 *     pop: 1
 *                                           pop: 2
 *                                           lock, 2 on the board, unlock
 *     lock, 1 on the board, unlock
 *
 * Nobody is called twice. The queue gave them out in the right order, and that says nothing about
 * the order of what follows.
 */
#include "common.h"

static void call_next(void)
{
    int patient;
    ilv_queue_get(waiting_room, &patient);
    ilv_mutex_lock(&board_lock);
    write_on_board(patient);
    ilv_mutex_unlock(&board_lock);
}
