/* SPDX-License-Identifier: MIT */
/* One story for each finding that the detectors make. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

static void finish(struct telling *t, const char *golden)
{
    check_golden(t, golden);
    telling_end(t);
}

static void self_deadlock(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    uint32_t m = make_object(&t, ILV_CLASS_MUTEX, &accounts[1].lock, sizeof accounts[1].lock);
    does(&t, 0, ILV_EV_MUTEX_LOCK, m, ONE_LOCK_A);
    waits(&t, 0, ILV_EV_MUTEX_LOCK, m, ONE_LOCK_B);
    found(&t, ILV_VERDICT_DEADLOCK, ILV_KIND_SELF, 0);
    part(&t, ILV_ROLE_HOLDS, 0, m, 1, ONE_LOCK_A);
    part(&t, ILV_ROLE_WAITS, 0, m, 0, ONE_LOCK_B);
    finish(&t, "deadlock-self");
}

static void deadlock_in_a_join(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 0, ILV_EV_MUTEX_LOCK, make_object(&t, ILV_CLASS_MUTEX, NULL, 40), CONSUMER_LOCK);
    uint32_t m = t.run->object_count - 1;
    waits(&t, 1, ILV_EV_MUTEX_LOCK, m, ONE_LOCK_B);
    waits(&t, 0, ILV_EV_TASK_JOIN, task_object(&t, 1), MAIN_JOIN);
    found(&t, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, 0);
    part(&t, ILV_ROLE_HOLDS, 0, m, 7, CONSUMER_LOCK);
    part(&t, ILV_ROLE_WAITS, 0, task_object(&t, 1), 0, MAIN_JOIN);
    part(&t, ILV_ROLE_WAITS, 1, m, 0, ONE_LOCK_B);
    finish(&t, "deadlock-join");
}

static void deadlock_with_an_owner_that_ended(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 1, ILV_EV_TASK_EXIT, task_object(&t, 1), -1);
    t.run->task[1].state = ILV_TASK_ENDED;
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    found(&t, ILV_VERDICT_DEADLOCK, ILV_KIND_OWNER_ENDED, 2);
    part(&t, ILV_ROLE_HOLDS, 1, a, 4, ONE_LOCK_A);
    part(&t, ILV_ROLE_WAITS, 2, a, 0, TWO_LOCK_A);
    finish(&t, "deadlock-owner-ended");
}

/* The consumer waits for a signal that the producer sent before. */
static void lost_wakeup(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    uint32_t c = make_object(&t, ILV_CLASS_COND, &ready, sizeof ready);
    does(&t, 2, ILV_EV_COND_SIGNAL, c, PRODUCER_SIGNAL);
    does(&t, 2, ILV_EV_TASK_EXIT, task_object(&t, 2), -1);
    does(&t, 1, ILV_EV_COND_WAIT, c, CONSUMER_WAIT)->object2 = a;
    waits(&t, 1, ILV_EV_COND_WAKE, c, CONSUMER_WAIT)->object2 = a;
    waits(&t, 0, ILV_EV_TASK_JOIN, task_object(&t, 1), MAIN_JOIN);
    found(&t, ILV_VERDICT_LOST_WAKEUP, ILV_KIND_NONE, 0);
    part(&t, ILV_ROLE_SIGNALLED, 2, c, 7, PRODUCER_SIGNAL);
    part(&t, ILV_ROLE_WAITS, 1, c, 9, CONSUMER_WAIT);
    finish(&t, "lost-wakeup");
}

static void nobody_left_to_wake(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    uint32_t c = make_object(&t, ILV_CLASS_COND, &ready, sizeof ready);
    does(&t, 1, ILV_EV_COND_WAIT, c, CONSUMER_WAIT)->object2 = a;
    waits(&t, 1, ILV_EV_COND_WAKE, c, CONSUMER_WAIT)->object2 = a;
    waits(&t, 0, ILV_EV_TASK_JOIN, task_object(&t, 1), MAIN_JOIN);
    found(&t, ILV_VERDICT_DEADLOCK, ILV_KIND_STUCK, 0);
    part(&t, ILV_ROLE_WAITS, 0, task_object(&t, 1), 0, MAIN_JOIN);
    part(&t, ILV_ROLE_WAITS, 1, c, 0, CONSUMER_WAIT);
    finish(&t, "deadlock-stuck");
}

static void unlock_by_a_stranger(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 2, ILV_EV_MUTEX_UNLOCK, a, TWO_UNLOCK);
    found(&t, ILV_VERDICT_LOCK_MISUSE, ILV_KIND_UNLOCK_STRANGER, 2);
    part(&t, ILV_ROLE_DID, 2, a, 7, TWO_UNLOCK);
    part(&t, ILV_ROLE_HOLDS, 1, a, 4, ONE_LOCK_A);
    finish(&t, "lock-misuse-stranger");
}

static void destroyed_while_held(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 0, ILV_EV_MUTEX_DESTROY, a, MAIN_JOIN)->result = 16;
    found(&t, ILV_VERDICT_LOCK_MISUSE, ILV_KIND_DESTROY_HELD, 0);
    part(&t, ILV_ROLE_DID, 0, a, 7, MAIN_JOIN);
    part(&t, ILV_ROLE_HOLDS, 1, a, 4, ONE_LOCK_A);
    finish(&t, "lock-misuse-destroy");
}

static void a_failed_assertion(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, ONE_UNLOCK);
    does(&t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    struct ilv_finding *f = found(&t, ILV_VERDICT_INVARIANT, ILV_KIND_ASSERT, 2);
    strcpy(f->text, "account->balance >= 0");
    part(&t, ILV_ROLE_NONE, 2, 0, 0, HELPER_CHECK);
    finish(&t, "invariant-assert");
}

static void a_failed_check_command(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    t.run->finding_count = 0;
    struct ilv_finding *f = found(&t, ILV_VERDICT_INVARIANT, ILV_KIND_CHECK_COMMAND, 0);
    strcpy(f->text, "gzip -t out.gz: status 1");
    finish(&t, "invariant-check-command");
}

static void a_crash_with_its_stack(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    found(&t, ILV_VERDICT_CRASH, ILV_KIND_NONE, 2)->value = SIGSEGV;
    part(&t, ILV_ROLE_DID, 2, 0, 0, HELPER_CHECK);
    finish(&t, "crash");
}

static void a_crash_without_names(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, NAMES);
    two_tellers(&t, &a, &b);
    found(&t, ILV_VERDICT_CRASH, ILV_KIND_NONE, 2)->value = SIGABRT;
    part(&t, ILV_ROLE_DID, 2, 0, 0, HELPER_CHECK);
    finish(&t, "crash-names");
}

static void an_exit_status(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, ONE_UNLOCK);
    does(&t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    does(&t, 0, ILV_EV_PROCESS_EXIT, 0, MAIN_JOIN);
    found(&t, ILV_VERDICT_EXIT_STATUS, ILV_KIND_NONE, 0)->value = 3;
    t.run->task[0].op = (struct ilv_op){.kind = ILV_EV_PROCESS_EXIT};
    part(&t, ILV_ROLE_DID, 0, 0, 0, MAIN_JOIN);
    found(&t, ILV_VERDICT_UNJOINED, ILV_KIND_NONE, 1);
    part(&t, ILV_ROLE_DID, 1, 0, t.run->task[1].made_at, MAIN_CREATE_ONE);
    part(&t, ILV_ROLE_DID, 2, 0, t.run->task[2].made_at, MAIN_CREATE_TWO);
    finish(&t, "exit-status");
}

static void what_a_program_said_last_is_told(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    does(&t, 0, ILV_EV_PROCESS_EXIT, 0, MAIN_JOIN);
    found(&t, ILV_VERDICT_EXIT_STATUS, ILV_KIND_NONE, 0)->value = 1;
    for (unsigned i = 0; i < 9000; i++)
        says(&t, "counting sheep\n");
    says(&t, "one\n\033[31mtwo\033[0m\n\n"
             "a line that is so long that it has to go on in the next one, because nobody wants to "
             "scroll sideways\nfive: no newline");
    check_golden(&t, "output");
    t.finding->verdict = ILV_VERDICT_DEADLOCK;
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "output") == NULL);
    free(text);
    telling_end(&t);
}

static void steps_without_end(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    for (unsigned i = 0; i < 400; i++) {
        does(&t, 1, ILV_EV_MUTEX_TRYLOCK, b, ONE_LOCK_B)->result = 16;
        does(&t, 2, ILV_EV_MUTEX_TRYLOCK, a, TWO_LOCK_A)->result = 16;
    }
    found(&t, ILV_VERDICT_LIVELOCK, ILV_KIND_NONE, 2);
    for (uint16_t task = 1; task <= 2; task++) {
        uint32_t object = task == 1 ? b : a;
        t.run->task[task].op = (struct ilv_op){.kind = ILV_EV_MUTEX_TRYLOCK, .object = object};
        part(&t, ILV_ROLE_DID, task, object, 0, task == 1 ? ONE_LOCK_B : TWO_LOCK_A);
    }
    finish(&t, "livelock");
}

static void a_thread_that_nobody_joined(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    make_task(&t, 0, MAIN_CREATE_ONE);
    does(&t, 0, ILV_EV_TASK_CREATE, task_object(&t, 1), MAIN_CREATE_ONE);
    does(&t, 1, ILV_EV_TASK_START, task_object(&t, 1), -1);
    does(&t, 1, ILV_EV_TASK_EXIT, task_object(&t, 1), -1);
    does(&t, 0, ILV_EV_PROCESS_EXIT, 0, -1);
    found(&t, ILV_VERDICT_UNJOINED, ILV_KIND_NONE, 1);
    part(&t, ILV_ROLE_DID, 1, 0, t.run->task[1].made_at, MAIN_CREATE_ONE);
    t.report.replay = NULL;
    finish(&t, "unjoined");
}

static void a_call_that_is_not_modelled(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    strcpy(found(&t, ILV_VERDICT_LIMITED, ILV_KIND_NONE, 2)->text, "futex_waitv is not modelled");
    part(&t, ILV_ROLE_DID, 2, 0, 0, HELPER_CHECK);
    finish(&t, "limited");
}

/* T0.1 gives up after 30 s though T0.2 could have gone on. */
static void time_that_has_to_pass(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    waits(&t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B)->flags |= ILV_TIMED;
    t.run->time += UINT64_C(30000000000) - 1000;
    struct ilv_step *gave_up = does(&t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B);
    gave_up->flags = ILV_TIMED | ILV_EXPIRED | ILV_EARLY;
    gave_up->result = 110;
    gave_up->ready = 2;
    does(&t, 2, ILV_EV_MUTEX_UNLOCK, b, TWO_UNLOCK);
    found(&t, ILV_VERDICT_EXIT_STATUS, ILV_KIND_NONE, 1)->value = 1;
    char line[128];
    ILV_CHECK_STR(ilv_report_timing(&t.report, line, sizeof line),
                  "timing: needs 30 s to pass while T0.2 could run");
    finish(&t, "timing");
}

/* The same when nobody else could have run. */
static void time_that_passes_anyway_is_not_told(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    waits(&t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B)->flags |= ILV_TIMED;
    struct ilv_step *gave_up = does(&t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B);
    gave_up->flags = ILV_TIMED | ILV_EXPIRED | ILV_EARLY;
    gave_up->ready = 1;
    char line[128];
    ILV_CHECK_STR(ilv_report_timing(&t.report, line, sizeof line), "");
    telling_end(&t);
}

static void nothing_found(void)
{
    struct telling t;
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, ONE_UNLOCK);
    does(&t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    finish(&t, "nothing");
}

static void findings_may_come_from_the_caller(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    struct ilv_finding own = {.verdict = ILV_VERDICT_UNCONFIRMED};
    t.report.finding = &own;
    t.report.finding_count = 1;
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "unconfirmed: a failure that did not replay") != NULL);
    ILV_CHECK(strstr(text, "deadlock") == NULL);
    free(text);
    telling_end(&t);
}

ILV_SUITE(findings, ILV_TEST(self_deadlock), ILV_TEST(deadlock_in_a_join),
          ILV_TEST(deadlock_with_an_owner_that_ended), ILV_TEST(lost_wakeup),
          ILV_TEST(nobody_left_to_wake), ILV_TEST(unlock_by_a_stranger),
          ILV_TEST(destroyed_while_held), ILV_TEST(a_failed_assertion),
          ILV_TEST(a_failed_check_command), ILV_TEST(a_crash_with_its_stack),
          ILV_TEST(a_crash_without_names), ILV_TEST(an_exit_status),
          ILV_TEST(what_a_program_said_last_is_told), ILV_TEST(steps_without_end),
          ILV_TEST(a_thread_that_nobody_joined), ILV_TEST(a_call_that_is_not_modelled),
          ILV_TEST(time_that_has_to_pass), ILV_TEST(time_that_passes_anyway_is_not_told),
          ILV_TEST(nothing_found), ILV_TEST(findings_may_come_from_the_caller));
