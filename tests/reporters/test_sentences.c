/* SPDX-License-Identifier: MIT */
/* Sentences and phrases: every entry of the closed lists has its words. */
#include <stdio.h>
#include <string.h>

#include "ilv_test.h"
#include "internal.h"
#include "telling.h"

static const char *summary_of(struct telling *t, char *out, size_t size)
{
    return ilv_report_summary(&t->report, t->finding, out, size);
}

static void summary_of_a_deadlock(void)
{
    struct telling t;
    char line[256];
    telling_begin(&t, LINES);
    abba(&t);
    ILV_CHECK_STR(summary_of(&t, line, sizeof line),
                  "deadlock (cycle) between T0.1 and T0.2 on lock_a, lock_b");
    ILV_CHECK_STR(summary_of(&t, line, 9), "deadlock");
    telling_end(&t);
}

static void summary_without_names(void)
{
    struct telling t;
    char line[256];
    telling_begin(&t, NOTHING);
    abba(&t);
    ILV_CHECK_STR(summary_of(&t, line, sizeof line),
                  "deadlock (cycle) between T0.1 and T0.2 on M1, M2");
    telling_end(&t);
}

static void summaries_of_ends(void)
{
    struct telling t;
    char line[256];
    telling_begin(&t, LINES);
    make_task(&t, 0, MAIN_CREATE_ONE);
    found(&t, ILV_VERDICT_CRASH, ILV_KIND_NONE, 1)->value = 11;
    ILV_CHECK_STR(summary_of(&t, line, sizeof line), "crash in T0.1 by SIGSEGV");
    found(&t, ILV_VERDICT_EXIT_STATUS, ILV_KIND_NONE, 0)->value = 3;
    ILV_CHECK_STR(summary_of(&t, line, sizeof line), "exit-status 3");
    strcpy(found(&t, ILV_VERDICT_INVARIANT, ILV_KIND_ASSERT, 1)->text, "n > 0");
    ILV_CHECK_STR(summary_of(&t, line, sizeof line), "invariant (assert) in T0.1: n > 0");
    t.run->step_count = 100000;
    found(&t, ILV_VERDICT_LIVELOCK, ILV_KIND_NONE, 1);
    ILV_CHECK_STR(summary_of(&t, line, sizeof line), "livelock after 100000 steps");
    telling_end(&t);
}

static bool is_whole_sentence(const char *text)
{
    return text[0] != '\0' && strchr(text, '%') == NULL && strstr(text, "  ") == NULL &&
           text[strlen(text) - 1] != ' ';
}

static void every_verdict_and_kind_has_a_sentence(void)
{
    struct telling t;
    char line[512];
    telling_begin(&t, LINES);
    abba(&t);
    for (unsigned verdict = 0; verdict < ILV_VERDICT_COUNT; verdict++) {
        for (unsigned kind = 0; kind < ILV_KIND_COUNT; kind++) {
            struct ilv__tale tale;
            t.finding->verdict = (uint16_t)verdict;
            t.finding->kind = (uint16_t)kind;
            ILV_CHECK_INT(ilv__tale_begin(&tale, &t.report), 0);
            size_t length = strlen(ilv_verdict_word(verdict));
            ilv__headline(&tale, t.finding, line, sizeof line);
            ILV_CHECK(is_whole_sentence(line));
            ILV_CHECK_INT(strncmp(line, ilv_verdict_word(verdict), length), 0);
            ilv__summary(&tale, t.finding, line, sizeof line);
            ILV_CHECK(is_whole_sentence(line));
            ILV_CHECK_INT(strncmp(line, ilv_verdict_word(verdict), length), 0);
            ilv__tale_end(&tale);
        }
    }
    telling_end(&t);
}

static void every_operation_has_a_phrase(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    uint32_t m = make_object(&t, ILV_CLASS_MUTEX, &lock_a, sizeof lock_a);
    for (unsigned event = 1; event < ILV_EV_COUNT; event++) {
        does(&t, 0, event, m, -1)->object2 = m;
        waits(&t, 0, event, m, -1)->object2 = m;
    }
    struct ilv__tale tale;
    ILV_CHECK_INT(ilv__tale_begin(&tale, &t.report), 0);
    for (uint32_t i = 0; i < tale.trace_count; i++) {
        char line[ILV__PHRASE_SIZE];
        bool blocked = (t.run->trace[i].flags & ILV_BLOCKED) != 0;
        ilv__record_phrase(&tale, i, line, sizeof line);
        ILV_CHECK(blocked || strcmp(line, "does nothing") != 0);
        ILV_CHECK((blocked && line[0] == '\0') || is_whole_sentence(line));
    }
    ilv__tale_end(&tale);
    telling_end(&t);
}

static const char *phrase_of_last(struct telling *t, char *line)
{
    struct ilv__tale tale;
    ILV_CHECK_INT(ilv__tale_begin(&tale, &t->report), 0);
    ilv__record_phrase(&tale, tale.trace_count - 1, line, ILV__PHRASE_SIZE);
    ilv__tale_end(&tale);
    return line;
}

static void holders_follow_the_steps(void)
{
    struct telling t;
    char line[ILV__PHRASE_SIZE];
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a (held by T0.1)");
    does(&t, 0, ILV_EV_MUTEX_TRYLOCK, a, -1)->result = 16;
    ILV_CHECK_STR(phrase_of_last(&t, line), "tries to lock lock_a: EBUSY");
    waits(&t, 0, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a (held by T0.1)");
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, -1);
    waits(&t, 0, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a");
    telling_end(&t);
}

static void a_condition_wait_lets_its_mutex_go_and_takes_it_again(void)
{
    struct telling t;
    char line[ILV__PHRASE_SIZE];
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    uint32_t c = make_object(&t, ILV_CLASS_COND, &ready, sizeof ready);
    does(&t, 1, ILV_EV_COND_WAIT, c, -1)->object2 = a;
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits on ready, lets lock_a go");
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a");
    does(&t, 2, ILV_EV_COND_SIGNAL, c, -1)->value = 1;
    ILV_CHECK_STR(phrase_of_last(&t, line), "signals ready");
    does(&t, 2, ILV_EV_COND_SIGNAL, c, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "signals ready (nobody waits)");
    does(&t, 1, ILV_EV_COND_WAKE, c, -1)->object2 = a;
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a (held by T0.1)");
    telling_end(&t);
}

static void a_recursive_lock_is_held_until_the_last_unlock(void)
{
    struct telling t;
    char line[ILV__PHRASE_SIZE];
    uint32_t a;
    uint32_t b;
    telling_begin(&t, LINES);
    two_tellers(&t, &a, &b);
    does(&t, 1, ILV_EV_MUTEX_LOCK, a, -1);
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, -1)->value = 1;
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a (held by T0.1)");
    does(&t, 1, ILV_EV_MUTEX_UNLOCK, a, -1);
    waits(&t, 2, ILV_EV_MUTEX_LOCK, a, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for lock_a");
    telling_end(&t);
}

static void the_first_at_a_once_holds_it_until_it_is_done(void)
{
    struct telling t;
    char line[ILV__PHRASE_SIZE];
    telling_begin(&t, NOTHING);
    make_task(&t, 0, MAIN_CREATE_ONE);
    uint32_t o = make_object(&t, ILV_CLASS_ONCE, NULL, 4);
    does(&t, 0, ILV_EV_ONCE_BEGIN, o, -1)->value = 1;
    ILV_CHECK_STR(phrase_of_last(&t, line), "runs O1");
    waits(&t, 1, ILV_EV_ONCE_BEGIN, o, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "waits for O1 (held by T0)");
    does(&t, 0, ILV_EV_ONCE_END, o, -1);
    does(&t, 1, ILV_EV_ONCE_BEGIN, o, -1);
    ILV_CHECK_STR(phrase_of_last(&t, line), "passes O1");
    telling_end(&t);
}

static void reporters_are_found_by_name(void)
{
    ILV_CHECK_INT(ilv_reporter_find("text"), ILV_REPORTER_text);
    ILV_CHECK_INT(ilv_reporter_find("json"), ILV_REPORTER_json);
    ILV_CHECK_INT(ilv_reporter_find("papyrus"), -1);
    ILV_CHECK(ilv_reporter(999) != NULL);
}

static void no_colour_where_there_is_no_terminal(void)
{
    struct ilv_report_options options = {.width = 3, .colour = true, .unicode = true};
    FILE *out = tmpfile();
    ILV_CHECK(out != NULL);
    ilv_report_options(out, &options);
    ILV_CHECK_INT(options.width, 100);
    ILV_CHECK(!options.colour && !options.unicode);
    fclose(out);
}

ILV_SUITE(sentences, ILV_TEST(summary_of_a_deadlock), ILV_TEST(summary_without_names),
          ILV_TEST(summaries_of_ends), ILV_TEST(every_verdict_and_kind_has_a_sentence),
          ILV_TEST(every_operation_has_a_phrase), ILV_TEST(holders_follow_the_steps),
          ILV_TEST(a_condition_wait_lets_its_mutex_go_and_takes_it_again),
          ILV_TEST(a_recursive_lock_is_held_until_the_last_unlock),
          ILV_TEST(the_first_at_a_once_holds_it_until_it_is_done),
          ILV_TEST(reporters_are_found_by_name), ILV_TEST(no_colour_where_there_is_no_terminal));
