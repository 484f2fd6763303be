/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fixtures.h"

static struct fixture f;

static void expect(const char *text)
{
    fixture_file("expected", text, strlen(text), 0644);
    f.world.expect = "expected";
}

static void expected_output_is_clean(void)
{
    fixture_hunt_init(&f, "clean", 5);
    expect("one\ntwo\n");
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
}

static void unexpected_output_is_found_with_its_line(void)
{
    fixture_hunt_init(&f, "output", 13);
    expect("one\ntwo\n");
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.summary.run, 13);
    ILV_CHECK_INT(f.result.finding.verdict, ILV_VERDICT_INVARIANT);
    ILV_CHECK_INT(f.result.finding.kind, ILV_KIND_EXPECT);
    ILV_CHECK_STR(f.result.finding.text, "line 2 of the output is 'three' instead of 'two'");
    ilv_hunt_free(&f.result);
}

static void missing_expectation_is_refused(void)
{
    fixture_hunt_init(&f, "clean", 5);
    f.world.expect = "nothing.txt";
    ILV_CHECK_INT(fixture_hunt(&f), -ENOENT);
    ILV_CHECK_STR(f.error,
                  "--expect: nothing.txt: No such file or directory; give a readable file");
}

static void differing_outputs_are_found_only_when_asked(void)
{
    fixture_hunt_init(&f, "output", 13);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
    fixture_hunt_init(&f, "output", 13);
    f.world.same_output = true;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.summary.run, 13);
    ILV_CHECK_INT(f.result.finding.kind, ILV_KIND_SAME_OUTPUT);
    ilv_hunt_free(&f.result);
}

ILV_SUITE(expect, ILV_TEST(expected_output_is_clean),
          ILV_TEST(unexpected_output_is_found_with_its_line),
          ILV_TEST(missing_expectation_is_refused),
          ILV_TEST(differing_outputs_are_found_only_when_asked));
