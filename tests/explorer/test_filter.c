/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fixtures.h"

static char error[1024];

static void errors_fail_and_nothing_else(void)
{
    const struct ilv_filter filter = {0};
    for (unsigned v = 0; v < ILV_VERDICT_COUNT; v++)
        ILV_CHECK_INT(ilv_filter_fails(&filter, v), ilv_verdict_class(v) == ILV_ERROR);
}

static void only_and_ignore_narrow(void)
{
    struct ilv_filter filter = {0};
    ILV_CHECK_INT(ilv_filter_names("--only", "deadlock,crash", &filter.only, error, sizeof error),
                  0);
    ILV_CHECK(ilv_filter_fails(&filter, ILV_VERDICT_DEADLOCK));
    ILV_CHECK(ilv_filter_fails(&filter, ILV_VERDICT_CRASH));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_INVARIANT));
    ILV_CHECK_INT(ilv_filter_names("--ignore", "crash", &filter.ignore, error, sizeof error), 0);
    ILV_CHECK(ilv_filter_fails(&filter, ILV_VERDICT_DEADLOCK));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_CRASH));
}

static void fail_on_and_strict_widen_to_notes(void)
{
    struct ilv_filter filter = {0};
    ILV_CHECK_INT(ilv_filter_names("--fail-on", "unjoined", &filter.fail_on, error, sizeof error),
                  0);
    ILV_CHECK(ilv_filter_fails(&filter, ILV_VERDICT_UNJOINED));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_LEAK));
    filter.strict = true;
    ILV_CHECK(ilv_filter_fails(&filter, ILV_VERDICT_LEAK));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_UNSURE_RACE));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_LIMITED));
    ILV_CHECK(!ilv_filter_fails(&filter, ILV_VERDICT_NONE));
}

static void limits_cannot_be_named(void)
{
    uint64_t mask = 0;
    ILV_CHECK_INT(ilv_filter_names("--ignore", "limited", &mask, error, sizeof error), -EINVAL);
    ILV_CHECK(
        !strncmp(error, "--ignore: no finding 'limited'; there are data-race, deadlock, ", 63));
    ILV_CHECK_INT(ilv_filter_names("--only", "deadlock,", &mask, error, sizeof error), -EINVAL);
    ILV_CHECK(!strncmp(error, "--only: no finding ''; there are data-race, ", 44));
}

static int suppress(struct ilv_filter *filter, const char *text)
{
    fixture_file("s", text, strlen(text), 0644);
    return ilv_filter_suppress(filter, "s", error, sizeof error);
}

static bool hits(const struct ilv_filter *filter, const char *name)
{
    return ilv_filter_suppresses(filter, ILV_VERDICT_DEADLOCK, name);
}

static void patterns_match_as_for_threadsanitizer(void)
{
    struct ilv_filter filter = {0};
    fixture_directory();
    ILV_CHECK_INT(suppress(&filter, "# ours\n\ndeadlock:pool\n deadlock:^queue_*_lock$ \n"
                                    "race:deadly\ndeadlock:a*b*c$\n"),
                  0);
    ILV_CHECK(hits(&filter, "thread_pool_wait"));
    ILV_CHECK(hits(&filter, "queue_in_lock"));
    ILV_CHECK(!hits(&filter, "my_queue_in_lock"));
    ILV_CHECK(!hits(&filter, "queue_in_locks"));
    ILV_CHECK(!hits(&filter, "deadly"));
    ILV_CHECK(hits(&filter, "xaxbxbxc"));
    ILV_CHECK(!hits(&filter, "xaxcxcxd"));
    ILV_CHECK(ilv_filter_suppresses(&filter, ILV_VERDICT_DATA_RACE, "deadly"));
    ILV_CHECK(ilv_filter_may_suppress(&filter, ILV_VERDICT_DATA_RACE));
    ILV_CHECK(!ilv_filter_may_suppress(&filter, ILV_VERDICT_CRASH));
    ilv_filter_free(&filter);
    ILV_CHECK(!hits(&filter, "thread_pool_wait"));
}

static void wrong_suppressions_are_refused_with_their_line(void)
{
    struct ilv_filter filter = {0};
    fixture_directory();
    ILV_CHECK_INT(suppress(&filter, "deadlock:x\nnonsense\n"), -EINVAL);
    ILV_CHECK_STR(error, "s:2: 'nonsense' is not type:pattern; write for example deadlock:queue_*");
    ILV_CHECK_INT(suppress(&filter, "flood:x\n"), -EINVAL);
    ILV_CHECK_STR(error, "s:1: no finding 'flood'; write for example deadlock:queue_*");
    ILV_CHECK_INT(ilv_filter_suppress(&filter, "missing", error, sizeof error), -ENOENT);
    ILV_CHECK_STR(error, "--suppress: missing: No such file or directory; give a readable file");
    ilv_filter_free(&filter);
}

ILV_SUITE(filter, ILV_TEST(errors_fail_and_nothing_else), ILV_TEST(only_and_ignore_narrow),
          ILV_TEST(fail_on_and_strict_widen_to_notes), ILV_TEST(limits_cannot_be_named),
          ILV_TEST(patterns_match_as_for_threadsanitizer),
          ILV_TEST(wrong_suppressions_are_refused_with_their_line));
