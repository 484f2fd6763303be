/* SPDX-License-Identifier: MIT */
/* How the stack of a crash is told: each frame, and what comes again and again once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

#define CHECK "    balance_of() at tests/reporters/bank.c:61\n"
#define AUDIT "    audit() at tests/reporters/bank.c:66\n"
#define RUN "    run() at tests/reporters/bank.c:29\n"
#define SIX CHECK AUDIT RUN CHECK RUN AUDIT /* more than a round may have */

/* A crash whose stack has these frames, innermost first, and then the last two in turn until there
 * are `depth` of them; checks how it is told. */
static void check_deep_stack(const enum bank_call *frames, unsigned count, unsigned depth,
                             const char *wanted)
{
    struct telling t;
    uint64_t frame[ILV_SITE_DEPTH] = {0};
    telling_begin(&t, LINES);
    for (unsigned i = 0; i < depth; i++)
        frame[i] = t.run->site[1 + frames[i < count ? i : count - 2 + (i - count) % 2]].frame[0];
    memcpy(t.run->site[1 + HELPER_CHECK].frame, frame, sizeof frame);
    found(&t, ILV_VERDICT_CRASH, ILV_KIND_NONE, 0)->value = SIGSEGV;
    part(&t, ILV_ROLE_DID, 0, 0, 0, HELPER_CHECK);
    char *text = told_by(&t, ILV_REPORTER_text);
    char *stack = strstr(text, "  stack of T0:\n");
    char *end = stack != NULL ? strstr(stack, "\n\n") : NULL;
    if (ILV_CHECK(end != NULL)) {
        end[1] = '\0';
        ILV_CHECK_STR(strchr(stack, '\n') + 1, wanted);
    }
    free(text);
    telling_end(&t);
}

static void check_stack(const enum bank_call *frames, unsigned count, const char *wanted)
{
    check_deep_stack(frames, count, count, wanted);
}

static void different_frames_are_told_one_by_one(void)
{
    static const enum bank_call frames[] = {HELPER_CHECK, AUDIT_HELPER, MAIN_CREATE_ONE};
    check_stack(frames, 3, CHECK AUDIT RUN);
}

static void a_few_equal_frames_are_told_one_by_one(void)
{
    static const enum bank_call frames[] = {HELPER_CHECK, HELPER_CHECK, HELPER_CHECK, AUDIT_HELPER};
    check_stack(frames, 4, CHECK CHECK CHECK AUDIT);
}

static void a_function_that_calls_itself_is_told_once(void)
{
    static const enum bank_call frames[] = {MAIN_CREATE_ONE, HELPER_CHECK, HELPER_CHECK,
                                            HELPER_CHECK,    HELPER_CHECK, HELPER_CHECK,
                                            AUDIT_HELPER};
    check_stack(frames, 7, RUN CHECK "    ... 4 more of balance_of()\n" AUDIT);
}

static void functions_that_call_each_other_are_told_once(void)
{
    static const enum bank_call frames[] = {HELPER_CHECK, AUDIT_HELPER};
    _Static_assert(ILV_SITE_DEPTH == 16, "as many are told");
    check_deep_stack(frames, 2, ILV_SITE_DEPTH,
                     CHECK AUDIT "    ... at least 14 more of balance_of(), audit()\n");
}

static void a_stack_that_was_cut_off_says_so(void)
{
    static const enum bank_call frames[] = {
        HELPER_CHECK, AUDIT_HELPER, MAIN_CREATE_ONE, HELPER_CHECK, MAIN_CREATE_ONE, AUDIT_HELPER,
        HELPER_CHECK, AUDIT_HELPER, MAIN_CREATE_ONE, HELPER_CHECK, MAIN_CREATE_ONE, AUDIT_HELPER,
        HELPER_CHECK, AUDIT_HELPER, MAIN_CREATE_ONE, HELPER_CHECK};
    _Static_assert(sizeof frames / sizeof frames[0] == ILV_SITE_DEPTH, "as many as there may be");
    check_stack(frames, ILV_SITE_DEPTH, SIX SIX CHECK AUDIT RUN CHECK "    ...\n");
    check_stack(frames, ILV_SITE_DEPTH - 1, SIX SIX CHECK AUDIT RUN);
}

ILV_SUITE(stack, ILV_TEST(different_frames_are_told_one_by_one),
          ILV_TEST(a_few_equal_frames_are_told_one_by_one),
          ILV_TEST(a_function_that_calls_itself_is_told_once),
          ILV_TEST(functions_that_call_each_other_are_told_once),
          ILV_TEST(a_stack_that_was_cut_off_says_so));
