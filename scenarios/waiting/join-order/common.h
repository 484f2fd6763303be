/* SPDX-License-Identifier: MIT */
/*
 * Three cooks with dishes of different lengths, started in the order of the menu. Main serves what
 * is done. How it learns what is done is what the variants are about.
 *
 * A line is a dish: when it was done, and when it was served, in milliseconds since the start,
 * rounded to the ten milliseconds in which dishes are counted.
 */
#include <stdint.h>
#include <time.h>

#include "scenario_ilv.h"

#define DISHES 3
#define MILLISECOND INT64_C(1000000)
#define UNIT (10 * MILLISECOND)

struct dish {
    const char *name;
    int units; /* that it takes */
    int done;  /* when; valid once its cook is joined, or told it */
    struct ilv_thread *cook;
};

static struct dish menu[DISHES] = {
    {.name = "roast", .units = 3}, {.name = "soup", .units = 1}, {.name = "salad", .units = 2}};
static int64_t start;

static void prepare(void);

/* What a cook does when his dish is done. */
static void tell(struct dish *dish);
static void serve_all(void);

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * (1000 * MILLISECOND) + time.tv_nsec;
}

/* Since the start, in milliseconds. */
static int time_of_day(void)
{
    return (int)((now() - start + UNIT / 2) / UNIT * UNIT / MILLISECOND);
}

static int cook(void *argument)
{
    struct dish *dish = argument;
    const struct timespec time = {.tv_nsec = (long)(dish->units * UNIT)};
    nanosleep(&time, NULL);
    dish->done = time_of_day();
    tell(dish);
    return 0;
}

static void serve(const struct dish *dish)
{
    printf("%-8s done at %2d ms, served at %2d ms\n", dish->name, dish->done, time_of_day());
}

int main(void)
{
    prepare();
    start = now();
    for (int i = 0; i < DISHES; i++)
        menu[i].cook = scenario_run(cook, &menu[i]);
    serve_all();
    return 0;
}
