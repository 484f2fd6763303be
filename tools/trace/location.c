/* SPDX-License-Identifier: MIT */
/* location.c: the names of words of memory. The hash and the comparison run in the program too. */
#include "location.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"

#define MODULE_SHIFT 48
#define OFFSET_MASK ((UINT64_C(1) << MODULE_SHIFT) - 1)

uint64_t ilv_location_hash(const struct ilv_location *location)
{
    uint64_t hash = ilv_hash_combine(location->kind, location->offset);
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH && location->frame[i] != 0; i++) {
        hash = ilv_hash_combine(hash, location->frame[i]);
    }
    return hash;
}

bool ilv_location_equal(const struct ilv_location *a, const struct ilv_location *b)
{
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++) {
        if (a->frame[i] != b->frame[i]) {
            return false;
        }
    }
    return a->kind == b->kind && a->offset == b->offset;
}

static int heap_text(const struct ilv_location *location, char *out, size_t size)
{
    int used = snprintf(out, size, "heap %" PRIx64, location->offset);
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH && location->frame[i] != 0; i++) {
        if (used < 0 || (size_t)used >= size) {
            return used;
        }
        used += snprintf(out + used, size - (size_t)used, " %" PRIu64 "+%" PRIx64,
                         location->frame[i] >> MODULE_SHIFT, location->frame[i] & OFFSET_MASK);
    }
    return used;
}

char *ilv_location_text(const struct ilv_location *location, char *out, size_t size)
{
    if (location->kind == ILV_LOCATION_HEAP) {
        (void)heap_text(location, out, size);
    } else if (location->kind == ILV_LOCATION_GLOBAL) {
        (void)snprintf(out, size, "global %" PRIu64 "+%" PRIx64, location->frame[0] >> MODULE_SHIFT,
                       location->offset);
    } else if (location->kind == ILV_LOCATION_STACK) {
        (void)snprintf(out, size, "stack %" PRIx64 " %" PRIx64, location->frame[0],
                       location->offset);
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

static int parse_heap(const char *text, struct ilv_location *location)
{
    int used = 0;
    uint64_t module;
    uint64_t offset;
    if (sscanf(text, "%" SCNx64 "%n", &location->offset, &used) != 1) {
        return -EINVAL;
    }
    text += used;
    for (unsigned i = 0; *text != '\0'; i++) {
        bool more = i < ILV_LOCATION_DEPTH && *text++ == ' ';
        if (!more || !take_frame(&text, &module, &offset)) {
            return -EINVAL;
        }
        location->frame[i] = module << MODULE_SHIFT | offset;
    }
    return 0;
}

static int parse_global(const char *text, struct ilv_location *location)
{
    uint64_t module;
    if (!take_frame(&text, &module, &location->offset) || *text != '\0') {
        return -EINVAL;
    }
    location->frame[0] = module << MODULE_SHIFT;
    return 0;
}

static int parse_stack(const char *text, struct ilv_location *location)
{
    int used = 0;
    int found =
        sscanf(text, "%" SCNx64 " %" SCNx64 "%n", &location->frame[0], &location->offset, &used);
    return found == 2 && text[used] == '\0' ? 0 : -EINVAL;
}

int ilv_location_parse(const char *text, struct ilv_location *location)
{
    static const struct {
        const char *word;
        int (*parse)(const char *text, struct ilv_location *location);
        uint32_t kind;
    } forms[] = {{"global ", parse_global, ILV_LOCATION_GLOBAL},
                 {"heap ", parse_heap, ILV_LOCATION_HEAP},
                 {"stack ", parse_stack, ILV_LOCATION_STACK}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t n = strlen(forms[i].word);
        if (strncmp(text, forms[i].word, n) == 0) {
            *location = (struct ilv_location){.kind = forms[i].kind};
            return forms[i].parse(text + n, location);
        }
    }
    return -EINVAL;
}
