/* SPDX-License-Identifier: MIT */
/*
 * A reader may enter whenever no writer is inside. A writer that waits does not count.
 *
 *     reader 1               reader 2                  writer
 *     enter
 *                                                      wants to enter   (waits)
 *                            enter, leave
 *                            enter, leave
 *                            enter, leave
 *                            enter: the fourth to overtake
 *
 * There is always a reader inside, so with readers enough the writer never gets in. No task
 * stands still, nothing is corrupt, and the configuration stays old for ever.
 */
#include "common.h"

#include "gate-raw.h"

static bool reader_may_enter(void)
{
    return writers == 0;
}
