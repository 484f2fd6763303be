/* SPDX-License-Identifier: MIT */
/* What coroutine.h promises of values, states and refusals. */
#include <errno.h>
#include <ilv/coroutine.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ilv_test.h"

static int number[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static char said[64]; /* what coroutines said, in order */

static void say(const char *word)
{
    strncat(said, word, sizeof said - strlen(said) - 1);
}

static struct ilv_coroutine *make(ilv_coroutine_function *function, void *argument)
{
    struct ilv_coroutine *made = NULL;
    ILV_CHECK_INT(ilv_coroutine_create(&made, NULL, function, argument), 0);
    return made;
}

static void end(struct ilv_coroutine *coroutine)
{
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
}

static int sent_to(struct ilv_coroutine *coroutine, int value)
{
    void *answer = NULL;
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[value], &answer), 0);
    return answer != NULL ? *(int *)answer : -1;
}

/* Yields what it is sent. */
static void *echo(void *argument, void *sent)
{
    while (ilv_coroutine_yield(sent, &sent) == 0)
        continue;
    return argument;
}

/* Returns what it is sent. */
static void *once(void *argument, void *sent)
{
    (void)argument;
    return sent;
}

/* Values. */

static void values_go_both_ways(void)
{
    struct ilv_coroutine *coroutine = make(echo, NULL);
    ILV_CHECK_INT(sent_to(coroutine, 3), 3);
    ILV_CHECK_INT(sent_to(coroutine, 7), 7);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[1], NULL), 0);
    ILV_CHECK_INT(sent_to(coroutine, 0), 0);
    end(coroutine);
}

static void what_it_returns_is_its_last_answer(void)
{
    struct ilv_coroutine *coroutine = make(once, NULL);
    void *answer = NULL;
    void *result = NULL;
    ILV_CHECK_INT(ilv_coroutine_result(coroutine, &result), EBUSY);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[5], &answer), ENODATA);
    ILV_CHECK(answer == &number[5]);
    ILV_CHECK_INT(ilv_coroutine_result(coroutine, &result), 0);
    ILV_CHECK(result == &number[5]);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
}

static void one_that_has_ended_is_refused(void)
{
    struct ilv_coroutine *coroutine = make(once, NULL);
    void *answer = &number[9];
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), ENODATA);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[1], &answer), EPIPE);
    ILV_CHECK_INT(ilv_coroutine_switch_to(coroutine, &number[1], &answer), EPIPE);
    ILV_CHECK(answer == &number[9]);
    end(coroutine);
}

/* In order, the labels of a tree whose left and right are 2n and 2n + 1. */
static void walk(intptr_t node, intptr_t nodes)
{
    if (node > nodes)
        return;
    walk(2 * node, nodes);
    ilv_coroutine_yield(&number[node], NULL);
    walk(2 * node + 1, nodes);
}

static void *walker(void *argument, void *sent)
{
    (void)sent;
    walk(1, *(int *)argument);
    return NULL;
}

static void it_yields_from_within_calls(void)
{
    static const int expected[7] = {4, 2, 5, 1, 6, 3, 7};
    struct ilv_coroutine *coroutine = make(walker, &number[7]);
    for (int i = 0; i < 7; i++)
        ILV_CHECK_INT(sent_to(coroutine, 0), expected[i]);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), ENODATA);
    end(coroutine);
}

/* Yields twice whatever the other one yields. */
static void *doubles(void *argument, void *sent)
{
    void *answer;
    while (ilv_coroutine_send(argument, sent, &answer) == 0)
        if (ilv_coroutine_yield((int *)answer + *(int *)answer, &sent) != 0)
            break;
    return NULL;
}

static void one_resumes_another(void)
{
    struct ilv_coroutine *inner = make(echo, NULL);
    struct ilv_coroutine *outer = make(doubles, inner);
    ILV_CHECK_INT(sent_to(outer, 2), 4);
    ILV_CHECK_INT(sent_to(outer, 4), 8);
    ILV_CHECK_INT(sent_to(inner, 3), 3);
    end(outer);
    end(inner);
}

/* Refusals. */

static void *resume_myself(void *argument, void *sent)
{
    int *error = argument;
    error[0] = ilv_coroutine_send(ilv_coroutine_current(), NULL, NULL);
    error[1] = ilv_coroutine_switch_to(ilv_coroutine_current(), NULL, NULL);
    error[2] = ilv_coroutine_close(ilv_coroutine_current());
    error[3] = ilv_coroutine_free(ilv_coroutine_current());
    return sent;
}

static void resuming_oneself_is_refused(void)
{
    int error[4] = {0, 0, 0, 0};
    struct ilv_coroutine *coroutine = make(resume_myself, error);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), ENODATA);
    ILV_CHECK_INT(error[0], EDEADLK);
    ILV_CHECK_INT(error[1], EDEADLK);
    ILV_CHECK_INT(error[2], EDEADLK);
    ILV_CHECK_INT(error[3], EBUSY);
    end(coroutine);
    ILV_CHECK_INT(ilv_coroutine_send(ilv_coroutine_current(), NULL, NULL), EDEADLK);
    ILV_CHECK_INT(ilv_coroutine_close(ilv_coroutine_current()), EDEADLK);
    ILV_CHECK_INT(ilv_coroutine_free(ilv_coroutine_current()), EINVAL);
}

struct pair {
    struct ilv_coroutine *one;
    struct ilv_coroutine *two;
    int error[6];
};

static void *resume_who_waits_for_me(void *argument, void *sent)
{
    struct pair *pair = argument;
    pair->error[0] = ilv_coroutine_send(pair->one, NULL, NULL);
    pair->error[1] = ilv_coroutine_close(pair->one);
    pair->error[2] = ilv_coroutine_free(pair->one);
    pair->error[3] = (int)ilv_coroutine_state(pair->one);
    return sent;
}

static void *resume_the_other(void *argument, void *sent)
{
    struct pair *pair = argument;
    pair->error[4] = ilv_coroutine_send(pair->two, NULL, NULL);
    return sent;
}

static void resuming_one_that_waits_for_the_caller_is_refused(void)
{
    struct pair pair = {.error = {0}};
    pair.one = make(resume_the_other, &pair);
    pair.two = make(resume_who_waits_for_me, &pair);
    ILV_CHECK_INT(ilv_coroutine_send(pair.one, NULL, NULL), ENODATA);
    ILV_CHECK_INT(pair.error[0], EDEADLK);
    ILV_CHECK_INT(pair.error[1], EDEADLK);
    ILV_CHECK_INT(pair.error[2], EBUSY);
    ILV_CHECK_INT(pair.error[3], ILV_COROUTINE_WAITING);
    ILV_CHECK_INT(pair.error[4], ENODATA);
    end(pair.one);
    end(pair.two);
}

static void *from_elsewhere(void *argument)
{
    struct pair *pair = argument;
    pair->error[0] = ilv_coroutine_send(pair->one, NULL, NULL);
    pair->error[1] = ilv_coroutine_switch_to(pair->one, NULL, NULL);
    pair->error[2] = ilv_coroutine_close(pair->one);
    pair->error[3] = ilv_coroutine_free(pair->one);
    pair->error[4] = ilv_coroutine_free(pair->two);
    pair->error[5] = ilv_coroutine_yield(NULL, NULL);
    return NULL;
}

static void another_threads_is_refused(void)
{
    struct pair pair = {.one = make(echo, NULL), .two = make(once, NULL), .error = {0}};
    pthread_t thread;
    ILV_CHECK_INT(sent_to(pair.one, 1), 1);
    ILV_CHECK_INT(ilv_coroutine_send(pair.two, NULL, NULL), ENODATA);
    ILV_CHECK_INT(pthread_create(&thread, NULL, from_elsewhere, &pair), 0);
    ILV_CHECK_INT(pthread_join(thread, NULL), 0);
    for (int i = 0; i < 4; i++)
        ILV_CHECK_INT(pair.error[i], EPERM);
    ILV_CHECK_INT(pair.error[4], 0); /* it had ended: anybody frees it */
    ILV_CHECK_INT(pair.error[5], EPERM);
    ILV_CHECK_INT(sent_to(pair.one, 2), 2);
    end(pair.one);
}

static void senseless_arguments_are_refused(void)
{
    struct ilv_coroutine *made = NULL;
    struct ilv_coroutine_options tiny = {.stack_size = ILV_COROUTINE_STACK_MIN - 1};
    struct ilv_coroutine_options huge = {.stack_size = SIZE_MAX / 2};
    struct ilv_coroutine_options too_large = {.stack_size = SIZE_MAX};
    ILV_CHECK_INT(ilv_coroutine_create(NULL, NULL, echo, NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_create(&made, NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_create(&made, &tiny, echo, NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_create(&made, &huge, echo, NULL), ENOMEM);
    ILV_CHECK_INT(ilv_coroutine_create(&made, &too_large, echo, NULL), ENOMEM);
    ILV_CHECK(made == NULL);
    ILV_CHECK_INT(ilv_coroutine_send(NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_switch_to(NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_close(NULL), EINVAL);
    ILV_CHECK_INT(ilv_coroutine_result(NULL, NULL), EINVAL);
    ILV_CHECK_INT((int)ilv_coroutine_state(NULL), ILV_COROUTINE_ENDED);
    ILV_CHECK_INT(ilv_coroutine_free(NULL), 0);
    ILV_CHECK_INT(ilv_coroutine_yield(NULL, NULL), EPERM);
}

static void *state_of_mine(void *argument, void *sent)
{
    (void)sent;
    *(bool *)argument = ilv_coroutine_state(ilv_coroutine_current()) == ILV_COROUTINE_RUNNING;
    ilv_coroutine_yield(ilv_coroutine_current(), NULL);
    return NULL;
}

static void states_are_told(void)
{
    bool running = false;
    void *answer = NULL;
    struct ilv_coroutine *coroutine = make(state_of_mine, &running);
    ILV_CHECK_INT((int)ilv_coroutine_state(coroutine), ILV_COROUTINE_NEW);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, &answer), 0);
    ILV_CHECK(running && answer == coroutine);
    ILV_CHECK_INT((int)ilv_coroutine_state(coroutine), ILV_COROUTINE_SUSPENDED);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), EBUSY);
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT((int)ilv_coroutine_state(coroutine), ILV_COROUTINE_ENDED);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
    ILV_CHECK_INT((int)ilv_coroutine_state(ilv_coroutine_current()), ILV_COROUTINE_RUNNING);
}

/* Closing. */

struct closed {
    int first;  /* what the yield gave that was refused */
    int second; /* and what yield, switch_to and a send to another gave then */
    int third;
    int fourth;
    struct ilv_coroutine *other;
};

static void *clean_up(void *argument, void *sent)
{
    struct closed *closed = argument;
    void *answer = NULL;
    closed->first = ilv_coroutine_yield(NULL, &sent);
    closed->second = ilv_coroutine_yield(NULL, NULL);
    closed->third = ilv_coroutine_switch_to(closed->other, NULL, NULL);
    closed->fourth = ilv_coroutine_send(closed->other, &number[6], &answer);
    return answer;
}

static void a_closed_one_is_unwound_and_cannot_yield_again(void)
{
    struct closed closed = {.other = make(echo, NULL)};
    struct ilv_coroutine *coroutine = make(clean_up, &closed);
    void *result = NULL;
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), 0);
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT(closed.first, ECANCELED);
    ILV_CHECK_INT(closed.second, ECANCELED);
    ILV_CHECK_INT(closed.third, ECANCELED);
    ILV_CHECK_INT(closed.fourth, 0);
    ILV_CHECK_INT(ilv_coroutine_result(coroutine, &result), 0);
    ILV_CHECK(result == &number[6]);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), EPIPE);
    end(coroutine);
    end(closed.other);
}

static void *must_not_run(void *argument, void *sent)
{
    (void)sent;
    *(int *)argument = 1;
    return argument;
}

static void a_new_one_that_is_closed_never_runs(void)
{
    int ran = 0;
    void *result = &ran;
    struct ilv_coroutine *coroutine = make(must_not_run, &ran);
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT(ilv_coroutine_close(coroutine), 0);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, NULL, NULL), EPIPE);
    ILV_CHECK_INT(ilv_coroutine_result(coroutine, &result), 0);
    ILV_CHECK(result == NULL && ran == 0);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
    coroutine = make(must_not_run, &ran);
    ILV_CHECK_INT(ilv_coroutine_free(coroutine), 0);
    ILV_CHECK_INT(ran, 0);
}

/* Switching. */

static void *twelve_and_thirty_four(void *argument, void *sent)
{
    struct pair *pair = argument;
    (void)sent;
    say("12 ");
    pair->error[0] = ilv_coroutine_switch_to(pair->two, NULL, NULL);
    say("34 ");
    pair->error[1] = ilv_coroutine_switch_to(pair->two, &number[4], NULL);
    return NULL;
}

static void *fifty_six_and_seventy_eight(void *argument, void *sent)
{
    struct pair *pair = argument;
    say("56 ");
    pair->error[2] = ilv_coroutine_switch_to(pair->one, NULL, &sent);
    say("78 ");
    return sent;
}

static void switches_go_where_they_are_told(void)
{
    struct pair pair = {.error = {-1, -1, -1}};
    void *answer = NULL;
    pair.one = make(twelve_and_thirty_four, &pair);
    pair.two = make(fifty_six_and_seventy_eight, &pair);
    ILV_CHECK_INT(ilv_coroutine_switch_to(pair.one, NULL, &answer), ENODATA);
    ILV_CHECK_STR(said, "12 56 34 78 ");
    ILV_CHECK(answer == &number[4]); /* of the one that was in the first one's place */
    ILV_CHECK_INT(pair.error[0], 0);
    ILV_CHECK_INT(pair.error[2], 0);
    ILV_CHECK_INT((int)ilv_coroutine_state(pair.one), ILV_COROUTINE_SUSPENDED);
    end(pair.one);
    ILV_CHECK_INT(pair.error[1], ECANCELED);
    end(pair.two);
}

static void *switch_back(void *argument, void *sent)
{
    int error = ilv_coroutine_switch_to(argument, sent, &sent);
    return error == 0 ? sent : NULL;
}

static void a_switch_to_who_resumed_one_is_a_yield(void)
{
    struct ilv_coroutine *coroutine = make(switch_back, ilv_coroutine_current());
    void *answer = NULL;
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[1], &answer), 0);
    ILV_CHECK(answer == &number[1]);
    ILV_CHECK_INT(ilv_coroutine_send(coroutine, &number[2], &answer), ENODATA);
    ILV_CHECK(answer == &number[2]);
    end(coroutine);
}

static void *send_to_one(void *argument, void *sent)
{
    struct pair *pair = argument;
    pair->error[0] = ilv_coroutine_send(pair->one, sent, NULL);
    return sent;
}

static void *switch_past_it(void *argument, void *sent)
{
    (void)sent;
    return &number[ilv_coroutine_switch_to(argument, NULL, NULL) == EDEADLK];
}

static void a_switch_past_who_waits_is_refused(void)
{
    struct pair pair = {.error = {0}};
    void *result = NULL;
    pair.one = make(switch_past_it, ilv_coroutine_current());
    pair.two = make(send_to_one, &pair);
    ILV_CHECK_INT(ilv_coroutine_send(pair.two, NULL, NULL), ENODATA);
    ILV_CHECK_INT(pair.error[0], ENODATA);
    ILV_CHECK_INT(ilv_coroutine_result(pair.one, &result), 0);
    ILV_CHECK(result == &number[1]);
    end(pair.one);
    end(pair.two);
}

ILV_SUITE(coroutine, ILV_TEST(values_go_both_ways), ILV_TEST(what_it_returns_is_its_last_answer),
          ILV_TEST(one_that_has_ended_is_refused), ILV_TEST(it_yields_from_within_calls),
          ILV_TEST(one_resumes_another), ILV_TEST(resuming_oneself_is_refused),
          ILV_TEST(resuming_one_that_waits_for_the_caller_is_refused),
          ILV_TEST(another_threads_is_refused), ILV_TEST(senseless_arguments_are_refused),
          ILV_TEST(states_are_told), ILV_TEST(a_closed_one_is_unwound_and_cannot_yield_again),
          ILV_TEST(a_new_one_that_is_closed_never_runs), ILV_TEST(switches_go_where_they_are_told),
          ILV_TEST(a_switch_to_who_resumed_one_is_a_yield),
          ILV_TEST(a_switch_past_who_waits_is_refused));
