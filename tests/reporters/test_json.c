/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

static json_t *parsed(struct telling *t)
{
    json_error_t error;
    char *text = told_by(t, ILV_REPORTER_json);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    ILV_CHECK(root != NULL);
    free(text);
    return root;
}

static const char *string_at(json_t *list, size_t index, const char *key)
{
    return json_string_value(json_object_get(json_array_get(list, index), key));
}

static void check_keys(json_t *object, const char *const *keys)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        ILV_CHECK_STR(key, *keys);
        if (*keys == NULL)
            return;
        keys++;
    }
    ILV_CHECK(*keys == NULL);
}

static void the_keys_stand_in_their_order(void)
{
    static const char *const top[] = {"format",   "version", "ending",  "steps",
                                      "cut",      "tasks",   "objects", "timeline",
                                      "findings", "timing",  "replay",  NULL};
    static const char *const step[] = {"step",  "task",   "event", "phrase",  "object", "object2",
                                       "value", "result", "flags", "time_ns", "place",  NULL};
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    json_t *root = parsed(&t);
    check_keys(root, top);
    check_keys(json_array_get(json_object_get(root, "timeline"), 0), step);
    json_decref(root);
    telling_end(&t);
}

static void every_record_is_there(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    json_t *root = parsed(&t);
    json_t *timeline = json_object_get(root, "timeline");
    ILV_CHECK_U64(json_array_size(timeline), 8);
    ILV_CHECK_STR(string_at(timeline, 3, "task"), "T0.1");
    ILV_CHECK_STR(string_at(timeline, 3, "event"), "mutex-lock");
    ILV_CHECK_STR(string_at(timeline, 3, "object"), "lock_a");
    ILV_CHECK_STR(string_at(timeline, 3, "phrase"), "locks lock_a");
    json_t *fourth = json_array_get(timeline, 3);
    ILV_CHECK_INT(json_integer_value(json_object_get(fourth, "step")), 4);
    json_t *place = json_object_get(fourth, "place");
    ILV_CHECK_STR(json_string_value(json_object_get(place, "file")), "tests/reporters/bank.c");
    ILV_CHECK_STR(json_string_value(json_object_get(place, "function")), "teller_one");
    json_t *blocked = json_array_get(timeline, 7);
    ILV_CHECK(json_is_null(json_object_get(blocked, "step")));
    ILV_CHECK_STR(json_string_value(json_array_get(json_object_get(blocked, "flags"), 0)),
                  "blocked");
    json_decref(root);
    telling_end(&t);
}

static void tasks_objects_and_findings_are_there(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    json_t *root = parsed(&t);
    json_t *tasks = json_object_get(root, "tasks");
    ILV_CHECK_U64(json_array_size(tasks), 3);
    ILV_CHECK_STR(string_at(tasks, 2, "path"), "T0.2");
    ILV_CHECK_STR(string_at(tasks, 2, "function"), "teller_two");
    ILV_CHECK_STR(string_at(tasks, 2, "parent"), "T0");
    ILV_CHECK(json_is_null(json_object_get(json_array_get(tasks, 0), "parent")));
    json_t *objects = json_object_get(root, "objects");
    ILV_CHECK_U64(json_array_size(objects), 5);
    ILV_CHECK_STR(string_at(objects, 1, "symbol"), "lock_a");
    ILV_CHECK_STR(string_at(objects, 1, "class"), "mutex");
    json_t *findings = json_object_get(root, "findings");
    ILV_CHECK_STR(string_at(findings, 0, "verdict"), "deadlock");
    ILV_CHECK_STR(string_at(findings, 0, "kind"), "cycle");
    json_t *parts = json_object_get(json_array_get(findings, 0), "parts");
    ILV_CHECK_U64(json_array_size(parts), 4);
    ILV_CHECK_STR(string_at(parts, 0, "role"), "holds");
    ILV_CHECK_STR(json_string_value(json_object_get(root, "replay")),
                  "interleave replay ./bank-1.sched");
    json_decref(root);
    telling_end(&t);
}

static void what_is_not_known_is_null(void)
{
    struct telling t;
    telling_begin(&t, NOTHING);
    abba(&t);
    t.report.replay = NULL;
    json_t *root = parsed(&t);
    ILV_CHECK(json_is_null(json_object_get(root, "replay")));
    ILV_CHECK(json_is_null(json_object_get(root, "timing")));
    json_t *fourth = json_array_get(json_object_get(root, "timeline"), 3);
    ILV_CHECK(json_is_null(json_object_get(fourth, "place")));
    ILV_CHECK_STR(json_string_value(json_object_get(fourth, "object")), "M1");
    json_decref(root);
    telling_end(&t);
}

static void text_that_is_not_utf8_is_still_json(void)
{
    struct telling t;
    telling_begin(&t, NOTHING);
    abba(&t);
    memset(t.finding->text, 0xff, sizeof t.finding->text);
    memset(t.run->task[1].name, 0xfe, sizeof t.run->task[1].name);
    json_t *root = parsed(&t);
    ILV_CHECK_STR(string_at(json_object_get(root, "findings"), 0, "text"), "(not UTF-8)");
    json_decref(root);
    telling_end(&t);
}

static void the_same_run_gives_the_same_bytes(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    char *first = told_by(&t, ILV_REPORTER_json);
    t.run->object[2].address = 0x1234;
    char *second = told_by(&t, ILV_REPORTER_json);
    ILV_CHECK_STR(first, second);
    free(first);
    free(second);
    telling_end(&t);
}

ILV_SUITE(json, ILV_TEST(the_keys_stand_in_their_order), ILV_TEST(every_record_is_there),
          ILV_TEST(tasks_objects_and_findings_are_there), ILV_TEST(what_is_not_known_is_null),
          ILV_TEST(text_that_is_not_utf8_is_still_json),
          ILV_TEST(the_same_run_gives_the_same_bytes));
