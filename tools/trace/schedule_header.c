/* SPDX-License-Identifier: MIT */
/*
 * The header of a schedule: lines `key value`, by one table of keys. Explorer's side only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define LIST_MOST 65536u

/* A header key. `put` reads the value; where and most are its own. */
struct key {
    const char *word;
    int (*put)(struct ilv__reader *r, const struct key *key, struct ilv__span value);
    size_t where;  /* offset in struct ilv_schedule (ilv__texts: in struct ilv__reader) */
    uint64_t most; /* the largest number, the longest text */
};

static bool may_repeat(const struct key *key)
{
    return key->word[strlen(key->word) - 1] == '*';
}

static int bad_value(struct ilv__reader *r, const struct key *key, struct ilv__span value,
                     const char *wanted)
{
    return ilv__fail(r, "%s \"%.*s\" is not %s; correct it or hunt again", key->word,
                     ilv__quoted(value), value.at, wanted);
}

static char *string_of(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    char *text = ilv__unescape(value);
    if (!text) {
        (void)ilv__fail(r,
                        "%s has an escape other than \\n, \\t, \\\\ or \\x01 to \\xff; correct it",
                        key->word);
    } else if (strlen(text) > key->most) {
        (void)ilv__fail(r, "%s is longer than %llu bytes; shorten it", key->word,
                        (unsigned long long)key->most);
        free(text);
        text = NULL;
    }
    return text;
}

static int put_text(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    char *text = string_of(r, key, value);
    if (!text) {
        return -EINVAL;
    }
    memcpy((char *)r->schedule + key->where, &text, sizeof text);
    return 0;
}

static int put_list(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    ilv__texts *list = (ilv__texts *)(void *)((char *)r + key->where);
    if (list->count >= LIST_MOST) {
        return ilv__fail(r, "more than %u %s lines; remove some", LIST_MOST, key->word);
    }
    char *text = string_of(r, key, value);
    if (!text) {
        return -EINVAL;
    }
    ilv_vec_push(list, text);
    return 0;
}

static int put_strategy(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    char *text = string_of(r, key, value);
    if (!text) {
        return -EINVAL;
    }
    memcpy(r->schedule->strategy, text, strlen(text) + 1);
    free(text);
    return 0;
}

static int put_hash(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    if (!ilv__is_hex(value, 16, 16)) {
        return bad_value(r, key, value, "a hash of 16 hexadecimal digits");
    }
    memcpy((char *)r->schedule + key->where, value.at, 16);
    return 0;
}

static int put_number(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    uint64_t number = 0;
    if (!ilv__read_number(value, key->most, &number)) {
        return bad_value(r, key, value, "a whole number in range");
    }
    uint32_t small = (uint32_t)number;
    bool wide = key->most > UINT32_MAX;
    memcpy((char *)r->schedule + key->where, wide ? (void *)&number : (void *)&small,
           wide ? sizeof number : sizeof small);
    return 0;
}

static int put_build(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    struct ilv__span id = ilv__take_word(&value);
    if (!ilv__is_hex(id, 1, 40)) {
        return bad_value(r, key, id, "a build id of 1 to 40 hexadecimal digits");
    }
    if (r->builds.count >= LIST_MOST) {
        return ilv__fail(r, "more than %u %s lines; remove some", LIST_MOST, key->word);
    }
    char *name = string_of(r, key, value);
    if (!name) {
        return -EINVAL;
    }
    struct ilv_schedule_build build = {0};
    memcpy(build.id, id.at, id.size);
    memcpy(build.name, name, strlen(name) + 1);
    free(name);
    ilv_vec_push(&r->builds, build);
    return 0;
}

static int put_place(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    ilv__places *list = (ilv__places *)(void *)((char *)r + key->where);
    char text[ILV_LOCATION_TEXT];
    struct ilv_location place;
    if (!ilv__span_copy(value, text, sizeof text) || ilv_location_parse(text, &place) != 0) {
        return bad_value(r, key, value, "a place in memory, such as global 1+4010");
    }
    if (list->count >= ILV_SCHEDULE_PLACES) {
        return ilv__fail(r, "more than %u %s lines; remove some", ILV_SCHEDULE_PLACES, key->word);
    }
    ilv_vec_push(list, place);
    return 0;
}

static bool kind_is_of(int kind, int verdict)
{
    static const uint8_t verdict_of[] = {
#define KIND(NAME, word, verdict, gloss) ILV_VERDICT_##verdict,
#include "kinds.def"
#undef KIND
    };
    return verdict_of[kind] == verdict;
}

static int put_finding(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    struct ilv__span all = value;
    char verdict[40];
    char kind[40];
    struct ilv__span first = ilv__take_word(&value);
    int v = ilv__span_copy(first, verdict, sizeof verdict) ? ilv_verdict_find(verdict) : -1;
    if (v < 0) {
        return bad_value(r, key, first, "the name of a finding");
    }
    int k = ilv__span_copy(value, kind, sizeof kind) ? ilv_kind_find(kind) : -1;
    if (k < 0 || (k != ILV_KIND_NONE && !kind_is_of(k, v))) {
        return bad_value(r, key, all, "a finding with one of its kinds");
    }
    r->schedule->verdict = (uint16_t)v;
    r->schedule->kind = (uint16_t)k;
    return 0;
}

static int put_trace(struct ilv__reader *r, const struct key *key, struct ilv__span value)
{
    struct ilv__span all = value;
    struct ilv__span hash = ilv__take_word(&value);
    uint64_t steps = 0;
    if (!ilv__is_hex(hash, 16, 16) || !ilv__read_number(value, UINT32_MAX, &steps)) {
        return bad_value(r, key, all, "a hash of 16 hexadecimal digits and a number of steps");
    }
    r->schedule->trace_hash = r->version > 1 ? ilv__hex_value(hash) : 0;
    r->schedule->steps = (uint32_t)steps;
    return 0;
}

#define IN_SCHEDULE(field) offsetof(struct ilv_schedule, field)
#define IN_READER(field) offsetof(struct ilv__reader, field)
#define TEXT_MOST (1u << 20)

static const struct key keys[] = {
    {"program", put_text, IN_SCHEDULE(program), TEXT_MOST},
    {"arg*", put_list, IN_READER(args), TEXT_MOST},
    {"directory", put_text, IN_SCHEDULE(directory), TEXT_MOST},
    {"source", put_text, IN_SCHEDULE(source), TEXT_MOST},
    {"stdin", put_text, IN_SCHEDULE(stdin_name), TEXT_MOST},
    {"stdin-hash", put_hash, IN_SCHEDULE(stdin_hash), 0},
    {"option*", put_list, IN_READER(options), TEXT_MOST},
    {"environment*", put_list, IN_READER(environment), TEXT_MOST},
    {"environment-hash", put_hash, IN_SCHEDULE(environment_hash), 0},
    {"build*", put_build, 0, ILV_PATH_MAX - 1},
    {"finding", put_finding, 0, 0},
    {"text", put_text, IN_SCHEDULE(finding_text), TEXT_MOST},
    {"seed", put_number, IN_SCHEDULE(seed), UINT64_MAX},
    {"run", put_number, IN_SCHEDULE(run), UINT32_MAX},
    {"strategy", put_strategy, 0, sizeof(((struct ilv_schedule *)0)->strategy) - 1},
    {"trace", put_trace, 0, 0},
    {"point*", put_place, IN_READER(points), 0},
    {"watch*", put_place, IN_READER(watches), 0},
};
#define KEY_COUNT (sizeof keys / sizeof keys[0])

static int begin_choices(struct ilv__reader *r)
{
    if (!r->schedule->program && !r->schedule->source) {
        return ilv__fail(r, "no line \"program\" or \"source\" says what to run; add one above");
    }
    r->stage = ILV__CHOICES;
    return 0;
}

int ilv__read_header(struct ilv__reader *r, struct ilv__span line)
{
    if (ilv__span_is(line, "choices")) {
        return begin_choices(r);
    }
    struct ilv__span rest = line;
    struct ilv__span word = ilv__take_word(&rest);
    size_t i = 0;
    while (i < KEY_COUNT && !ilv__span_is(word, keys[i].word)) {
        i++;
    }
    if (i == KEY_COUNT) {
        return ilv__fail(r, "unknown header line \"%.*s\"; remove it", ilv__quoted(word), word.at);
    }
    if (!may_repeat(&keys[i]) && r->seen >> i & 1) {
        return ilv__fail(r, "a second line \"%s\"; remove one", keys[i].word);
    }
    if (rest.size == 0) {
        return ilv__fail(r, "%s has no value; give one, \"\" for an empty one", keys[i].word);
    }
    r->seen |= UINT64_C(1) << i;
    return keys[i].put(r, &keys[i], rest);
}
