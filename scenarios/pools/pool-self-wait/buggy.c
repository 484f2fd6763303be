/* SPDX-License-Identifier: MIT */
/*
 * A task has another task done by its own pool and waits for it.
 *
 *     clerk 1                               clerk 2
 *     opens letter 1
 *                                           opens letter 2
 *     submits a translation, waits
 *                                           submits a translation, waits
 *
 * Two translations stand in the queue, and all who could make them wait for them. As long as one
 * clerk is free when the other waits, all is well, and so it is on most days.
 */
#include "common.h"

static void answer(struct letter *letter)
{
    const struct ilv_call call = {.function = translate, .result_size = sizeof(int)};
    int text = 0;
    scenario_must(ilv_pool_apply(office, &call, &text), "ilv_pool_apply");
    send_answer(letter, text);
}
