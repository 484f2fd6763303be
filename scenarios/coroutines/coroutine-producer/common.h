/* SPDX-License-Identifier: MIT */
/*
 * A bakery. The baker is a coroutine that bakes a loaf whenever somebody asks; customers come one
 * after the other and ask. After some of them the shop closes, and one comes late. What a customer
 * makes of the answer is what the variants are about.
 */
#include <errno.h>
#include <ilv/coroutine.h>
#include <stdbool.h>

#include "scenario.h"

#define CUSTOMERS 3
#define LATE 2

static int sold[CUSTOMERS]; /* how often each loaf was */

/* True if the customer has got a loaf. */
static bool buy(struct ilv_coroutine *baker, void **loaf);

static void *bake(void *argument, void *sent)
{
    (void)argument;
    for (int i = 0; i < CUSTOMERS; i++)
        if (ilv_coroutine_yield(&sold[i], &sent) != 0)
            break;
    return NULL;
}

int main(void)
{
    struct ilv_coroutine *baker;
    void *loaf = NULL;
    int content = 0;
    scenario_must(ilv_coroutine_create(&baker, NULL, bake, NULL), "ilv_coroutine_create");
    for (int customer = 0; customer < CUSTOMERS; customer++) {
        if (customer == LATE)
            scenario_must(ilv_coroutine_close(baker), "ilv_coroutine_close");
        if (!buy(baker, &loaf))
            continue;
        content++;
        ++*(int *)loaf;
    }
    for (int i = 0; i < CUSTOMERS; i++)
        scenario_check(sold[i] <= 1, "every loaf is sold once");
    scenario_check(content == LATE, "who comes after the shop has closed goes without");
    scenario_must(ilv_coroutine_free(baker), "ilv_coroutine_free");
    return 0;
}
