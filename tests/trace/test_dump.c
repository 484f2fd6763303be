/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"

static const struct ilv_task_info tasks[] = {{0}, {.index = 1, .parent = 0, .nth = 1}};
static const struct ilv_object_info objects[] = {
    {0},
    {.cls = ILV_CLASS_TASK, .address = 1},
    {.cls = ILV_CLASS_MUTEX, .nth = 1, .address = 0xdeadbeef},
    {.cls = ILV_CLASS_COND, .nth = 1, .creator = 1},
};

static char *dump(const struct ilv_step *steps, uint32_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct ilv_trace_tables tables = {tasks, objects, steps, 2, 4, count};
    ILV_CHECK_INT(ilv_trace_dump(out, &tables), 0);
    (void)fclose(out);
    return text;
}

static void a_line_says_who_did_what_to_which_with_what_result(void)
{
    const struct ilv_step steps[] = {
        {.kind = ILV_EV_TASK_CREATE, .object = 1, .time = 5},
        {.kind = ILV_EV_MUTEX_LOCK, .task = 1, .object = 2, .flags = ILV_CHOICE | ILV_PREEMPT},
        {.kind = ILV_EV_MUTEX_LOCK, .object = 2, .flags = ILV_BLOCKED},
        {.kind = ILV_EV_COND_WAKE,
         .task = 1,
         .object = 3,
         .object2 = 2,
         .result = ETIMEDOUT,
         .flags = ILV_TIMED | ILV_EXPIRED},
        {.kind = ILV_EV_TASK_YIELD, .task = 1},
        {.kind = ILV_EV_MUTEX_UNLOCK, .object = 2, .result = 9999},
    };
    char *text = dump(steps, 6);
    ILV_CHECK_STR(text, "     1  T0    create         T0.1\n"
                        "     2  T0.1  mutex-lock     M1  choice,preempt\n"
                        "     -  T0    mutex-lock     M1  blocked\n"
                        "     3  T0.1  cond-wake      C1@T0.1 M1  =ETIMEDOUT  timed,expired\n"
                        "     4  T0.1  yield\n"
                        "     5  T0    mutex-unlock   M1  =9999\n");
    free(text);
}

static void indices_out_of_the_tables_are_shown_as_unknown(void)
{
    const struct ilv_step steps[] = {
        {.kind = ILV_EV_MUTEX_LOCK, .task = 2, .object = 4, .object2 = UINT32_MAX},
        {.kind = UINT16_MAX, .task = UINT16_MAX},
    };
    char *text = dump(steps, 2);
    ILV_CHECK_STR(text, "     1  ?     mutex-lock     ? ?\n"
                        "     2  ?     none\n");
    free(text);
}

static void neither_address_nor_time_is_shown(void)
{
    struct ilv_step step = {.kind = ILV_EV_MUTEX_LOCK, .object = 2, .time = 1, .value = 2};
    char *before = dump(&step, 1);
    step.time = 77777;
    step.value = 88888;
    char *after = dump(&step, 1);
    ILV_CHECK_STR(after, before);
    ILV_CHECK(strstr(before, "deadbeef") == NULL);
    free(before);
    free(after);
}

static void flag_words_are_cut_whole(void)
{
    char out[16];
    ILV_CHECK_STR(ilv_flags_words(0, out, sizeof out), "");
    ILV_CHECK_STR(ilv_flags_words(ILV_TIMED | ILV_OWNER_DIED | ILV_EARLY, out, sizeof out),
                  "timed,early");
}

static void an_output_that_is_full_is_an_error(void)
{
    FILE *full = fopen("/dev/full", "w");
    if (!full) {
        ilv_test_skip("no /dev/full");
    }
    const struct ilv_step step = {.kind = ILV_EV_TASK_YIELD};
    const struct ilv_trace_tables tables = {tasks, objects, &step, 2, 4, 1};
    ILV_CHECK_INT(ilv_trace_dump(full, &tables), -ENOSPC);
    (void)fclose(full);
}

ILV_SUITE(dump, ILV_TEST(a_line_says_who_did_what_to_which_with_what_result),
          ILV_TEST(indices_out_of_the_tables_are_shown_as_unknown),
          ILV_TEST(neither_address_nor_time_is_shown), ILV_TEST(flag_words_are_cut_whole),
          ILV_TEST(an_output_that_is_full_is_an_error));
