/* SPDX-License-Identifier: MIT */
/*
 * What earlier rounds have learnt of memory: the words that tasks contend for. Learnt in order of
 * the runs and bounded, so that it does not depend on who made which run.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "vec.h"

struct ilv__places *ilv__places_new(void)
{
    struct ilv__places *places = ilv_new(sizeof *places);
    *places = (struct ilv__places){.hashes = ilv__set_new()};
    return places;
}

void ilv__places_free(struct ilv__places *places)
{
    if (places)
        ilv__set_free(places->hashes);
    free(places);
}

void ilv__places_learn(struct ilv__places *places, const struct ilv_met *met)
{
    for (uint32_t i = 0; i < met->count && i < ILV_RUN_PLACES; i++) {
        if (places->count == ILV_MAX_PLACES)
            return;
        if (ilv__set_add(places->hashes, ilv_location_hash(&met->place[i])))
            places->place[places->count++] = met->place[i];
    }
}

void ilv__places_put(const struct ilv__places *places, uint32_t count, struct ilv_block *block)
{
    block->point_count = count;
    memcpy(block->point, places->place, count * sizeof *places->place);
}

void ilv__places_watch(const struct ilv_met *met, struct ilv_block *block)
{
    block->watch_count = met ? met->count : 0;
    if (met)
        memcpy(block->watch, met->place, met->count * sizeof *met->place);
}

/* Whether a schedule can name it. */
static bool has_name(const struct ilv_location *place)
{
    char text[ILV_LOCATION_TEXT];
    struct ilv_location same;
    return ilv_location_parse(ilv_location_text(place, text, sizeof text), &same) == 0 &&
           ilv_location_equal(place, &same);
}

void ilv__met_copy(struct ilv_met *to, const struct ilv_met *from)
{
    uint32_t count = from->count;
    to->count = 0;
    for (uint32_t i = 0; i < count && i < ILV_RUN_PLACES; i++) {
        struct ilv_location place = from->place[i];
        if (has_name(&place))
            to->place[to->count++] = place;
    }
}
