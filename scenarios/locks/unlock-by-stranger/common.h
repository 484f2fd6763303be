/* SPDX-License-Identifier: MIT */
/*
 * A printer that takes one job at a time. A job that finds it busy is put aside and printed later
 * by main. How print_job() gives the printer back is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define PAGES 2

static int printing; /* jobs at the printer now */
static int pages;
static int put_aside;
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER; /* of the three above */

static bool print_job(void);

static void begin_page(void)
{
    pthread_mutex_lock(&count_lock);
    printing++;
    scenario_check(printing == 1, "one job is at the printer");
    pthread_mutex_unlock(&count_lock);
}

static void end_page(void)
{
    pthread_mutex_lock(&count_lock);
    printing--;
    pages++;
    pthread_mutex_unlock(&count_lock);
}

static void print_pages(void)
{
    for (int i = 0; i < PAGES; i++) {
        begin_page();
        end_page();
    }
}

static void *job(void *unused)
{
    if (!print_job()) {
        pthread_mutex_lock(&count_lock);
        put_aside++;
        pthread_mutex_unlock(&count_lock);
    }
    return unused;
}

int main(void)
{
    pthread_t jobs[] = {scenario_start(job, NULL), scenario_start(job, NULL),
                        scenario_start(job, NULL)};
    for (int i = 0; i < 3; i++)
        scenario_join(jobs[i]);
    for (int i = 0; i < put_aside; i++)
        scenario_check(print_job(), "the printer is free when nobody uses it");
    scenario_check(pages == 3 * PAGES, "every page is printed");
    return 0;
}
