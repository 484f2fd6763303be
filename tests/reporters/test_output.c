/* SPDX-License-Identifier: MIT */
/* All that a program wrote, where it is asked for. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "telling.h"

/* An empty run whose output is asked for. */
static void begin(struct telling *t)
{
    telling_begin(t, NOTHING);
    t->report.options.output = true;
    t->report.replay = NULL;
}

static void check_told(struct telling *t, const char *wanted)
{
    char *text = told_by(t, ILV_REPORTER_text);
    ILV_CHECK_STR(text, wanted);
    free(text);
    telling_end(t);
}

static void all_lines_are_told(void)
{
    struct telling t;
    begin(&t);
    says(&t, "one\n\n\033[1mtwo\n3\n4\n5\n6\n7: no newline");
    check_told(&t, "nothing found in this run\n"
                   "  the program's output, 34 bytes:\n"
                   "    one\n\n    ?[1mtwo\n    3\n    4\n    5\n    6\n    7: no newline\n");
}

static void nothing_written_is_said(void)
{
    struct telling t;
    begin(&t);
    check_told(&t, "nothing found in this run\n  the program wrote nothing\n");
}

static void output_is_left_out_unless_asked_for(void)
{
    struct telling t;
    begin(&t);
    says(&t, "one\n");
    t.report.options.output = false;
    check_told(&t, "nothing found in this run\n");
}

static void long_lines_go_on_in_the_next(void)
{
    struct telling t;
    begin(&t);
    t.report.options.width = 60;
    for (unsigned i = 0; i < 40; i++)
        says(&t, "abc");
    says(&t, "\nend\n");
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "\n    abcabc") != NULL);
    ILV_CHECK(strstr(text, "\n    bcabcabc\n    end\n") != NULL);
    free(text);
    telling_end(&t);
}

/* As many lines of 16 bytes: line 0000000 and so on. */
static void count(struct telling *t, unsigned lines)
{
    for (unsigned i = 0; i < lines; i++) {
        char line[32];
        snprintf(line, sizeof line, "line %07u...\n", i % 10000000);
        says(t, line);
    }
}

static void what_was_not_kept_is_counted(void)
{
    struct telling t;
    begin(&t);
    count(&t, 3 * ILV_OUTPUT_HALF / 16);
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "  the program's output, 196608 bytes:\n    line 0000000...\n") != NULL);
    ILV_CHECK(strstr(text, "    line 0004095...\n"
                           "  ... 65536 bytes that were not kept\n"
                           "    line 0008192...\n") != NULL);
    ILV_CHECK(strstr(text, "    line 0012287...\n") != NULL);
    ILV_CHECK(strstr(text, "line 0004096") == NULL && strstr(text, "line 0008191") == NULL);
    free(text);
    telling_end(&t);
}

static void what_was_kept_in_two_halves_is_told_as_one(void)
{
    struct telling t;
    begin(&t);
    count(&t, 2 * ILV_OUTPUT_HALF / 16);
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK(strstr(text, "line 0004095...\n    line 0004096...\n") != NULL);
    ILV_CHECK(strstr(text, "not kept") == NULL);
    free(text);
    telling_end(&t);
}

/* The object "output" of the report as JSON; to be decref'ed with root. */
static json_t *in_json(struct telling *t, json_t **root)
{
    char *text = told_by(t, ILV_REPORTER_json);
    *root = json_loads(text, 0, NULL);
    ILV_CHECK(*root != NULL);
    free(text);
    telling_end(t);
    return json_object_get(*root, "output");
}

static void json_has_both_ends(void)
{
    struct telling t;
    json_t *root;
    begin(&t);
    count(&t, 3 * ILV_OUTPUT_HALF / 16);
    const json_t *output = in_json(&t, &root);
    ILV_CHECK_INT(json_integer_value(json_object_get(output, "size")), 196608);
    const char *head = json_string_value(json_object_get(output, "head"));
    const char *tail = json_string_value(json_object_get(output, "tail"));
    ILV_CHECK_U64(strlen(head), ILV_OUTPUT_HALF);
    ILV_CHECK_U64(strlen(tail), ILV_OUTPUT_HALF);
    ILV_CHECK(!strncmp(head, "line 0000000", 12) && !strncmp(tail, "line 0008192", 12));
    json_decref(root);
}

static void json_of_little_has_no_tail_and_is_utf8(void)
{
    struct telling t;
    json_t *root;
    begin(&t);
    says(&t, "gr\xc3\xbc\xc3\x9f \xff\xc3(\n");
    const json_t *output = in_json(&t, &root);
    ILV_CHECK_STR(json_string_value(json_object_get(output, "head")), "gr\xc3\xbc\xc3\x9f ?"
                                                                      "?(\n");
    ILV_CHECK_STR(json_string_value(json_object_get(output, "tail")), "");
    json_decref(root);
}

static void json_has_no_output_unless_asked_for(void)
{
    struct telling t;
    json_t *root;
    begin(&t);
    says(&t, "one\n");
    t.report.options.output = false;
    ILV_CHECK(in_json(&t, &root) == NULL);
    json_decref(root);
}

ILV_SUITE(output, ILV_TEST(all_lines_are_told), ILV_TEST(nothing_written_is_said),
          ILV_TEST(output_is_left_out_unless_asked_for), ILV_TEST(long_lines_go_on_in_the_next),
          ILV_TEST(what_was_not_kept_is_counted),
          ILV_TEST(what_was_kept_in_two_halves_is_told_as_one), ILV_TEST(json_has_both_ends),
          ILV_TEST(json_of_little_has_no_tail_and_is_utf8),
          ILV_TEST(json_has_no_output_unless_asked_for));
