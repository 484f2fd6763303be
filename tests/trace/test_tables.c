/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ilv_test.h"
#include "trace.h"

static void every_operation_is_found_by_its_word(void)
{
    for (int i = 0; i < ILV_EV_COUNT; i++) {
        ILV_CHECK_INT(ilv_event_find(ilv_event_row((unsigned)i)->word), i);
    }
    ILV_CHECK_INT(ilv_event_find("mutex-lock"), ILV_EV_MUTEX_LOCK);
    ILV_CHECK_INT(ilv_event_find("mutex-lick"), -1);
    ILV_CHECK_INT(ilv_event_find(""), -1);
}

static void every_finding_and_kind_is_found_by_its_word(void)
{
    for (int i = 0; i < ILV_VERDICT_COUNT; i++) {
        ILV_CHECK_INT(ilv_verdict_find(ilv_verdict_word((unsigned)i)), i);
    }
    for (int i = 0; i < ILV_KIND_COUNT; i++) {
        ILV_CHECK_INT(ilv_kind_find(ilv_kind_word((unsigned)i)), i);
    }
    for (int i = 0; i < ILV_HOW_COUNT; i++) {
        ILV_CHECK_INT(ilv_how_find(ilv_how_word((unsigned)i)), i);
    }
    ILV_CHECK_INT(ilv_verdict_find("deadlocks"), -1);
    ILV_CHECK_INT(ilv_kind_find("cycles"), -1);
    ILV_CHECK_INT(ilv_how_find("walk"), -1);
}

static void values_outside_the_lists_give_the_row_of_none(void)
{
    ILV_CHECK_STR(ilv_event_row(ILV_EV_COUNT)->word, "none");
    ILV_CHECK_STR(ilv_event_row(UINT32_MAX)->word, "none");
    ILV_CHECK_STR(ilv_class_word(ILV_CLASS_COUNT), "none");
    ILV_CHECK_STR(ilv_class_letter(UINT32_MAX), "?");
    ILV_CHECK_STR(ilv_verdict_word(ILV_VERDICT_COUNT), "none");
    ILV_CHECK_INT(ilv_verdict_class(UINT32_MAX), ILV_NOTE);
    ILV_CHECK_STR(ilv_kind_word(ILV_KIND_COUNT), "");
}

static void rows_say_what_the_definition_says(void)
{
    const struct ilv_event_row *row = ilv_event_row(ILV_EV_COND_WAIT);
    ILV_CHECK_INT(row->cls, ILV_CLASS_COND);
    ILV_CHECK_INT(row->effect, ILV_EFFECT_WRITE);
    ILV_CHECK_INT(row->effect2, ILV_EFFECT_WRITE);
    ILV_CHECK_INT(ilv_verdict_class(ILV_VERDICT_DEADLOCK), ILV_ERROR);
    ILV_CHECK_INT(ilv_verdict_class(ILV_VERDICT_LIMITED), ILV_LIMIT);
    ILV_CHECK_STR(ilv_class_letter(ILV_CLASS_RWLOCK), "RW");
}

/* Words stand in files between spaces, commas, '@' and ':' and are told to the user. */
static void words_can_stand_in_schedules(void)
{
    for (unsigned i = 0; i < ILV_EV_COUNT; i++) {
        const struct ilv_event_row *row = ilv_event_row(i);
        ILV_CHECK_INT((long long)strspn(row->word, "abcdefghijklmnopqrstuvwxyz-"),
                      (long long)strlen(row->word));
        ILV_CHECK(strlen(row->word) > 0 && strlen(row->word) < 32);
        ILV_CHECK(strlen(row->gloss) > 0);
    }
}

ILV_SUITE(tables, ILV_TEST(every_operation_is_found_by_its_word),
          ILV_TEST(every_finding_and_kind_is_found_by_its_word),
          ILV_TEST(values_outside_the_lists_give_the_row_of_none),
          ILV_TEST(rows_say_what_the_definition_says), ILV_TEST(words_can_stand_in_schedules));
