/* SPDX-License-Identifier: MIT */
/*
 * sanitizer_compare.c: our race detector beside ThreadSanitizer, in one process on one schedule.
 *
 * A program built with `interleave cc --with=tsan` tells each access to us and then to
 * ThreadSanitizer. With --sanitizer compare neither ends the run; the words of memory on which
 * each of them saw a race are noted, and at the end they have to be the same words.
 */
#include <string.h>

#include "intercept/sanitizer.h"
#include "objects/places.h"

#define WORDS_MAX 1024
#define WORD_MASK UINT64_C(7)

struct race {
    uint64_t word;
    uint16_t task;
};

struct words {
    struct race race[WORDS_MAX];
    uint32_t count;
};

static struct words ours;
static struct words theirs;

static bool compares(void)
{
    return ilv__sanitizer == ILV_SANITIZER_THREAD && ilv__world.active &&
           ilv__world.block->config.reports == ILV_REPORTS_COMPARE;
}

static const struct race *find(const struct words *words, uint64_t word)
{
    for (uint32_t i = 0; i < words->count; i++)
        if (words->race[i].word == word)
            return &words->race[i];
    return NULL;
}

static void note(struct words *words, uint64_t address)
{
    uint64_t word = address & ~WORD_MASK;
    if (!compares() || find(words, word) != NULL)
        return;
    if (words->count == WORDS_MAX)
        ilv__limited("more races in a run than can be compared");
    words->race[words->count++] = (struct race){word, ilv__world.current->index};
}

void ilv__sanitizer_we_found(uint64_t address)
{
    note(&ours, address);
}

void ilv__sanitizer_they_found(uint64_t address)
{
    note(&theirs, address);
}

static bool is_access(unsigned event)
{
    unsigned effect = ilv_event_row(event)->cls;
    return effect == ILV_CLASS_MEMORY;
}

/* We are told of an access first. A task may still stand between the two. */
static bool is_under_way(const struct race *race)
{
    const struct task *t = &ilv__world.task[race->task];
    return t != ilv__world.current && t->info->state == ILV_TASK_LIVE &&
           is_access(t->info->op.kind);
}

static void disagree(const struct race *race, const char *text)
{
    struct ilv_finding finding = {
        .verdict = ILV_VERDICT_SANITIZER,
        .task = race->task,
        .step = ilv__world.step,
        .parts_used = 1,
        .part[0] = {.task = race->task,
                    .role = ILV_ROLE_WROTE,
                    .object = ilv__place_object(race->word)},
    };
    memcpy(finding.text, text, strlen(text));
    ilv__judge_hand_in(&finding);
}

void ilv__sanitizer_compare(void)
{
    if (!compares())
        return;
    for (uint32_t i = 0; i < ours.count; i++)
        if (find(&theirs, ours.race[i].word) == NULL && !is_under_way(&ours.race[i]))
            disagree(&ours.race[i], "ThreadSanitizer does not see the race that we see");
    for (uint32_t i = 0; i < theirs.count; i++)
        if (find(&ours, theirs.race[i].word) == NULL)
            disagree(&theirs.race[i], "we do not see the race that ThreadSanitizer sees");
}
