/* SPDX-License-Identifier: MIT */
/* How stories tell what happened inside our primitives. */
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

/* Who trades, who takes, and a thread of the library's own. */
struct market {
    struct telling t;
    uint16_t trader, taker, keeper;
    uint32_t inner, sleep, drawer;
};

static uint16_t begin_task(struct telling *t, enum bank_call made)
{
    uint16_t task = make_task(t, 0, made);
    does(t, 0, ILV_EV_TASK_CREATE, task_object(t, task), (int)made);
    does(t, task, ILV_EV_TASK_START, task_object(t, task), -1);
    return task;
}

static void market_begin(struct market *m)
{
    telling_begin(&m->t, LINES);
    m->inner = make_object(&m->t, ILV_CLASS_MUTEX, NULL, 40);
    m->sleep = make_object(&m->t, ILV_CLASS_FUTEX, &orders.taken, sizeof orders.taken);
    m->drawer = make_object(&m->t, ILV_CLASS_MUTEX, &drawer, sizeof drawer);
    m->trader = begin_task(&m->t, MAIN_CREATE_ONE);
    m->taker = begin_task(&m->t, MAIN_CREATE_TWO);
    m->keeper = begin_task(&m->t, MAIN_JOIN);
}

/* One call of put: a lock that the program knows nothing of, and a word of what it does know. */
static void put(struct market *m, int first)
{
    does(&m->t, m->trader, ILV_EV_MUTEX_LOCK, m->inner, first);
    does(&m->t, m->trader, ILV_EV_FUTEX_WAKE, m->sleep, STOCK_PUT_THEN);
    does(&m->t, m->trader, ILV_EV_MUTEX_UNLOCK, m->inner, STOCK_PUT_THEN);
}

static void take(struct market *m)
{
    does(&m->t, m->taker, ILV_EV_MUTEX_LOCK, m->inner, STOCK_TAKE_SLEEP);
    does(&m->t, m->taker, ILV_EV_MUTEX_UNLOCK, m->inner, STOCK_TAKE_SLEEP);
    does(&m->t, m->taker, ILV_EV_FUTEX_WAIT, m->sleep, STOCK_TAKE_SLEEP);
    put(m, STOCK_PUT_FIRST);
    does(&m->t, m->keeper, ILV_EV_MUTEX_LOCK, m->inner, STOCK_KEEPER);
    does(&m->t, m->keeper, ILV_EV_MUTEX_UNLOCK, m->inner, STOCK_KEEPER);
    does(&m->t, m->taker, ILV_EV_FUTEX_AWAKE, m->sleep, STOCK_TAKE_AWAKE);
    does(&m->t, m->taker, ILV_EV_MUTEX_LOCK, m->inner, STOCK_TAKE_THEN);
    does(&m->t, m->taker, ILV_EV_MUTEX_UNLOCK, m->inner, STOCK_TAKE_THEN);
}

static void end_badly(struct market *m)
{
    does(&m->t, 0, ILV_EV_PROCESS_EXIT, 0, MAIN_JOIN);
    found(&m->t, ILV_VERDICT_EXIT_STATUS, ILV_KIND_NONE, 0)->value = 1;
    part(&m->t, ILV_ROLE_DID, 0, 0, last_step(&m->t), MAIN_JOIN);
}

static void a_call_is_told_once_and_each_wait_in_it(void)
{
    struct market m;
    market_begin(&m);
    take(&m);
    end_badly(&m);
    check_golden(&m.t, "calls");
    telling_end(&m.t);
}

static void a_call_is_cut_between_its_parts(void)
{
    struct market m;
    market_begin(&m);
    take(&m);
    end_badly(&m);
    m.t.report.options.width = 80;
    check_golden(&m.t, "calls-80");
    telling_end(&m.t);
}

static void a_mutex_locked_as_such_is_told_as_one(void)
{
    struct market m;
    market_begin(&m);
    does(&m.t, m.trader, ILV_EV_MUTEX_LOCK, m.drawer, STOCK_LOCK);
    does(&m.t, m.taker, ILV_EV_MUTEX_LOCK, m.drawer, STOCK_LOCK);
    end_badly(&m);
    char *text = told_by(&m.t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "locks drawer") != NULL);
    ILV_CHECK(strstr(text, "calls") == NULL);
    free(text);
    telling_end(&m.t);
}

static void the_whole_story_tells_every_step(void)
{
    struct market m;
    market_begin(&m);
    take(&m);
    end_badly(&m);
    m.t.report.options.whole = true;
    char *text = told_by(&m.t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "sleeps on orders.taken") != NULL);
    ILV_CHECK(strstr(text, "ilv_stock") == NULL);
    ILV_CHECK(strstr(text, "steps)") == NULL);
    free(text);
    telling_end(&m.t);
}

static void who_waits_inside_a_call_waits_in_the_call(void)
{
    struct market m;
    market_begin(&m);
    does(&m.t, m.taker, ILV_EV_FUTEX_WAIT, m.sleep, STOCK_TAKE_SLEEP);
    waits(&m.t, m.taker, ILV_EV_FUTEX_AWAKE, m.sleep, STOCK_TAKE_SLEEP);
    waits(&m.t, m.keeper, ILV_EV_MUTEX_LOCK, m.sleep, STOCK_KEEPER);
    found(&m.t, ILV_VERDICT_DEADLOCK, ILV_KIND_STUCK, m.taker);
    part(&m.t, ILV_ROLE_WAITS, m.taker, m.sleep, 0, STOCK_TAKE_SLEEP);
    part(&m.t, ILV_ROLE_WAITS, m.keeper, m.sleep, 0, STOCK_KEEPER);
    check_golden(&m.t, "calls-stuck");
    telling_end(&m.t);
}

/* A lock of the library that somebody holds is named, for who holds it is told, too. */
static void a_lock_that_somebody_holds_is_named(void)
{
    struct market m;
    market_begin(&m);
    does(&m.t, m.trader, ILV_EV_MUTEX_LOCK, m.inner, STOCK_PUT_FIRST);
    waits(&m.t, m.taker, ILV_EV_MUTEX_LOCK, m.inner, STOCK_TAKE_SLEEP);
    found(&m.t, ILV_VERDICT_DEADLOCK, ILV_KIND_OWNER_ENDED, m.taker);
    part(&m.t, ILV_ROLE_WAITS, m.taker, m.inner, 0, STOCK_TAKE_SLEEP);
    char *text = told_by(&m.t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "T0.2 waits for M1") != NULL);
    free(text);
    telling_end(&m.t);
}

/* What races is named, wherever it is. */
static void an_access_that_races_is_told_in_its_own_words(void)
{
    struct market m;
    market_begin(&m);
    uint32_t word = make_object(&m.t, ILV_CLASS_MEMORY, &orders.taken, sizeof orders.taken);
    does(&m.t, m.trader, ILV_EV_MEMORY_WRITE, word, STOCK_PUT_FIRST);
    does(&m.t, m.taker, ILV_EV_MEMORY_READ, word, STOCK_TAKE_THEN);
    found(&m.t, ILV_VERDICT_DATA_RACE, ILV_KIND_NONE, m.taker);
    part(&m.t, ILV_ROLE_WROTE, m.trader, word, last_step(&m.t) - 1, STOCK_PUT_FIRST);
    part(&m.t, ILV_ROLE_READ, m.taker, word, last_step(&m.t), STOCK_TAKE_THEN);
    char *text = told_by(&m.t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "writes orders.taken") != NULL);
    ILV_CHECK(strstr(text, "reads orders.taken") != NULL);
    ILV_CHECK(strstr(text, "calls") == NULL);
    free(text);
    telling_end(&m.t);
}

/* Who is first in the library makes it ready, and the others wait for that. */
static void waiting_for_the_library_to_be_ready_is_not_told(void)
{
    struct market m;
    market_begin(&m);
    uint32_t once = make_object(&m.t, ILV_CLASS_ONCE, NULL, 4);
    does(&m.t, m.trader, ILV_EV_ONCE_BEGIN, once, STOCK_PUT_FIRST)->value = 1;
    waits(&m.t, m.taker, ILV_EV_ONCE_BEGIN, once, STOCK_TAKE_THEN);
    does(&m.t, m.trader, ILV_EV_ONCE_END, once, STOCK_PUT_FIRST);
    end_badly(&m);
    char *text = told_by(&m.t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "calls ilv_stock_put()") != NULL);
    ILV_CHECK(strstr(text, "waits") == NULL);
    free(text);
    telling_end(&m.t);
}

ILV_SUITE(calls, ILV_TEST(a_call_is_told_once_and_each_wait_in_it),
          ILV_TEST(a_call_is_cut_between_its_parts),
          ILV_TEST(a_mutex_locked_as_such_is_told_as_one),
          ILV_TEST(the_whole_story_tells_every_step),
          ILV_TEST(who_waits_inside_a_call_waits_in_the_call),
          ILV_TEST(a_lock_that_somebody_holds_is_named),
          ILV_TEST(an_access_that_races_is_told_in_its_own_words),
          ILV_TEST(waiting_for_the_library_to_be_ready_is_not_told));
