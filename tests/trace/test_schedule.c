/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ilv_test.h"

static const char full[] = "interleave-schedule 2\n"
                           "program ./bank\n"
                           "arg* 100\n"
                           "arg* \"\"\n"
                           "arg* two words\\n\\x20\n"
                           "directory sub/dir\n"
                           "source locks/deadlock-abba\n"
                           "stdin input.txt\n"
                           "stdin-hash 0123456789abcdef\n"
                           "option* cpus=4\n"
                           "option* clock=idle\n"
                           "environment* LANG=C\n"
                           "environment-hash fedcba9876543210\n"
                           "build* 4fe0c8 bank\n"
                           "build* 00ff libbank.so\n"
                           "finding deadlock cycle\n"
                           "text transfer: a \\\\ b\n"
                           "seed 18446744073709551615\n"
                           "run 12\n"
                           "strategy pct\n"
                           "trace 8c1d000000000001 57\n"
                           "point* global 1+4010\n"
                           "point* heap 8 1+11a9 2+1234\n"
                           "watch* stack 6a09e667f3bcc908 58\n"
                           "choices\n"
                           "T0 run create@1 *3\n"
                           "T0.1 run mutex-lock@2\n"
                           "T0.2 expire cond-wake@7\n"
                           "T0.1 wake cond-wake@4\n"
                           "T0 signal:10 join@9\n"
                           "end\n";

static int parse(const char *text, struct ilv_schedule *s, char *error, size_t size)
{
    return ilv_schedule_parse("x.sched", text, strlen(text), s, error, size);
}

static char *written(const struct ilv_schedule *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ILV_CHECK_INT(ilv_schedule_write(s, out), 0);
    (void)fclose(out);
    return text;
}

static void every_line_is_understood(void)
{
    struct ilv_schedule s;
    char error[200] = "";
    if (!ILV_CHECK_INT(parse(full, &s, error, sizeof error), 0)) {
        return;
    }
    ILV_CHECK_STR(s.program, "./bank");
    ILV_CHECK_INT(s.arg_count, 3);
    ILV_CHECK_STR(s.args[1], "");
    ILV_CHECK_STR(s.args[2], "two words\n ");
    ILV_CHECK(s.args[3] == NULL);
    ILV_CHECK_STR(s.directory, "sub/dir");
    ILV_CHECK_STR(s.source, "locks/deadlock-abba");
    ILV_CHECK_STR(s.stdin_name, "input.txt");
    ILV_CHECK_STR(s.stdin_hash, "0123456789abcdef");
    ILV_CHECK_STR(s.options[1], "clock=idle");
    ILV_CHECK_STR(s.environment[0], "LANG=C");
    ILV_CHECK_STR(s.environment_hash, "fedcba9876543210");
    ILV_CHECK_INT(s.build_count, 2);
    ILV_CHECK_STR(s.builds[1].id, "00ff");
    ILV_CHECK_STR(s.builds[1].name, "libbank.so");
    ILV_CHECK_INT(s.verdict, ILV_VERDICT_DEADLOCK);
    ILV_CHECK_INT(s.kind, ILV_KIND_CYCLE);
    ILV_CHECK_STR(s.finding_text, "transfer: a \\ b");
    ILV_CHECK_U64(s.seed, UINT64_MAX);
    ILV_CHECK_INT(s.run, 12);
    ILV_CHECK_STR(s.strategy, "pct");
    ILV_CHECK_U64(s.trace_hash, UINT64_C(0x8c1d000000000001));
    ILV_CHECK_INT(s.steps, 57);
    ILV_CHECK_INT(s.point_count, 2);
    ILV_CHECK_INT(s.points[0].kind, ILV_LOCATION_GLOBAL);
    ILV_CHECK_U64(s.points[0].offset, 0x4010);
    ILV_CHECK_U64(s.points[1].frame[1], ilv_frame(2, 0x1234));
    ILV_CHECK_U64(s.points[1].frame[2], 0);
    ILV_CHECK_INT(s.watch_count, 1);
    ILV_CHECK_U64(s.watches[0].frame[0], UINT64_C(0x6a09e667f3bcc908));
    ilv_schedule_free(&s);
}

static void choices_name_tasks_by_their_place_in_the_table(void)
{
    struct ilv_schedule s;
    char error[200] = "";
    if (!ILV_CHECK_INT(parse(full, &s, error, sizeof error), 0)) {
        return;
    }
    ILV_CHECK_INT(s.task_count, 3);
    ILV_CHECK_STR(s.task_paths[2], "T0.2");
    ILV_CHECK_U64(s.task_ids[1], ilv_task_child_id(ilv_task_root_id(), 1, 0));
    ILV_CHECK_INT(s.choice_count, 5);
    ILV_CHECK_INT(s.choices[0].count, 3);
    ILV_CHECK_INT(s.choices[1].task, 1);
    ILV_CHECK_INT(s.choices[1].kind, ILV_EV_MUTEX_LOCK);
    ILV_CHECK_INT(s.choices[1].nth, 2);
    ILV_CHECK_INT(s.choices[1].count, 1);
    ILV_CHECK_INT(s.choices[2].how, ILV_HOW_EXPIRE);
    ILV_CHECK_INT(s.choices[3].task, 1);
    ILV_CHECK_INT(s.choices[4].task, 0);
    ILV_CHECK_INT(s.choices[4].signal, 10);
    ilv_schedule_free(&s);
}

static void writing_gives_the_same_text_back(void)
{
    struct ilv_schedule s;
    char error[200] = "";
    if (!ILV_CHECK_INT(parse(full, &s, error, sizeof error), 0)) {
        return;
    }
    char *text = written(&s);
    ILV_CHECK_STR(text, full);
    free(text);
    ilv_schedule_free(&s);
}

/* Any bytes but zero may stand in an argument. */
static void strings_of_any_bytes_come_back(void)
{
    char bytes[256];
    for (int i = 0; i < 255; i++) {
        bytes[i] = (char)(i + 1);
    }
    bytes[255] = '\0';
    char *const strings[] = {bytes,
                             (char[]){"  two  "},
                             (char[]){"\"\""},
                             (char[]){"\""},
                             (char[]){"# no comment"},
                             (char[]){"caf\xc3\xa9 \xe2\x82\xac \xff"},
                             (char[]){"\\n"},
                             (char[]){"\xc0\x80 \xed\xa0\x80 \xf5"}};
    char *args[9] = {NULL};
    memcpy(args, strings, sizeof strings);
    struct ilv_schedule s = {.program = bytes, .args = args, .arg_count = 8};
    char *text = written(&s);
    struct ilv_schedule back;
    char error[200] = "";
    if (ILV_CHECK_INT(parse(text, &back, error, sizeof error), 0)) {
        ILV_CHECK_STR(back.program, bytes);
        for (uint32_t i = 0; i < 8; i++) {
            ILV_CHECK_STR(back.args[i], args[i]);
        }
        ilv_schedule_free(&back);
    }
    ILV_CHECK(strstr(text, "caf\xc3\xa9 \xe2\x82\xac \\xff\n") != NULL);
    free(text);
}

static void comments_and_empty_lines_are_skipped(void)
{
    struct ilv_schedule s;
    char error[200] = "";
    ILV_CHECK_INT(parse("interleave-schedule 2\n# why\n\nprogram x\nchoices\n\n#\nend\n#\n\n", &s,
                        error, sizeof error),
                  0);
    ILV_CHECK_STR(error, "");
    ILV_CHECK_STR(s.program, "x");
    ilv_schedule_free(&s);
}

/* Files of version 1 hashed in another way. */
static void first_versions_hash_of_a_trace_is_not_kept(void)
{
    static const char *const first_line[] = {"interleave-schedule 1\n", "interleave-schedule 2\n"};
    static const uint64_t hash[] = {0, 0xab};
    for (size_t i = 0; i < sizeof hash / sizeof *hash; i++) {
        struct ilv_schedule s;
        char error[200] = "";
        char text[200];
        (void)snprintf(text, sizeof text, "%sprogram x\ntrace 00000000000000ab 57\nchoices\nend\n",
                       first_line[i]);
        ILV_CHECK_INT(parse(text, &s, error, sizeof error), 0);
        ILV_CHECK_STR(error, "");
        ILV_CHECK_U64(s.trace_hash, hash[i]);
        ILV_CHECK_INT(s.steps, 57);
        ilv_schedule_free(&s);
    }
}

static void what_cannot_be_read_back_is_not_written(void)
{
    struct ilv_choice choice = {.task = 1, .count = 1};
    uint64_t id = ilv_task_root_id();
    char *path = (char[]){"T0"};
    struct ilv_schedule s = {.program = path,
                             .task_ids = &id,
                             .task_paths = &path,
                             .task_count = 1,
                             .choices = &choice,
                             .choice_count = 1};
    FILE *out = fopen("/dev/null", "w");
    ILV_CHECK_INT(ilv_schedule_write(&s, out), -EINVAL);
    choice.task = 0;
    ILV_CHECK_INT(ilv_schedule_write(&s, out), 0);
    choice.count = 0;
    ILV_CHECK_INT(ilv_schedule_write(&s, out), -EINVAL);
    choice = (struct ilv_choice){.how = ILV_HOW_SIGNAL, .count = 1};
    ILV_CHECK_INT(ilv_schedule_write(&s, out), -EINVAL);
    choice = (struct ilv_choice){.kind = ILV_EV_COUNT, .count = 1};
    ILV_CHECK_INT(ilv_schedule_write(&s, out), -EINVAL);
    s.program = NULL;
    s.choice_count = 0;
    ILV_CHECK_INT(ilv_schedule_write(&s, out), -EINVAL);
    (void)fclose(out);
}

/* A folder of its own for the test; removed with what is in it. */
static char folder[] = "/tmp/ilv-test-XXXXXX";

static unsigned remove_folder(void)
{
    unsigned files = 0;
    DIR *dir = opendir(folder);
    if (!dir) {
        ILV_CHECK(false);
        return 0;
    }
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            files++;
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    (void)closedir(dir);
    ILV_CHECK_INT(rmdir(folder), 0);
    return files;
}

static void saving_never_overwrites(void)
{
    struct ilv_schedule s = {.program = (char[]){"x"}};
    char path[200];
    char wanted[200];
    if (!ILV_CHECK(mkdtemp(folder) != NULL)) {
        return;
    }
    (void)snprintf(wanted, sizeof wanted, "%s/x-deadlock-2.sched", folder);
    int fd = open(wanted, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ILV_CHECK_INT(write(fd, "mine", 4), 4);
    (void)close(fd);
    for (int n = 1; n <= 3; n += 2) {
        (void)snprintf(wanted, sizeof wanted, "%s/x-deadlock-%d.sched", folder, n);
        ILV_CHECK_INT(ilv_schedule_save(&s, folder, "x-deadlock", path, sizeof path), 0);
        ILV_CHECK_STR(path, wanted);
    }
    (void)snprintf(wanted, sizeof wanted, "%s/x-deadlock-2.sched", folder);
    struct stat status;
    ILV_CHECK(stat(wanted, &status) == 0 && status.st_size == 4);
    ILV_CHECK_INT(remove_folder(), 3);
}

static void a_saved_schedule_is_read_again(void)
{
    struct ilv_schedule s = {.program = (char[]){"x"}, .seed = 7};
    struct ilv_schedule back;
    char path[200];
    char error[200] = "";
    if (!ILV_CHECK(mkdtemp(folder) != NULL)) {
        return;
    }
    ILV_CHECK_INT(ilv_schedule_save(&s, folder, "x", path, sizeof path), 0);
    ILV_CHECK_INT(ilv_schedule_read(path, &back, error, sizeof error), 0);
    ILV_CHECK_U64(back.seed, 7);
    ilv_schedule_free(&back);
    ILV_CHECK_INT(remove_folder(), 1);
}

static void a_save_that_fails_leaves_nothing(void)
{
    struct ilv_schedule s = {.program = (char[]){"x"}};
    char path[200];
    ILV_CHECK_INT(ilv_schedule_save(&s, "/nowhere/at/all", "x", path, sizeof path), -ENOENT);
    if (!ILV_CHECK(mkdtemp(folder) != NULL)) {
        return;
    }
    ILV_CHECK_INT(ilv_schedule_save(&s, folder, "../x", path, sizeof path), -EINVAL);
    ILV_CHECK_INT(ilv_schedule_save(&s, folder, "x", path, 10), -ENAMETOOLONG);
    s.verdict = ILV_VERDICT_COUNT;
    ILV_CHECK_INT(ilv_schedule_save(&s, folder, "x", path, sizeof path), -EINVAL);
    ILV_CHECK_INT(remove_folder(), 0);
}

ILV_SUITE(schedule, ILV_TEST(every_line_is_understood),
          ILV_TEST(choices_name_tasks_by_their_place_in_the_table),
          ILV_TEST(writing_gives_the_same_text_back), ILV_TEST(strings_of_any_bytes_come_back),
          ILV_TEST(comments_and_empty_lines_are_skipped),
          ILV_TEST(first_versions_hash_of_a_trace_is_not_kept),
          ILV_TEST(what_cannot_be_read_back_is_not_written), ILV_TEST(saving_never_overwrites),
          ILV_TEST(a_saved_schedule_is_read_again), ILV_TEST(a_save_that_fails_leaves_nothing));
