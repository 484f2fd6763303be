/* SPDX-License-Identifier: MIT */
/* How a story looks: what it knows, how wide it may be, how much of a run it shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

static void told_with_names_and_lines(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    check_golden(&t, "deadlock-cycle");
    telling_end(&t);
}

static void told_with_names_alone(void)
{
    struct telling t;
    telling_begin(&t, NAMES);
    abba(&t);
    check_golden(&t, "deadlock-cycle-names");
    telling_end(&t);
}

static void told_without_any_names(void)
{
    struct telling t;
    telling_begin(&t, NOTHING);
    abba(&t);
    check_golden(&t, "deadlock-cycle-nothing");
    telling_end(&t);
}

static void told_on_a_narrow_terminal(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    t.report.options.width = 60;
    check_golden(&t, "deadlock-cycle-60");
    t.report.options.width = 10;
    check_golden(&t, "deadlock-cycle-60");
    telling_end(&t);
}

/* T0.2's operation was possible when it was published: no record says that it waits. */
static void a_wait_without_a_record_is_told(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    t.run->trace_count--;
    t.run->task[2].op.site = 1 + TWO_LOCK_A;
    check_golden(&t, "deadlock-cycle");
    telling_end(&t);
}

static void told_in_colour(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    t.report.options.colour = true;
    t.report.options.unicode = true;
    check_golden(&t, "deadlock-cycle-colour");
    telling_end(&t);
}

static void told_without_source_lines(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    t.report.options.no_source = true;
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "lock(&lock_a);") == NULL);
    free(text);
    t.report.options.no_source = false;
    text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "lock(&lock_a);") != NULL);
    free(text);
    telling_end(&t);
}

static size_t widest(const char *text)
{
    size_t most = 0;
    for (size_t length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        most = length > most ? length : most;
    }
    return most;
}

static void no_line_is_wider_than_the_terminal(void)
{
    for (uint32_t width = 60; width <= 120; width++) {
        struct telling t;
        telling_begin(&t, LINES);
        abba(&t);
        t.report.options.width = width;
        char *text = told_by(&t, ILV_REPORTER_text);
        ILV_CHECK(widest(text) <= width);
        free(text);
        telling_end(&t);
    }
}

/* Seven tasks around a table, each with the fork to its left. */
static void philosophers(struct telling *t, uint16_t count)
{
    uint32_t fork[16];
    for (uint16_t i = 0; i < count; i++) {
        fork[i] = make_object(t, ILV_CLASS_MUTEX, NULL, 0);
        t->run->object[fork[i]].site = 1 + MAIN_CREATE_TWO;
    }
    for (uint16_t i = 1; i <= count; i++) {
        make_task(t, 0, MAIN_CREATE_ONE);
        does(t, 0, ILV_EV_TASK_CREATE, task_object(t, i), MAIN_CREATE_ONE);
        does(t, i, ILV_EV_TASK_START, task_object(t, i), -1);
        does(t, i, ILV_EV_MUTEX_LOCK, fork[i - 1], ONE_LOCK_A);
    }
    for (uint16_t i = 1; i <= count; i++)
        waits(t, i, ILV_EV_MUTEX_LOCK, fork[i % count], ONE_LOCK_B);
    found(t, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, count);
    for (uint16_t i = 1; i <= count; i++) {
        part(t, ILV_ROLE_HOLDS, i, fork[i - 1], 3u * i, ONE_LOCK_A);
        part(t, ILV_ROLE_WAITS, i, fork[i % count], 0, ONE_LOCK_B);
    }
}

static void many_tasks_are_told_as_a_list(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    philosophers(&t, 7);
    check_golden(&t, "philosophers-7");
    telling_end(&t);
}

static void four_tasks_fit_beside_each_other(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    philosophers(&t, 4);
    check_golden(&t, "philosophers-4");
    t.report.options.width = 60;
    check_golden(&t, "philosophers-4-60");
    telling_end(&t);
}

/* Thousands of steps on other locks, and of other tasks, before and between. */
static void long_run(struct telling *t)
{
    uint32_t a;
    uint32_t b;
    uint32_t other = make_object(t, ILV_CLASS_MUTEX, &accounts[1].lock, sizeof accounts[1].lock);
    uint16_t third;
    two_tellers(t, &a, &b);
    third = make_task(t, 0, MAIN_CREATE_TWO);
    does(t, 0, ILV_EV_TASK_CREATE, task_object(t, third), MAIN_CREATE_TWO);
    for (unsigned i = 0; i < 1000; i++) {
        does(t, third, ILV_EV_MUTEX_LOCK, other, CONSUMER_LOCK);
        does(t, third, ILV_EV_MUTEX_UNLOCK, other, CONSUMER_LOCK);
    }
    waits(t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    does(t, third, ILV_EV_MUTEX_LOCK, other, CONSUMER_LOCK);
    does(t, third, ILV_EV_MUTEX_UNLOCK, other, CONSUMER_LOCK);
    waits(t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B);
    found(t, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, 1);
    part(t, ILV_ROLE_HOLDS, 1, a, 4, ONE_LOCK_A);
    part(t, ILV_ROLE_WAITS, 1, b, 0, ONE_LOCK_B);
    part(t, ILV_ROLE_HOLDS, 2, b, 6, TWO_LOCK_B);
    part(t, ILV_ROLE_WAITS, 2, a, 0, TWO_LOCK_A);
}

static void only_the_steps_that_matter_are_told(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    long_run(&t);
    check_golden(&t, "long-run");
    telling_end(&t);
}

static void the_whole_run_is_told_on_demand(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    long_run(&t);
    t.report.options.whole = true;
    char *text = told_by(&t, ILV_REPORTER_text);
    unsigned rows = 0;
    for (const char *at = text; (at = strstr(at, "accounts[1].lock")) != NULL; at++)
        rows++;
    ILV_CHECK_INT(rows, 2002);
    ILV_CHECK(strstr(text, "...") == NULL);
    free(text);
    telling_end(&t);
}

static void a_full_trace_says_so(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "the trace was full") == NULL);
    free(text);
    t.run->trace_cut = 1;
    text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "(the trace was full after 6 steps; the run made more)") != NULL);
    free(text);
    telling_end(&t);
}

static void the_same_run_is_told_in_the_same_words(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    long_run(&t);
    char *first = told_by(&t, ILV_REPORTER_text);
    char *second = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK_STR(first, second);
    free(first);
    free(second);
    telling_end(&t);
}

static void names_that_would_steer_the_terminal_are_made_harmless(void)
{
    struct telling t;
    telling_begin(&t, NOTHING);
    make_task(&t, 0, MAIN_CREATE_ONE);
    memcpy(t.run->task[1].name, "\033[2Jname-\n-sixt", 16);
    does(&t, 0, ILV_EV_TASK_CREATE, task_object(&t, 1), -1);
    does(&t, 1, ILV_EV_TASK_EXIT, task_object(&t, 1), -1);
    struct ilv_finding *f = found(&t, ILV_VERDICT_LIMITED, ILV_KIND_NONE, 1);
    memset(f->text, '\a', sizeof f->text);
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strchr(text, '\033') == NULL);
    ILV_CHECK(strchr(text, '\a') == NULL);
    ILV_CHECK(strstr(text, "T0.1 ?[2Jname-?-sixt") != NULL);
    free(text);
    telling_end(&t);
}

ILV_SUITE(story, ILV_TEST(told_with_names_and_lines), ILV_TEST(told_with_names_alone),
          ILV_TEST(told_without_any_names), ILV_TEST(told_on_a_narrow_terminal),
          ILV_TEST(a_wait_without_a_record_is_told), ILV_TEST(told_in_colour),
          ILV_TEST(told_without_source_lines), ILV_TEST(no_line_is_wider_than_the_terminal),
          ILV_TEST(many_tasks_are_told_as_a_list), ILV_TEST(four_tasks_fit_beside_each_other),
          ILV_TEST(only_the_steps_that_matter_are_told), ILV_TEST(the_whole_run_is_told_on_demand),
          ILV_TEST(a_full_trace_says_so), ILV_TEST(the_same_run_is_told_in_the_same_words),
          ILV_TEST(names_that_would_steer_the_terminal_are_made_harmless));
