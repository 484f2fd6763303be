/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "rng.h"
#include "schedule.h"

#define TEXT_MOST 4096
#define ROUNDS 20000

static const char good[] = "interleave-schedule 2\n"
                           "program ./bank\n"
                           "arg* 100\n"
                           "arg* \"\"\n"
                           "source locks/deadlock-abba\n"
                           "stdin-hash 0123456789abcdef\n"
                           "option* cpus=4\n"
                           "environment* LANG=C\n"
                           "build* 4fe0c8 bank\n"
                           "finding deadlock cycle\n"
                           "text a\\\\b\\x20\n"
                           "seed 7\n"
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
                           "T0/1 signal:10 join@9\n"
                           "end\n";

/* Pieces that mean something to the reader. */
static const char *const pieces[] = {
    "\n",   " ",        "end\n",   "choices\n", "*",     "@",     "\\x",     "\\",
    "\"\"", "T0.1",     "9999",    "\xff",      "arg* ", "seed ", "signal:", "#",
    "-",    "\xe2\x82", "point* ", "watch* ",   "heap ", "+",     "none"};

struct text {
    char at[TEXT_MOST];
    size_t size;
};

static void cut(struct text *text, size_t from, size_t size)
{
    memmove(text->at + from, text->at + from + size, text->size - from - size);
    text->size -= size;
}

static void insert(struct text *text, size_t at, const char *piece, size_t size)
{
    if (text->size + size <= TEXT_MOST) {
        memmove(text->at + at + size, text->at + at, text->size - at);
        memcpy(text->at + at, piece, size);
        text->size += size;
    }
}

static void mutate(struct text *text, struct ilv_rng *rng)
{
    size_t at = ilv_rng_below(rng, (uint32_t)text->size + 1);
    size_t left = text->size - at;
    size_t some = ilv_rng_below(rng, (uint32_t)(left < 40 ? left : 40) + 1);
    char copy[40];
    const char *piece = pieces[ilv_rng_below(rng, sizeof pieces / sizeof pieces[0])];
    switch (ilv_rng_below(rng, 6)) {
    case 0:
        text->at[at < text->size ? at : 0] = (char)ilv_rng_next(rng);
        break;
    case 1:
        cut(text, at, some);
        break;
    case 2:
        insert(text, at, piece, strlen(piece));
        break;
    case 3:
        memcpy(copy, text->at + at, some);
        insert(text, ilv_rng_below(rng, (uint32_t)text->size + 1), copy, some);
        break;
    case 4:
        text->size = at ? at : 1;
        break;
    default:
        at = at < text->size ? at : 0;
        text->at[at] = (char)(text->at[at] ^ (1 << ilv_rng_below(rng, 8)));
        break;
    }
}

/* What a message must be: `x:LINE: what; cure`, one line. */
static bool is_one_line_with_place_and_cure(const char *error)
{
    char *end = NULL;
    if (strncmp(error, "x:", 2) != 0 || strtoul(error + 2, &end, 10) == 0) {
        return false;
    }
    return strncmp(end, ": ", 2) == 0 && strstr(end, "; ") && !strchr(error, '\n') &&
           strlen(error) < 300;
}

static char *written(const struct ilv_schedule *s, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    int status = ilv_schedule_write(s, out);
    (void)fclose(out);
    ILV_CHECK_INT(status, 0);
    return text;
}

/* What is accepted can be written, read again, and written to the same text. */
static bool comes_back(const struct ilv_schedule *s)
{
    struct ilv_schedule back;
    char error[400] = "";
    size_t size = 0;
    size_t again_size = 0;
    char *text = written(s, &size);
    bool equal = ILV_CHECK_INT(ilv_schedule_parse("x", text, size, &back, error, sizeof error), 0);
    if (equal) {
        char *again = written(&back, &again_size);
        equal = ILV_CHECK_STR(again, text);
        free(again);
        ilv_schedule_free(&back);
    }
    free(text);
    return equal;
}

static void mutated_files_are_read_or_refused_in_one_line(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(1));
    unsigned accepted = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct text text = {.size = sizeof good - 1};
        memcpy(text.at, good, text.size);
        for (uint32_t i = ilv_rng_below(&rng, 3); i < 3 && text.size; i++) {
            mutate(&text, &rng);
        }
        char *exact = malloc(text.size ? text.size : 1);
        memcpy(exact, text.at, text.size);
        struct ilv_schedule s;
        char error[400] = "";
        int status = ilv_schedule_parse("x", exact, text.size, &s, error, sizeof error);
        bool fine = status == 0 ? comes_back(&s)
                                : (status == -EINVAL || status == -EPROTO) &&
                                      is_one_line_with_place_and_cure(error);
        if (status == 0) {
            accepted++;
            ilv_schedule_free(&s);
        }
        free(exact);
        if (!ILV_CHECK(fine)) {
            (void)fprintf(stderr, "round %u: %d %s\n", round, status, error);
            return;
        }
    }
    ILV_CHECK(accepted > 200 && accepted < ROUNDS / 2);
}

static void noise_is_refused_in_one_line(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(2));
    for (unsigned round = 0; round < 2000; round++) {
        char noise[64];
        size_t size = ilv_rng_below(&rng, sizeof noise);
        for (size_t i = 0; i < size; i++) {
            noise[i] = (char)ilv_rng_next(&rng);
        }
        struct ilv_schedule s;
        char error[400] = "";
        ILV_CHECK_INT(ilv_schedule_parse("x", noise, size, &s, error, sizeof error), -EINVAL);
        ILV_CHECK(is_one_line_with_place_and_cure(error));
    }
}

ILV_SUITE(schedule_fuzz, ILV_TEST(mutated_files_are_read_or_refused_in_one_line),
          ILV_TEST(noise_is_refused_in_one_line));
