/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixtures.h"

static struct fixture f;

static void clean_program_uses_the_whole_budget(void)
{
    fixture_hunt_init(&f, "clean", 5);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    ILV_CHECK_INT(f.result.runs, 300);
    ILV_CHECK_INT(f.result.behaviours, 5);
    ILV_CHECK_INT(f.result.tasks, 2);
    ILV_CHECK_INT(f.result.limited, 0);
    ILV_CHECK(!f.result.out_of_time);
}

static void budget_may_end_within_a_round(void)
{
    static const uint32_t budgets[] = {1, 2, 8, 9, 33};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        fixture_hunt_init(&f, "clean", 0);
        f.hunt.runs = budgets[i];
        ILV_CHECK_INT(fixture_hunt(&f), 0);
        ILV_CHECK_INT(f.result.runs, budgets[i]);
        ILV_CHECK_INT(f.result.behaviours, budgets[i]);
    }
}

/* Every run from 70 on fails at once, and the lower ones are slow: with several workers a later
 * failure is seen first. */
static void lowest_failing_run_is_reported_whatever_the_workers(void)
{
    for (uint32_t workers = 1; workers <= 3; workers++) {
        fixture_hunt_init(&f, "fail", 70);
        f.hunt.workers = workers;
        ILV_CHECK_INT(fixture_hunt(&f), 0);
        ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
        ILV_CHECK_INT(f.result.summary.run, 70);
        ILV_CHECK_INT(f.result.runs, 71);
        ILV_CHECK_INT(f.result.behaviours, 70);
        ILV_CHECK_INT(f.result.schedule.run, 70);
        ilv_hunt_free(&f.result);
    }
}

static void failure_in_the_first_run_ends_the_hunt(void)
{
    fixture_hunt_init(&f, "fail", 0);
    f.hunt.workers = 2;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.summary.run, 0);
    ILV_CHECK_INT(f.result.runs, 1);
    ilv_hunt_free(&f.result);
}

static void ignored_failure_does_not_end_the_hunt(void)
{
    fixture_hunt_init(&f, "fail", 3);
    f.hunt.runs = 100;
    f.hunt.filter.ignore = UINT64_C(1) << ILV_VERDICT_DEADLOCK;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    ILV_CHECK_INT(f.result.runs, 100);
    ILV_CHECK_INT(f.result.noted[ILV_VERDICT_DEADLOCK], 97);
}

static void note_is_counted_and_fails_only_when_asked(void)
{
    fixture_hunt_init(&f, "note", 20);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    ILV_CHECK_INT(f.result.noted[ILV_VERDICT_UNJOINED], 1);
    fixture_hunt_init(&f, "note", 20);
    f.hunt.filter.strict = true;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.summary.run, 20);
    ILV_CHECK_INT(f.result.finding.verdict, ILV_VERDICT_UNJOINED);
    ilv_hunt_free(&f.result);
}

static bool is_named(const struct ilv_schedule *schedule, const char *option)
{
    for (uint32_t i = 0; i < schedule->option_count; i++) {
        if (strcmp(schedule->options[i], option) == 0)
            return true;
    }
    return false;
}

/* What is found in which run, and whether the schedule names the option that lets runs go on. */
static void found(const char *mode, uint64_t ignore, unsigned verdict, uint32_t run,
                  const char *option, bool named)
{
    fixture_hunt_init(&f, mode, 12);
    f.hunt.filter.ignore = ignore;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.finding.verdict, verdict);
    ILV_CHECK_INT(f.result.summary.run, run);
    ILV_CHECK_INT(is_named(&f.result.schedule, option), named);
    ILV_CHECK_INT(f.world.allow_races, false);
    ILV_CHECK_INT(f.world.reports, ILV_REPORTS_FIND);
    ilv_hunt_free(&f.result);
}

static void races_end_runs_unless_they_do_not_count(void)
{
    uint64_t races = UINT64_C(1) << ILV_VERDICT_DATA_RACE;
    uint64_t reports = UINT64_C(1) << ILV_VERDICT_SANITIZER;
    found("races", 0, ILV_VERDICT_DATA_RACE, 0, "races=allow", false);
    found("races", reports, ILV_VERDICT_DATA_RACE, 0, "races=allow", false);
    found("races", races, ILV_VERDICT_DEADLOCK, 12, "races=allow", true);
}

static void reports_of_a_sanitizer_end_runs_unless_they_do_not_count(void)
{
    uint64_t races = UINT64_C(1) << ILV_VERDICT_DATA_RACE;
    uint64_t reports = UINT64_C(1) << ILV_VERDICT_SANITIZER;
    found("reports", 0, ILV_VERDICT_SANITIZER, 0, "sanitizer=allow", false);
    found("reports", races, ILV_VERDICT_SANITIZER, 0, "sanitizer=allow", false);
    found("reports", reports, ILV_VERDICT_DEADLOCK, 12, "sanitizer=allow", true);
}

static void reports_that_are_compared_still_are_when_they_do_not_count(void)
{
    fixture_hunt_init(&f, "reports", 12);
    f.hunt.filter.ignore = UINT64_C(1) << ILV_VERDICT_SANITIZER;
    f.world.reports = ILV_REPORTS_COMPARE;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    ILV_CHECK_INT(f.result.noted[ILV_VERDICT_SANITIZER], f.result.runs);
}

static void limited_runs_are_counted_and_never_clean(void)
{
    for (uint32_t workers = 1; workers <= 2; workers++) {
        fixture_hunt_init(&f, "limited", 40);
        f.hunt.workers = workers;
        ILV_CHECK_INT(fixture_hunt(&f), 0);
        ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
        ILV_CHECK_INT(f.result.runs, 300);
        ILV_CHECK_INT(f.result.limited, 260);
        ILV_CHECK_INT(f.result.behaviours, 40);
        ILV_CHECK_STR(f.result.limited_text, "fork is not modelled");
    }
}

/* Where findings may be suppressed, what fails is recorded to be judged. */
static void hunt_with_suppressions(const char *mode)
{
    fixture_hunt_init(&f, mode, 50);
    fixture_file("suppressions", "deadlock:elsewhere\n", 19, 0600);
    ILV_CHECK_INT(ilv_filter_suppress(&f.hunt.filter, "suppressions", f.error, sizeof f.error), 0);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ilv_filter_free(&f.hunt.filter);
}

static void failure_that_vanishes_when_it_is_judged_is_limited(void)
{
    hunt_with_suppressions("vanish");
    ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
    ILV_CHECK_INT(f.result.limited, 1);
    ILV_CHECK_STR(f.result.limited_text, "it failed, and did not when it was made again");
    ilv_hunt_free(&f.result);
}

static void failure_that_only_a_fresh_server_repeats_is_found(void)
{
    hunt_with_suppressions("fresh");
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.summary.run, 50);
    ILV_CHECK_INT(f.result.limited, 0);
    ilv_hunt_free(&f.result);
}

static void hunt_without_any_judged_run_ends_early(void)
{
    fixture_hunt_init(&f, "limited", 0);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
    ILV_CHECK_INT(f.result.runs, 8);
    ILV_CHECK_INT(f.result.limited, 8);
}

static void killed_server_is_replaced_and_its_run_limited(void)
{
    for (uint32_t workers = 1; workers <= 2; workers++) {
        fixture_hunt_init(&f, "suicide", 20);
        f.hunt.workers = workers;
        ILV_CHECK_INT(fixture_hunt(&f), 0);
        ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
        ILV_CHECK_INT(f.result.runs, 300);
        ILV_CHECK_INT(f.result.limited, 1);
        ILV_CHECK_STR(f.result.limited_text, "the run ended the process that watches over it");
    }
}

static void processes_that_ran_away_are_reaped(void)
{
    fixture_hunt_init(&f, "stray", 4);
    f.hunt.runs = 20;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
}

static void children_from_before_are_left_alone(void)
{
    fixture_hunt_init(&f, "stray", 4);
    pid_t mine = fork();
    if (mine == 0) {
        pause();
        _exit(0);
    }
    f.hunt.runs = 20;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(waitpid(mine, NULL, WNOHANG), 0);
    kill(mine, SIGKILL);
    ILV_CHECK_INT(waitpid(mine, NULL, 0), mine);
}

static void useless_requests_are_refused(void)
{
    fixture_hunt_init(&f, "clean", 5);
    f.hunt.runs = 0;
    ILV_CHECK_INT(fixture_hunt(&f), -EINVAL);
    ILV_CHECK_STR(f.error, "--runs 0: nothing would be run; give at least 1");
    f.hunt.runs = 1;
    f.hunt.workers = 0;
    ILV_CHECK_INT(fixture_hunt(&f), -EINVAL);
    ILV_CHECK_STR(f.error, "-j 0: give a number of workers from 1 to 256");
}

static volatile sig_atomic_t stop;

static void stop_after_some(const struct ilv_progress_report *report, void *context)
{
    (void)context;
    stop = report->runs > 100;
}

static void interrupted_hunt_tells_what_it_reached(void)
{
    fixture_hunt_init(&f, "clean", 5);
    f.hunt.runs = 1000000;
    f.hunt.setup.interrupted = &stop;
    f.hunt.progress = stop_after_some;
    f.hunt.workers = 2;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_INTERRUPTED);
    ILV_CHECK(f.result.runs >= 96 && f.result.runs < 100000);
    ILV_CHECK_INT(f.result.behaviours, 5);
}

static void hunt_out_of_time_names_a_number_that_repeats_it(void)
{
    fixture_hunt_init(&f, "clean", 0);
    f.hunt.runs = 100000000;
    f.hunt.seconds = 0.2;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    ILV_CHECK(f.result.out_of_time);
    uint32_t reached = f.result.runs;
    ILV_CHECK_INT(f.result.behaviours, reached);
    fixture_hunt_init(&f, "clean", 0);
    f.hunt.runs = reached ? reached : 1;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.behaviours, reached ? reached : 1);
}

ILV_SUITE(rounds, ILV_TEST(clean_program_uses_the_whole_budget),
          ILV_TEST(budget_may_end_within_a_round),
          ILV_TEST(lowest_failing_run_is_reported_whatever_the_workers),
          ILV_TEST(failure_in_the_first_run_ends_the_hunt),
          ILV_TEST(ignored_failure_does_not_end_the_hunt),
          ILV_TEST(note_is_counted_and_fails_only_when_asked),
          ILV_TEST(races_end_runs_unless_they_do_not_count),
          ILV_TEST(reports_of_a_sanitizer_end_runs_unless_they_do_not_count),
          ILV_TEST(reports_that_are_compared_still_are_when_they_do_not_count),
          ILV_TEST(limited_runs_are_counted_and_never_clean),
          ILV_TEST(failure_that_vanishes_when_it_is_judged_is_limited),
          ILV_TEST(failure_that_only_a_fresh_server_repeats_is_found),
          ILV_TEST(hunt_without_any_judged_run_ends_early),
          ILV_TEST(killed_server_is_replaced_and_its_run_limited),
          ILV_TEST(processes_that_ran_away_are_reaped),
          ILV_TEST(children_from_before_are_left_alone), ILV_TEST(useless_requests_are_refused),
          ILV_TEST(interrupted_hunt_tells_what_it_reached),
          ILV_TEST(hunt_out_of_time_names_a_number_that_repeats_it));
