/* SPDX-License-Identifier: MIT */
/*
 * An office of two clerks, a pool, answers letters. To answer one is a task; it has the letter
 * translated first, which is a task for the same office. Main brings a letter now and then. How an
 * answer gets at its translation is what the variants are about.
 */
#include <ilv/event.h>
#include <ilv/pool.h>

#include "scenario_ilv.h"

#define CLERKS 2
#define LETTERS 2

struct letter {
    struct ilv_event answered;
    int answer; /* valid when it is answered */
};

static struct ilv_pool *office;
static struct letter letters[LETTERS];

/* The task of a letter once it is opened: has it translated and calls send_answer(). */
static void answer(struct letter *letter);

/* The task of a translation. */
static int translate(const void *unused, void *text)
{
    (void)unused;
    *(int *)text = 42;
    return 0;
}

static void send_answer(struct letter *letter, int text)
{
    letter->answer = text;
    ilv_event_set(&letter->answered);
}

static int open_letter(const void *argument, void *unused)
{
    struct letter *letter = *(struct letter *const *)argument;
    (void)unused;
    answer(letter);
    return 0;
}

static void bring(struct letter *letter)
{
    const struct ilv_call call = {
        .function = open_letter, .argument = &letter, .argument_size = sizeof(struct letter *)};
    scenario_must(ilv_pool_submit(office, &call, NULL), "ilv_pool_submit");
    scenario_rest();
}

int main(void)
{
    const struct ilv_pool_options options = {.workers = CLERKS};
    scenario_must(ilv_pool_new(&office, &options), "ilv_pool_new");
    for (int i = 0; i < LETTERS; i++)
        bring(&letters[i]);
    for (int i = 0; i < LETTERS; i++) {
        ilv_event_wait(&letters[i].answered);
        scenario_check(letters[i].answer == 42, "every letter is answered");
    }
    scenario_must(ilv_pool_close(office), "ilv_pool_close");
    scenario_must(ilv_pool_join(office), "ilv_pool_join");
    scenario_must(ilv_pool_free(office), "ilv_pool_free");
    return 0;
}
