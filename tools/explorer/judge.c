/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "symbols.h"

bool ilv__judge_summary(const struct ilv_hunt *hunt, const struct ilv__oracle *oracle,
                        const struct ilv_summary *summary)
{
    if (ilv_filter_fails(&hunt->filter, ILV_VERDICT_INVARIANT) &&
        ilv__oracle_judge(oracle, hunt->world, summary) != ILV_KIND_NONE)
        return true;
    for (unsigned v = 0; v < ILV_VERDICT_COUNT; v++) {
        if ((summary->notes & (UINT64_C(1) << v)) && ilv_filter_fails(&hunt->filter, v))
            return true;
    }
    return false;
}

void ilv__limit_text(const char *text, char *out, size_t size)
{
    if (!*text)
        text = "something";
    snprintf(out, size, strchr(text, ' ') ? "%s" : "%s is not modelled", text);
}

static bool names_match(const struct ilv_filter *filter, unsigned verdict, const char *const *name,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (name[i] && ilv_filter_suppresses(filter, verdict, name[i]))
            return true;
    }
    return false;
}

/* Whether the stack of a call site has a suppressed frame. */
static bool site_suppressed(const struct ilv_filter *filter, unsigned verdict,
                            struct ilv_symbols *symbols, const struct ilv_site *site)
{
    struct ilv_place place[2 * ILV_SITE_DEPTH];
    uint32_t count =
        ilv_symbols_stack(symbols, site, place, (uint32_t)(sizeof place / sizeof *place));
    for (uint32_t i = 0; i < count; i++) {
        const char *const name[] = {place[i].function, place[i].file, place[i].module};
        if (names_match(filter, verdict, name, 3))
            return true;
    }
    return false;
}

/* Whether an object's variable is suppressed. */
static bool object_suppressed(const struct ilv_filter *filter, unsigned verdict,
                              struct ilv_symbols *symbols, const struct ilv_run *run,
                              const struct ilv_object_info *o)
{
    const char *given = o->name && o->name <= ILV_MAX_NAMES ? run->name[o->name - 1] : NULL;
    if (names_match(filter, verdict, &given, 1))
        return true;
    if (!o->module)
        return false;
    const char *const name[] = {ilv_symbols_data(symbols, o->module, o->offset, o->size),
                                ilv_symbols_module(symbols, o->module)};
    return names_match(filter, verdict, name, 2);
}

/* The symbols of the last run that was judged: reading them takes longer than a run, and most
 * runs have the same modules. */
static struct {
    struct ilv_symbols *symbols;
    struct ilv_module *module;
    uint32_t count;
} last;

void ilv__judge_end(void)
{
    ilv_symbols_close(last.symbols);
    free(last.module);
    memset(&last, 0, sizeof last);
}

static struct ilv_symbols *symbols_of(const struct ilv_run *run)
{
    size_t size = run->module_count * sizeof *run->module;
    if (last.symbols && last.count == run->module_count && !memcmp(last.module, run->module, size))
        return last.symbols;
    ilv__judge_end();
    last.module = malloc(size + 1);
    if (!last.module)
        abort();
    memcpy(last.module, run->module, size);
    last.count = run->module_count;
    last.symbols = ilv_symbols_open(run->module, run->module_count);
    return last.symbols;
}

static bool suppressed(const struct ilv_filter *filter, const struct ilv_run *run,
                       const struct ilv_finding *finding)
{
    if (!ilv_filter_may_suppress(filter, finding->verdict))
        return false;
    struct ilv_symbols *symbols = symbols_of(run);
    bool hit = ilv_filter_suppresses(filter, finding->verdict, finding->text);
    for (unsigned i = 0; symbols && !hit && i < finding->parts_used; i++) {
        const struct ilv_part *part = &finding->part[i];
        hit =
            object_suppressed(filter, finding->verdict, symbols, run, &run->object[part->object]) ||
            (part->site &&
             site_suppressed(filter, finding->verdict, symbols, &run->site[part->site]));
    }
    return hit;
}

static bool counts(const struct ilv_filter *filter, const struct ilv_run *run,
                   const struct ilv_finding *finding)
{
    return ilv_filter_fails(filter, finding->verdict) && !suppressed(filter, run, finding);
}

/* What the program wrote, or how it ended, is not what was asked for. */
static void expectation(const struct ilv__oracle *oracle, enum ilv_kind kind,
                        const struct ilv_run *run, struct ilv_finding *finding)
{
    *finding = (struct ilv_finding){
        .verdict = ILV_VERDICT_INVARIANT, .kind = (uint16_t)kind, .step = run->step_count};
    ilv__oracle_text(oracle, kind, &run->output, finding->text, sizeof finding->text);
}

uint8_t ilv__judge_passes(const struct ilv_hunt *hunt, const struct ilv_run *run)
{
    uint8_t count = 0;
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const struct ilv_finding *f = &run->finding[i];
        if (ilv_verdict_class(f->verdict) != ILV_ERROR)
            continue;
        if (counts(&hunt->filter, run, f))
            break;
        count++;
    }
    return count;
}

bool ilv__judge_run(const struct ilv_hunt *hunt, const struct ilv__oracle *oracle,
                    const struct ilv_summary *summary, const struct ilv_run *run,
                    struct ilv_finding *finding)
{
    const struct ilv_finding *best = NULL;
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const struct ilv_finding *f = &run->finding[i];
        bool better = !best || (ilv_verdict_class(best->verdict) != ILV_ERROR &&
                                ilv_verdict_class(f->verdict) == ILV_ERROR);
        if (better && counts(&hunt->filter, run, f))
            best = f;
    }
    if (best) {
        *finding = *best;
        return true;
    }
    enum ilv_kind kind = ilv__oracle_judge(oracle, hunt->world, summary);
    if (kind == ILV_KIND_NONE || !ilv_filter_fails(&hunt->filter, ILV_VERDICT_INVARIANT))
        return false;
    expectation(oracle, kind, run, finding);
    return true;
}
