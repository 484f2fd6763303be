/* SPDX-License-Identifier: MIT */
/*
 * The closed lists as tables. Runs inside the program under test: memory and string functions
 * only, no allocation.
 */
#include "trace.h"

#include <string.h>

#include "internal.h"

const struct ilv_event_row ilv__events[ILV_EV_COUNT] = {
#define EVENT(NAME, word, cls, effect, effect2, gloss) \
    {word, gloss, ILV_CLASS_##cls, ILV_EFFECT_##effect, ILV_EFFECT_##effect2},
#include "events.def"
#undef EVENT
};

static const struct {
    const char *word;
    const char *letter;
} classes[] = {
#define CLASS(NAME, word, letter, gloss) {word, letter},
#include "classes.def"
#undef CLASS
};

static const struct {
    const char *word;
    const char *gloss;
    enum ilv_verdict_class cls;
} verdicts[] = {
#define VERDICT(NAME, word, cls, gloss) {word, gloss, ILV_##cls},
#include "verdicts.def"
#undef VERDICT
};

static const struct {
    const char *word;
    const char *gloss;
} kinds[] = {
#define KIND(NAME, word, verdict, gloss) {word, gloss},
#include "kinds.def"
#undef KIND
};

static const char *const hows[] = {
    [ILV_HOW_RUN] = "run",   [ILV_HOW_EXPIRE] = "expire",     [ILV_HOW_SIGNAL] = "signal",
    [ILV_HOW_WAKE] = "wake", [ILV_HOW_SPURIOUS] = "spurious",
};

const struct ilv_event_row *ilv_event_row(unsigned event)
{
    return ilv__event_row(event);
}

const char *ilv_class_word(unsigned cls)
{
    return classes[cls < ILV_CLASS_COUNT ? cls : ILV_CLASS_NONE].word;
}

const char *ilv_class_letter(unsigned cls)
{
    return classes[cls < ILV_CLASS_COUNT ? cls : ILV_CLASS_NONE].letter;
}

const char *ilv_verdict_word(unsigned verdict)
{
    return verdicts[verdict < ILV_VERDICT_COUNT ? verdict : ILV_VERDICT_NONE].word;
}

const char *ilv_verdict_gloss(unsigned verdict)
{
    return verdicts[verdict < ILV_VERDICT_COUNT ? verdict : ILV_VERDICT_NONE].gloss;
}

enum ilv_verdict_class ilv_verdict_class(unsigned verdict)
{
    return verdicts[verdict < ILV_VERDICT_COUNT ? verdict : ILV_VERDICT_NONE].cls;
}

const char *ilv_kind_word(unsigned kind)
{
    return kinds[kind < ILV_KIND_COUNT ? kind : ILV_KIND_NONE].word;
}

const char *ilv_kind_gloss(unsigned kind)
{
    return kinds[kind < ILV_KIND_COUNT ? kind : ILV_KIND_NONE].gloss;
}

const char *ilv_how_word(unsigned how)
{
    return hows[how < ILV_HOW_COUNT ? how : ILV_HOW_RUN];
}

int ilv_event_find(const char *word)
{
    for (int i = 0; i < ILV_EV_COUNT; i++) {
        if (strcmp(ilv__events[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

int ilv_verdict_find(const char *word)
{
    for (int i = 0; i < ILV_VERDICT_COUNT; i++) {
        if (strcmp(verdicts[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

int ilv_kind_find(const char *word)
{
    for (int i = 0; i < ILV_KIND_COUNT; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

int ilv_how_find(const char *word)
{
    for (int i = 0; i < ILV_HOW_COUNT; i++) {
        if (strcmp(hows[i], word) == 0) {
            return i;
        }
    }
    return -1;
}
