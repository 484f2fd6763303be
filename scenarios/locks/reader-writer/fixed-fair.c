/* SPDX-License-Identifier: MIT */
/*
 * A fair gate: a reader who comes after a waiting writer waits behind it.
 *
 * From the moment when the writer waits no reader enters, those inside leave, and the last one
 * wakes the writer. The price: a reader may wait although only readers are inside, and a task that
 * reads twice without leaving would now wait for itself.
 */
#include "common.h"

#include "gate-raw.h"

static bool reader_may_enter(void)
{
    return writers == 0 && writers_waiting == 0;
}
