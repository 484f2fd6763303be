/* SPDX-License-Identifier: MIT */
/*
 * The answer counts if there was one: 0. ENODATA: the baker has just gone home. EPIPE: he had gone,
 * or was sent. In neither case is there a loaf.
 */
#include "common.h"

static bool buy(struct ilv_coroutine *baker, void **loaf)
{
    return ilv_coroutine_send(baker, NULL, loaf) == 0;
}
