/* SPDX-License-Identifier: MIT */
/*
 * Two coroutines that name each other when they leave. Each goes on where it left.
 *
 *     main        one                    two
 *     to one
 *                 12, to two
 *                                        56, to one
 *                 34, to two
 *                                        78, the end
 *     ENODATA
 *
 * The one that ends gives back to who resumed the first: main. It is in one's place; one itself
 * never comes to its end, and is closed.
 */
#include <errno.h>
#include <ilv/coroutine.h>

#include "scenario.h"

static struct ilv_coroutine *one;
static struct ilv_coroutine *two;

static void *first(void *argument, void *sent)
{
    puts("12");
    ilv_coroutine_switch_to(two, NULL, &sent);
    puts("34");
    ilv_coroutine_switch_to(two, NULL, &sent);
    puts("closed");
    return argument;
}

static void *second(void *argument, void *sent)
{
    puts("56");
    ilv_coroutine_switch_to(one, NULL, &sent);
    puts("78");
    return argument;
}

int main(void)
{
    scenario_must(ilv_coroutine_create(&one, NULL, first, NULL), "ilv_coroutine_create");
    scenario_must(ilv_coroutine_create(&two, NULL, second, NULL), "ilv_coroutine_create");
    int error = ilv_coroutine_switch_to(one, NULL, NULL);
    printf("main: %s\n", error == ENODATA ? "two has ended" : strerror(error));
    scenario_must(ilv_coroutine_close(one), "ilv_coroutine_close");
    scenario_must(ilv_coroutine_free(one), "ilv_coroutine_free");
    scenario_must(ilv_coroutine_free(two), "ilv_coroutine_free");
    return 0;
}
