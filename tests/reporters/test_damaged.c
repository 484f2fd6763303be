/* SPDX-License-Identifier: MIT */
/* A broken program may have written anywhere into its run: reports are made all the same. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "ilv_test.h"
#include "telling.h"

static void scribble(uint64_t *seed, void *memory, size_t size)
{
    uint8_t *bytes = memory;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)((*seed = ilv_hash_mix(*seed + i)) >> 32);
}

/* Tables full of chance; of some fields only their low byte, so that some of it makes sense. */
static void scribble_run(struct telling *t, uint64_t *seed)
{
    struct ilv_run *run = t->run;
    scribble(seed, run->task, 40 * sizeof run->task[0]);
    scribble(seed, run->object, 60 * sizeof run->object[0]);
    scribble(seed, run->trace, 300 * sizeof run->trace[0]);
    scribble(seed, run->finding, sizeof run->finding);
    scribble(seed, &run->site[1], 20 * sizeof run->site[0]);
    for (unsigned i = 0; i < 300; i += 2) {
        struct ilv_step *step = &run->trace[i];
        step->task %= 40;
        step->object %= 60;
        step->object2 %= 60;
        step->kind %= ILV_EV_COUNT;
        step->site %= 20;
    }
    run->task_count = (uint32_t)(*seed % 40);
    run->object_count = *seed % 3 == 0 ? UINT32_MAX : 60;
    run->trace_count = 300;
    run->site_count = *seed % 2 == 0 ? UINT32_MAX : 20;
    run->finding_count = (uint32_t)*seed;
}

static void chance_is_told_without_harm(void)
{
    uint64_t seed = ilv_test_seed(1);
    for (unsigned round = 0; round < 30; round++) {
        struct telling t;
        telling_begin(&t, round % 2 == 0 ? LINES : NOTHING);
        scribble_run(&t, &seed);
        t.report.options.width = (uint32_t)(seed % 200);
        t.report.options.whole = round % 3 == 0;
        char *text = told_by(&t, ILV_REPORTER_text);
        ILV_CHECK(strstr(text, "replay: ") != NULL);
        free(text);
        if (t.run->object_count < 100) {
            text = told_by(&t, ILV_REPORTER_json);
            json_t *root = json_loads(text, 0, NULL);
            ILV_CHECK(root != NULL);
            json_decref(root);
            free(text);
        }
        telling_end(&t);
    }
}

static void an_empty_run_is_told(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    t.run->task_count = 0;
    t.run->object_count = 0;
    t.run->site_count = 0;
    t.run->module_count = 0;
    char *text = told_by(&t, ILV_REPORTER_text);
    ILV_CHECK_STR(text, "nothing found in this run\n\nreplay: interleave replay ./bank-1.sched\n");
    free(text);
    telling_end(&t);
}

static void a_stream_that_fails_is_an_error(void)
{
    struct telling t;
    telling_begin(&t, LINES);
    abba(&t);
    for (int i = 0; i < ILV_REPORTER_COUNT; i++) {
        FILE *out = fopen("/dev/full", "we");
        ILV_CHECK(out != NULL);
        ILV_CHECK(ilv_reporter((unsigned)i)->write(&t.report, out) < 0);
        fclose(out);
    }
    telling_end(&t);
}

ILV_SUITE(damaged, ILV_TEST(chance_is_told_without_harm), ILV_TEST(an_empty_run_is_told),
          ILV_TEST(a_stream_that_fails_is_an_error));
