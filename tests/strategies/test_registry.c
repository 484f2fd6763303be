/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "ilv_test.h"
#include "strategy.h"

static void check_error(const char *text, const char *expected)
{
    struct ilv_parameters parameters;
    char error[200] = "";
    ILV_CHECK_INT(ilv_strategy_parse(text, &parameters, error, sizeof error), -EINVAL);
    ILV_CHECK_STR(error, expected);
}

static struct ilv_parameters parsed(const char *text, int expected)
{
    struct ilv_parameters parameters = {0};
    char error[200] = "";
    ILV_CHECK_INT(ilv_strategy_parse(text, &parameters, error, sizeof error), expected);
    ILV_CHECK_STR(error, "");
    return parameters;
}

static void every_strategy_has_its_name(void)
{
    static const char *const names[] = {
#define STRATEGY(identifier, name, parameters, gloss) name,
#include "strategies.def"
#undef STRATEGY
    };
    for (unsigned i = 0; i < ILV_STRATEGY_COUNT; i++) {
        ILV_CHECK_STR(ilv_strategy(i)->name, names[i]);
        if (i != ILV_STRATEGY_replay) {
            parsed(names[i], (int)i);
        }
    }
}

static void parameters_not_named_have_their_defaults(void)
{
    ILV_CHECK(parsed("random", ILV_STRATEGY_random).p == 0.1);
    ILV_CHECK_INT(parsed("pct", ILV_STRATEGY_pct).d, 3);
    ILV_CHECK_INT(parsed("random:p=0.5", ILV_STRATEGY_random).d, 3);
}

static void parameters_are_read_to_the_ends_of_their_ranges(void)
{
    ILV_CHECK(parsed("random:p=1", ILV_STRATEGY_random).p == 1.0);
    ILV_CHECK(parsed("random:p=0.001", ILV_STRATEGY_random).p == 0.001);
    ILV_CHECK_INT(parsed("pct:d=1", ILV_STRATEGY_pct).d, 1);
    ILV_CHECK_INT(parsed("pct:d=64", ILV_STRATEGY_pct).d, 64);
    ILV_CHECK_INT(parsed("pct:d=3,d=5", ILV_STRATEGY_pct).d, 5);
}

static void an_unknown_strategy_is_told_what_there_is(void)
{
    check_error("fast", "unknown strategy 'fast'; there are random, pct, pos, round-robin, "
                        "non-preemptive");
    check_error("", "unknown strategy ''; there are random, pct, pos, round-robin, "
                    "non-preemptive");
    check_error("po", "unknown strategy 'po'; there are random, pct, pos, round-robin, "
                      "non-preemptive");
    check_error("replay", "unknown strategy 'replay'; there are random, pct, pos, round-robin, "
                          "non-preemptive");
}

static void an_unknown_parameter_is_told_what_there_is(void)
{
    check_error("pct:p=0.5", "strategy 'pct' has no parameter 'p'; it has d=3");
    check_error("random:", "strategy 'random' has no parameter ''; it has p=0.1");
    check_error("random:p=0.5,", "strategy 'random' has no parameter ''; it has p=0.1");
    check_error("pos:d=3", "strategy 'pos' has no parameter 'd'; it has none");
    check_error("pct:d", "parameter 'd' has no value; strategy 'pct' has d=3");
}

static void a_value_out_of_range_is_told_the_range(void)
{
    check_error("random:p=0", "p is a probability above 0 and at most 1, not '0'");
    check_error("random:p=1.01", "p is a probability above 0 and at most 1, not '1.01'");
    check_error("random:p=nan", "p is a probability above 0 and at most 1, not 'nan'");
    check_error("random:p=", "p is a probability above 0 and at most 1, not ''");
    check_error("random:p=x,p=0.5", "p is a probability above 0 and at most 1, not 'x'");
    check_error("pct:d=0", "d is a whole number from 1 to 64, not '0'");
    check_error("pct:d=65", "d is a whole number from 1 to 64, not '65'");
    check_error("pct:d=2.5", "d is a whole number from 1 to 64, not '2.5'");
    check_error("pct:d=-1", "d is a whole number from 1 to 64, not '-1'");
    check_error("pct:d=99999999999999999999",
                "d is a whole number from 1 to 64, not '99999999999999999999'");
}

static void a_message_is_cut_to_its_place(void)
{
    struct ilv_parameters parameters;
    char error[12] = "xxxxxxxxxxx";
    ILV_CHECK_INT(ilv_strategy_parse("fast", &parameters, error, 8), -EINVAL);
    ILV_CHECK_STR(error, "unknown");
    ILV_CHECK_INT(error[8], 'x');
    ILV_CHECK_INT(ilv_strategy_parse("fast", &parameters, error, 0), -EINVAL);
}

static const struct ilv_knowledge nothing;

static struct ilv_plan plan_of(int strategy, uint64_t seed, uint32_t run, bool clock_free)
{
    struct ilv_parameters parameters = {.p = 0.25, .d = 7};
    struct ilv_plan plan;
    memset(&plan, 0x5a, sizeof plan);
    ilv_strategy_plan(strategy, &parameters, seed, run, clock_free, ILV_FAULT_SPURIOUS, &nothing,
                      &plan);
    return plan;
}

static void the_default_is_pos_and_pct_in_turns(void)
{
    for (uint32_t run = 0; run < 10; run++) {
        struct ilv_plan plan = plan_of(-1, 1, run, true);
        ILV_CHECK_INT(plan.strategy, run % 2 == 0 ? ILV_STRATEGY_pos : ILV_STRATEGY_pct);
        if (run % 2 == 1) {
            ILV_CHECK_INT(plan.u.pct.d, 3);
        }
    }
}

static void a_plan_follows_from_seed_and_run_only(void)
{
    struct ilv_plan a = plan_of(ILV_STRATEGY_random, 5, 9, true);
    struct ilv_plan b = plan_of(ILV_STRATEGY_random, 5, 9, true);
    ILV_CHECK(memcmp(&a, &b, sizeof a) == 0);
    ILV_CHECK(a.seed != plan_of(ILV_STRATEGY_random, 5, 10, true).seed);
    ILV_CHECK(a.seed != plan_of(ILV_STRATEGY_random, 6, 9, true).seed);
    ILV_CHECK(a.u.random.p == 0.25);
    ILV_CHECK_INT(a.run, 9);
    ILV_CHECK_INT(a.faults, ILV_FAULT_SPURIOUS);
    ILV_CHECK_INT(plan_of(ILV_STRATEGY_pct, 5, 9, true).u.pct.d, 7);
}

static void the_clock_is_free_in_one_of_eight_runs_where_allowed(void)
{
    unsigned free_runs[2] = {0, 0};
    for (uint32_t run = 0; run < 160; run++) {
        free_runs[run % 2] += plan_of(-1, 3, run, true).clock_free;
        ILV_CHECK_INT(plan_of(-1, 3, run, false).clock_free, 0);
    }
    ILV_CHECK_INT(free_runs[0], 10);
    ILV_CHECK_INT(free_runs[1], 10);
}

static void pct_learns_the_length_of_runs(void)
{
    struct ilv_parameters parameters = {.d = 3};
    struct ilv_knowledge knowledge = {.runs = 1, .max_choices = 77};
    struct ilv_plan plan;
    ilv_strategy_plan(ILV_STRATEGY_pct, &parameters, 1, 1, true, 0, &knowledge, &plan);
    ILV_CHECK_INT(plan.u.pct.choices, 77);
    knowledge.max_choices = 0;
    ilv_strategy_plan(ILV_STRATEGY_pct, &parameters, 1, 1, true, 0, &knowledge, &plan);
    ILV_CHECK_INT(plan.u.pct.choices, 1);
    ILV_CHECK_INT(plan_of(-1, 1, 1, true).u.pct.choices, 16);
    ILV_CHECK_INT(plan_of(-1, 1, 3, true).u.pct.choices, 64);
    ILV_CHECK_INT(plan_of(-1, 1, 7, true).u.pct.choices, 1024);
}

ILV_SUITE(registry, ILV_TEST(every_strategy_has_its_name),
          ILV_TEST(parameters_not_named_have_their_defaults),
          ILV_TEST(parameters_are_read_to_the_ends_of_their_ranges),
          ILV_TEST(an_unknown_strategy_is_told_what_there_is),
          ILV_TEST(an_unknown_parameter_is_told_what_there_is),
          ILV_TEST(a_value_out_of_range_is_told_the_range), ILV_TEST(a_message_is_cut_to_its_place),
          ILV_TEST(the_default_is_pos_and_pct_in_turns),
          ILV_TEST(a_plan_follows_from_seed_and_run_only),
          ILV_TEST(the_clock_is_free_in_one_of_eight_runs_where_allowed),
          ILV_TEST(pct_learns_the_length_of_runs));
