/* SPDX-License-Identifier: MIT */
/* Words of memory by name: what schedules say of them comes back, and what they cannot say is
 * refused. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ilv_test.h"
#include "location.h"
#include "rng.h"
#include "trace.h"

#define MOST_OFFSET ILV_FRAME_OFFSET_MASK
#define MOST_MODULE 0x7fffu

static const struct {
    const char *text;
    struct ilv_location location;
} forms[] = {
    {"global 1+4010", {ILV_LOCATION_GLOBAL, 0, {UINT64_C(1) << 48}, 0x4010}},
    {"global 32767+0", {ILV_LOCATION_GLOBAL, 0, {UINT64_C(0x7fff) << 48}, 0}},
    {"heap 8 1+11a9", {ILV_LOCATION_HEAP, 0, {UINT64_C(1) << 48 | 0x11a9}, 8}},
    {"heap 0 1+1 2+2 3+3 4+ffffffffffff",
     {ILV_LOCATION_HEAP,
      0,
      {UINT64_C(1) << 48 | 1, UINT64_C(2) << 48 | 2, UINT64_C(3) << 48 | 3,
       UINT64_C(4) << 48 | MOST_OFFSET},
      0}},
    {"stack 6a09e667f3bcc908 58", {ILV_LOCATION_STACK, 0, {UINT64_C(0x6a09e667f3bcc908)}, 0x58}},
};
#define FORMS (sizeof forms / sizeof forms[0])

static void frames_come_apart_as_they_were_put_together(void)
{
    static const uint64_t offsets[] = {0, 1, 0x1000, MOST_OFFSET};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        for (uint32_t module = 0; module <= MOST_MODULE; module = module * 8 + 1) {
            uint64_t frame = ilv_frame(module, offsets[i]);
            ILV_CHECK_U64(ilv_frame_module(frame), module);
            ILV_CHECK_U64(ilv_frame_offset(frame), offsets[i]);
        }
    }
    ILV_CHECK_U64(ilv_frame(0, 0), 0);
    ILV_CHECK_U64(ilv_frame(3, 0x11a9), UINT64_C(0x00030000000011a9));
}

static void locations_are_spelled_as_schedules_do(void)
{
    for (size_t i = 0; i < FORMS; i++) {
        char text[ILV_LOCATION_TEXT];
        struct ilv_location read;
        ILV_CHECK_STR(ilv_location_text(&forms[i].location, text, sizeof text), forms[i].text);
        ILV_CHECK_INT(ilv_location_parse(forms[i].text, &read), 0);
        ILV_CHECK(memcmp(&read, &forms[i].location, sizeof read) == 0);
    }
}

static uint64_t some_offset(struct ilv_rng *rng)
{
    return ilv_rng_next(rng) >> (16 + ilv_rng_below(rng, 48));
}

static struct ilv_location some_location(struct ilv_rng *rng)
{
    struct ilv_location l = {.kind = 1 + ilv_rng_below(rng, 3), .offset = some_offset(rng)};
    uint32_t frames = l.kind == ILV_LOCATION_HEAP ? ilv_rng_below(rng, ILV_LOCATION_DEPTH + 1) : 1;
    for (uint32_t i = 0; i < frames; i++) {
        l.frame[i] = ilv_frame(1 + ilv_rng_below(rng, MOST_MODULE), some_offset(rng));
    }
    if (l.kind == ILV_LOCATION_GLOBAL) {
        l.frame[0] = ilv_frame(ilv_frame_module(l.frame[0]), 0);
    } else if (l.kind == ILV_LOCATION_STACK) {
        l.frame[0] = ilv_rng_next(rng);
    }
    return l;
}

static void every_location_comes_back_from_its_text(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(1));
    for (unsigned round = 0; round < 20000; round++) {
        struct ilv_location was = some_location(&rng);
        struct ilv_location is;
        char text[ILV_LOCATION_TEXT];
        ilv_location_text(&was, text, sizeof text);
        ILV_CHECK(strlen(text) < ILV_LOCATION_TEXT - 1);
        if (!ILV_CHECK_INT(ilv_location_parse(text, &is), 0) ||
            !ILV_CHECK(ilv_location_equal(&was, &is) && memcmp(&was, &is, sizeof is) == 0)) {
            (void)fprintf(stderr, "round %u: %s\n", round, text);
            return;
        }
        ILV_CHECK_U64(ilv_location_hash(&was), ilv_location_hash(&is));
    }
}

static void texts_that_name_no_word_are_refused(void)
{
    static const char *const bad[] = {"",
                                      "none",
                                      "global",
                                      "global ",
                                      "global 1",
                                      "global 1+",
                                      "global +10",
                                      "global 0+10",
                                      "global 32768+10",
                                      "global -1+10",
                                      "global 1+1000000000000",
                                      "global 1+10 ",
                                      "global 1+10 2+10",
                                      "global  1+10",
                                      "Global 1+10",
                                      "globals 1+10",
                                      "global 1+x",
                                      "heap",
                                      "heap ",
                                      "heap x",
                                      "heap 8 ",
                                      "heap 8 1",
                                      "heap 8 1+",
                                      "heap 8  1+1",
                                      "heap 8 1+1 ",
                                      "heap 8 0+1",
                                      "heap 8 1+1x",
                                      "heap 8,1+1",
                                      "heap 0 1+1 1+2 1+3 1+4 1+5",
                                      "stack",
                                      "stack ",
                                      "stack 1",
                                      "stack 1 ",
                                      "stack 1 2 3",
                                      "stack 1 2x",
                                      "stack x 2",
                                      "18446744073709551616",
                                      "global 18446744073709551617+10"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ilv_location read;
        if (!ILV_CHECK_INT(ilv_location_parse(bad[i], &read), -EINVAL)) {
            (void)fprintf(stderr, "accepted: '%s'\n", bad[i]);
        }
    }
}

/* Every text that is accepted stands for a location that is written to a text that is accepted. */
static void damaged_texts_are_refused_or_stand_for_another_word(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(2));
    unsigned accepted = 0;
    for (unsigned round = 0; round < 20000; round++) {
        char text[ILV_LOCATION_TEXT];
        char again[ILV_LOCATION_TEXT];
        struct ilv_location read;
        struct ilv_location back;
        (void)snprintf(text, sizeof text, "%s", forms[ilv_rng_below(&rng, FORMS)].text);
        text[ilv_rng_below(&rng, (uint32_t)strlen(text))] = (char)(1 + ilv_rng_below(&rng, 255));
        if (ilv_location_parse(text, &read) != 0) {
            continue;
        }
        accepted++;
        ilv_location_text(&read, again, sizeof again);
        if (!ILV_CHECK_INT(ilv_location_parse(again, &back), 0) ||
            !ILV_CHECK(ilv_location_equal(&read, &back))) {
            (void)fprintf(stderr, "'%s' was read, and comes back as '%s'\n", text, again);
            return;
        }
    }
    ILV_CHECK(accepted > 200 && accepted < 10000);
}

static void words_at_other_places_are_others(void)
{
    for (size_t i = 0; i < FORMS; i++) {
        struct ilv_location other = forms[i].location;
        other.offset ^= 8;
        ILV_CHECK(!ilv_location_equal(&other, &forms[i].location));
        ILV_CHECK(ilv_location_hash(&other) != ilv_location_hash(&forms[i].location));
        other = forms[i].location;
        other.frame[0] ^= UINT64_C(1) << 49;
        ILV_CHECK(!ilv_location_equal(&other, &forms[i].location));
        ILV_CHECK(ilv_location_hash(&other) != ilv_location_hash(&forms[i].location));
        for (size_t k = 0; k < i; k++) {
            ILV_CHECK(!ilv_location_equal(&forms[k].location, &forms[i].location));
        }
    }
}

ILV_SUITE(location, ILV_TEST(frames_come_apart_as_they_were_put_together),
          ILV_TEST(locations_are_spelled_as_schedules_do),
          ILV_TEST(every_location_comes_back_from_its_text),
          ILV_TEST(texts_that_name_no_word_are_refused),
          ILV_TEST(damaged_texts_are_refused_or_stand_for_another_word),
          ILV_TEST(words_at_other_places_are_others));
