/* SPDX-License-Identifier: MIT */
/*
 * The customer asks and takes what lies on the counter, without hearing the answer.
 *
 *     customers                         baker
 *     first asks
 *                                       puts down the first loaf
 *     second asks
 *                                       puts down the second loaf
 *     the shop closes
 *                                       goes home
 *     third asks                        (nobody: EPIPE, and the counter is as it was)
 *     takes the second loaf once more
 *
 * Who is sent to after the end cannot answer; the value of the last time still looks like an
 * answer.
 */
#include "common.h"

static bool buy(struct ilv_coroutine *baker, void **loaf)
{
    ilv_coroutine_send(baker, NULL, loaf);
    return *loaf != NULL;
}
