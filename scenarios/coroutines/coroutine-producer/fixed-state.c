/* SPDX-License-Identifier: MIT */
/*
 * Looks at the sign on the door before asking. Nobody can close between the look and the asking: a
 * coroutine runs only when it is told to. And one who ends instead of baking answers with nothing.
 */
#include "common.h"

static bool buy(struct ilv_coroutine *baker, void **loaf)
{
    if (ilv_coroutine_state(baker) == ILV_COROUTINE_ENDED)
        return false;
    ilv_coroutine_send(baker, NULL, loaf);
    return *loaf != NULL;
}
