/* SPDX-License-Identifier: MIT */
/* place.c: the names of words of memory. The hash and the comparison run in the program too. */
#include "place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"

#define MODULE_SHIFT 48
#define OFFSET_MASK ((UINT64_C(1) << MODULE_SHIFT) - 1)

uint64_t ilv_place_hash(const struct ilv_place *place)
{
    uint64_t hash = ilv_hash_combine(place->kind, place->offset);
    for (unsigned i = 0; i < ILV_PLACE_DEPTH && place->frame[i] != 0; i++) {
        hash = ilv_hash_combine(hash, place->frame[i]);
    }
    return hash;
}

bool ilv_place_equal(const struct ilv_place *a, const struct ilv_place *b)
{
    for (unsigned i = 0; i < ILV_PLACE_DEPTH; i++) {
        if (a->frame[i] != b->frame[i]) {
            return false;
        }
    }
    return a->kind == b->kind && a->offset == b->offset;
}

static int heap_text(const struct ilv_place *place, char *out, size_t size)
{
    int used = snprintf(out, size, "heap %" PRIx64, place->offset);
    for (unsigned i = 0; i < ILV_PLACE_DEPTH && place->frame[i] != 0; i++) {
        if (used < 0 || (size_t)used >= size) {
            return used;
        }
        used += snprintf(out + used, size - (size_t)used, " %" PRIu64 "+%" PRIx64,
                         place->frame[i] >> MODULE_SHIFT, place->frame[i] & OFFSET_MASK);
    }
    return used;
}

char *ilv_place_text(const struct ilv_place *place, char *out, size_t size)
{
    if (place->kind == ILV_PLACE_HEAP) {
        (void)heap_text(place, out, size);
    } else if (place->kind == ILV_PLACE_GLOBAL) {
        (void)snprintf(out, size, "global %" PRIu64 "+%" PRIx64, place->frame[0] >> MODULE_SHIFT,
                       place->offset);
    } else if (place->kind == ILV_PLACE_STACK) {
        (void)snprintf(out, size, "stack %" PRIx64 " %" PRIx64, place->frame[0], place->offset);
    } else {
        (void)snprintf(out, size, "none");
    }
    return out;
}

/* Reads `<module>+<offset>` at *text and moves behind it. */
static bool take_frame(const char **text, uint64_t *module, uint64_t *offset)
{
    int used = 0;
    if (sscanf(*text, "%" SCNu64 "+%" SCNx64 "%n", module, offset, &used) != 2 || used == 0) {
        return false;
    }
    *text += used;
    return *module != 0 && *module < 1u << 15 && *offset <= OFFSET_MASK;
}

static int parse_heap(const char *text, struct ilv_place *place)
{
    int used = 0;
    uint64_t module;
    uint64_t offset;
    if (sscanf(text, "%" SCNx64 "%n", &place->offset, &used) != 1) {
        return -EINVAL;
    }
    text += used;
    for (unsigned i = 0; *text != '\0'; i++) {
        if (i == ILV_PLACE_DEPTH || *text != ' ' ||
            (text++, !take_frame(&text, &module, &offset))) {
            return -EINVAL;
        }
        place->frame[i] = module << MODULE_SHIFT | offset;
    }
    return 0;
}

static int parse_global(const char *text, struct ilv_place *place)
{
    uint64_t module;
    if (!take_frame(&text, &module, &place->offset) || *text != '\0') {
        return -EINVAL;
    }
    place->frame[0] = module << MODULE_SHIFT;
    return 0;
}

static int parse_stack(const char *text, struct ilv_place *place)
{
    int used = 0;
    int found = sscanf(text, "%" SCNx64 " %" SCNx64 "%n", &place->frame[0], &place->offset, &used);
    return found == 2 && text[used] == '\0' ? 0 : -EINVAL;
}

int ilv_place_parse(const char *text, struct ilv_place *place)
{
    static const struct {
        const char *word;
        int (*parse)(const char *text, struct ilv_place *place);
        uint32_t kind;
    } forms[] = {{"global ", parse_global, ILV_PLACE_GLOBAL},
                 {"heap ", parse_heap, ILV_PLACE_HEAP},
                 {"stack ", parse_stack, ILV_PLACE_STACK}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t n = strlen(forms[i].word);
        if (strncmp(text, forms[i].word, n) == 0) {
            *place = (struct ilv_place){.kind = forms[i].kind};
            return forms[i].parse(text + n, place);
        }
    }
    return -EINVAL;
}
