/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "schedule.h"

#define FIRST "interleave-schedule 2\n"
#define HEAD FIRST "program x\n"
#define CHOICES HEAD "choices\n"

static const struct {
    const char *text;
    const char *error;
} wrong[] = {
    {"", "x.sched:1: this is not a schedule: the first line is not \"interleave-schedule 2\"; name "
         "a file that hunt wrote"},
    {"ELF\n", "x.sched:1: this is not a schedule: the first line is not \"interleave-schedule 2\"; "
              "name a file that hunt wrote"},
    {"interleave-schedule 2",
     "x.sched:1: the file ends before the line \"end\"; it was cut off, get it again"},
    {"interleave-schedule\n", "x.sched:1: this is not a schedule: the first line is not "
                              "\"interleave-schedule 2\"; name a file that hunt wrote"},
    {"interleave-schedule 01\n", "x.sched:1: this is not a schedule: the first line is not "
                                 "\"interleave-schedule 2\"; name a file that hunt wrote"},
    {FIRST, "x.sched:1: the file ends before the line \"end\"; it was cut off, get it again"},
    {FIRST "choices\nend\n",
     "x.sched:2: no line \"program\" or \"source\" says what to run; add one above"},
    {HEAD, "x.sched:2: the file ends before the line \"end\"; it was cut off, get it again"},
    {HEAD "program y\n", "x.sched:3: a second line \"program\"; remove one"},
    {HEAD "colour red\n", "x.sched:3: unknown header line \"colour\"; remove it"},
    {HEAD "arg 1\n", "x.sched:3: unknown header line \"arg\"; remove it"},
    {HEAD "seed\n", "x.sched:3: seed has no value; give one, \"\" for an empty one"},
    {HEAD "seed \n", "x.sched:3: seed has no value; give one, \"\" for an empty one"},
    {HEAD "seed -1\n",
     "x.sched:3: seed \"-1\" is not a whole number in range; correct it or hunt again"},
    {HEAD "seed 18446744073709551616\n", "x.sched:3: seed \"18446744073709551616\" is not a whole "
                                         "number in range; correct it or hunt again"},
    {HEAD "run 4294967296\n",
     "x.sched:3: run \"4294967296\" is not a whole number in range; correct it or hunt again"},
    {HEAD "run 1 2\n",
     "x.sched:3: run \"1 2\" is not a whole number in range; correct it or hunt again"},
    {HEAD "arg* a\\b\n",
     "x.sched:3: arg* has an escape other than \\n, \\t, \\\\ or \\x01 to \\xff; correct it"},
    {HEAD "arg* a\\x0\n",
     "x.sched:3: arg* has an escape other than \\n, \\t, \\\\ or \\x01 to \\xff; correct it"},
    {HEAD "arg* a\\x00\n",
     "x.sched:3: arg* has an escape other than \\n, \\t, \\\\ or \\x01 to \\xff; correct it"},
    {HEAD "arg* a\\\n",
     "x.sched:3: arg* has an escape other than \\n, \\t, \\\\ or \\x01 to \\xff; correct it"},
    {HEAD "arg* a\tb\n",
     "x.sched:3: byte 0x09 is a control character; write it as \\x09, or save the file as it was"},
    {HEAD "arg* a\r\n",
     "x.sched:3: byte 0x0d is a control character; write it as \\x0d, or save the file as it was"},
    {HEAD "arg* a\xff\n",
     "x.sched:3: byte 0xff is not UTF-8; write it as \\xff, or save the file as it was"},
    {HEAD "stdin-hash 123\n", "x.sched:3: stdin-hash \"123\" is not a hash of 16 hexadecimal "
                              "digits; correct it or hunt again"},
    {HEAD "environment-hash 0123456789ABCDEF\n",
     "x.sched:3: environment-hash \"0123456789ABCDEF\" is not a hash of 16 hexadecimal digits; "
     "correct it or hunt again"},
    {HEAD "build* xyz bank\n", "x.sched:3: build* \"xyz\" is not a build id of 1 to 40 hexadecimal "
                               "digits; correct it or hunt again"},
    {HEAD "build* 00112233445566778899aabbccddeeff001122334 bank\n",
     "x.sched:3: build* \"00112233445566778899aabbccddeeff00112233\" is not a build id of 1 to 40 "
     "hexadecimal digits; correct it or hunt again"},
    {HEAD "finding deadlok\n",
     "x.sched:3: finding \"deadlok\" is not the name of a finding; correct it or hunt again"},
    {HEAD "finding deadlock assert\n", "x.sched:3: finding \"deadlock assert\" is not a finding "
                                       "with one of its kinds; correct it or hunt again"},
    {HEAD "finding deadlock cycle now\n",
     "x.sched:3: finding \"deadlock cycle now\" is not a finding with one of its kinds; correct it "
     "or hunt again"},
    {HEAD "point* global 0+4010\n", "x.sched:3: point* \"global 0+4010\" is not a place in memory, "
                                    "such as global 1+4010; correct it or hunt again"},
    {HEAD "point* none\n", "x.sched:3: point* \"none\" is not a place in memory, such as global "
                           "1+4010; correct it or hunt again"},
    {HEAD "watch* heap 8 1+1 1+2 1+3 1+4 1+5\n",
     "x.sched:3: watch* \"heap 8 1+1 1+2 1+3 1+4 1+5\" is not a place in memory, such as global "
     "1+4010; correct it or hunt again"},
    {HEAD "watch* stack 6a09e667f3bcc908\n",
     "x.sched:3: watch* \"stack 6a09e667f3bcc908\" is not a place in memory, such as global "
     "1+4010; correct it or hunt again"},
    {HEAD "strategy a-name-that-is-longer-than-any-strategy-has\n",
     "x.sched:3: strategy is longer than 31 bytes; shorten it"},
    {HEAD "trace 8c1d 57\n", "x.sched:3: trace \"8c1d 57\" is not a hash of 16 hexadecimal digits "
                             "and a number of steps; correct it or hunt again"},
    {HEAD "trace 8c1d000000000001\n",
     "x.sched:3: trace \"8c1d000000000001\" is not a hash of 16 hexadecimal digits and a number of "
     "steps; correct it or hunt again"},
    {HEAD "choices \nend\n", "x.sched:3: unknown header line \"choices\"; remove it"},
    {CHOICES, "x.sched:3: the file ends before the line \"end\"; it was cut off, get it again"},
    {CHOICES "T0 run create@1 *3",
     "x.sched:4: the file ends before the line \"end\"; it was cut off, get it again"},
    {CHOICES "T1 run create@1\nend\n", "x.sched:4: \"T1\" is not a task such as T0.1; correct it"},
    {CHOICES "T0\nend\n",
     "x.sched:4: \"\" is not run, expire, signal:1 to signal:64, wake or spurious; correct it"},
    {CHOICES "T0 walk create@1\nend\n",
     "x.sched:4: \"walk\" is not run, expire, signal:1 to signal:64, wake or spurious; correct it"},
    {CHOICES "T0 run:3 create@1\nend\n", "x.sched:4: \"run:3\" is not run, expire, signal:1 to "
                                         "signal:64, wake or spurious; correct it"},
    {CHOICES "T0 signal create@1\nend\n", "x.sched:4: \"signal\" is not run, expire, signal:1 to "
                                          "signal:64, wake or spurious; correct it"},
    {CHOICES "T0 signal:65 create@1\nend\n", "x.sched:4: \"signal:65\" is not run, expire, "
                                             "signal:1 to signal:64, wake or spurious; correct it"},
    {CHOICES "T0 run knit@1\nend\n", "x.sched:4: \"knit\" is not an operation; correct it, or "
                                     "replay with the interleave that wrote it"},
    {CHOICES "T0 run create\nend\n",
     "x.sched:4: \"create\" does not end in @ and a number of steps; correct it"},
    {CHOICES "T0 run create@-1\nend\n",
     "x.sched:4: \"create@-1\" does not end in @ and a number of steps; correct it"},
    {CHOICES "T0 run create@1 3\nend\n",
     "x.sched:4: \"3\" is not * and a count from 1; correct it"},
    {CHOICES "T0 run create@1 *0\nend\n",
     "x.sched:4: \"*0\" is not * and a count from 1; correct it"},
    {CHOICES "T0 run create@1 *4294967296\nend\n",
     "x.sched:4: \"*4294967296\" is not * and a count from 1; correct it"},
    {CHOICES "T0 run create@1  *2\nend\n",
     "x.sched:4: \" *2\" is not * and a count from 1; correct it"},
    {CHOICES "end\nT0 run create@1\n",
     "x.sched:5: \"T0 run create@1\" stands after \"end\"; remove it"},
    {CHOICES "seed 1\nend\n", "x.sched:4: \"seed\" is not a task such as T0.1; correct it"},
};

static void everything_wrong_is_one_line_with_place_and_cure(void)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct ilv_schedule s;
        char error[300] = "";
        const char *text = wrong[i].text;
        ILV_CHECK_INT(ilv_schedule_parse("x.sched", text, strlen(text), &s, error, sizeof error),
                      -EINVAL);
        ILV_CHECK_STR(error, wrong[i].error);
    }
}

static void another_version_is_named(void)
{
    struct ilv_schedule s;
    char error[300] = "";
    const char *text = "interleave-schedule 3\nanything\n";
    ILV_CHECK_INT(ilv_schedule_parse("x.sched", text, strlen(text), &s, error, sizeof error),
                  -EPROTO);
    ILV_CHECK_STR(error, "x.sched:1: a schedule of version 3, this interleave reads versions 1 to "
                         "2; replay it with the interleave that wrote it, or hunt again");
}

static void zero_bytes_are_refused(void)
{
    struct ilv_schedule s;
    char error[300] = "";
    const char text[] = FIRST "program a\0b\nchoices\nend\n";
    ILV_CHECK_INT(ilv_schedule_parse("x.sched", text, sizeof text - 1, &s, error, sizeof error),
                  -EINVAL);
    ILV_CHECK_STR(error, "x.sched:2: byte 0x00 is a control character; write it as \\x00, or save "
                         "the file as it was");
}

static void files_that_cannot_be_read_are_named(void)
{
    struct ilv_schedule s;
    char error[300] = "";
    ILV_CHECK_INT(ilv_schedule_read("/no/such\nfile", &s, error, sizeof error), -ENOENT);
    ILV_CHECK_STR(error, "/no/such?file: cannot be read: No such file or directory; name a "
                         "schedule that hunt wrote");
    ILV_CHECK_INT(ilv_schedule_read("/", &s, error, sizeof error), -EISDIR);
    ILV_CHECK_INT(ilv_schedule_read("/dev/zero", &s, error, sizeof error), -EFBIG);
}

static void short_buffers_get_the_beginning_of_the_message(void)
{
    struct ilv_schedule s;
    char error[8];
    ILV_CHECK_INT(ilv_schedule_parse("x.sched", "?", 1, &s, error, sizeof error), -EINVAL);
    ILV_CHECK_STR(error, "x.sched");
    ILV_CHECK_INT(ilv_schedule_parse("x.sched", "?", 1, &s, NULL, 0), -EINVAL);
    ILV_CHECK_INT(ilv_schedule_read("/no/such", &s, NULL, 0), -ENOENT);
}

/* A line too many of anything, and a choice too many. */
static void counts_are_bounded(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)fputs(CHOICES, out);
    for (unsigned i = 0; i <= ILV_SCHEDULE_CHOICES; i++) {
        (void)fputs("T0 run yield@1\n", out);
    }
    (void)fclose(out);
    struct ilv_schedule s;
    char error[300] = "";
    ILV_CHECK_INT(ilv_schedule_parse("x", text, size, &s, error, sizeof error), -EINVAL);
    ILV_CHECK_STR(error, "x:262148: more than 262144 choices; this is not a schedule of ours");
    free(text);
}

static void tasks_are_bounded(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)fputs(CHOICES, out);
    for (unsigned i = 1; i <= ILV_SCHEDULE_TASKS + 1; i++) {
        (void)fprintf(out, "T0.%u run yield@1\n", i);
    }
    (void)fclose(out);
    struct ilv_schedule s;
    char error[300] = "";
    ILV_CHECK_INT(ilv_schedule_parse("x", text, size, &s, error, sizeof error), -EINVAL);
    ILV_CHECK_STR(error, "x:1028: more than 1024 tasks; this is not a schedule of ours");
    free(text);
}

static void places_are_bounded(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)fputs(HEAD, out);
    for (unsigned i = 0; i <= ILV_SCHEDULE_PLACES; i++) {
        (void)fprintf(out, "watch* global 1+%x\n", i);
    }
    (void)fclose(out);
    struct ilv_schedule s;
    char error[300] = "";
    ILV_CHECK_INT(ilv_schedule_parse("x", text, size, &s, error, sizeof error), -EINVAL);
    ILV_CHECK_STR(error, "x:4099: more than 4096 watch* lines; remove some");
    free(text);
}

ILV_SUITE(schedule_errors, ILV_TEST(everything_wrong_is_one_line_with_place_and_cure),
          ILV_TEST(another_version_is_named), ILV_TEST(zero_bytes_are_refused),
          ILV_TEST(files_that_cannot_be_read_are_named),
          ILV_TEST(short_buffers_get_the_beginning_of_the_message), ILV_TEST(counts_are_bounded),
          ILV_TEST(tasks_are_bounded), ILV_TEST(places_are_bounded));
