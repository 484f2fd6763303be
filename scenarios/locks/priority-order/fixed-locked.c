/* SPDX-License-Identifier: MIT */
/*
 * Pop under the lock of the board: who is next is taken and written down in one go.
 *
 * The order of the pops is then the order on the board. (A queue that others fill may be empty:
 * whoever pops under a lock tries, and does not wait, or nobody gets at the board meanwhile.)
 */
#include "common.h"

static void call_next(void)
{
    int patient;
    ilv_mutex_lock(&board_lock);
    if (ilv_queue_try_get(waiting_room, &patient) == 0)
        write_on_board(patient);
    ilv_mutex_unlock(&board_lock);
}
