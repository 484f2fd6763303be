/* SPDX-License-Identifier: MIT */
/* location_text.c: the names of words of memory as schedules spell them (explorer's side only). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "location.h"

#define MODULE_MOST ((1u << 15) - 1)

static int heap_text(const struct ilv_location *location, char *out, size_t size)
{
    int used = snprintf(out, size, "heap %" PRIx64, location->offset);
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH && location->frame[i] != 0; i++) {
        if (used < 0 || (size_t)used >= size) {
            return used;
        }
        used +=
            snprintf(out + used, size - (size_t)used, " %" PRIu32 "+%" PRIx64,
                     ilv_frame_module(location->frame[i]), ilv_frame_offset(location->frame[i]));
    }
    return used;
}

char *ilv_location_text(const struct ilv_location *location, char *out, size_t size)
{
    if (location->kind == ILV_LOCATION_HEAP) {
        (void)heap_text(location, out, size);
    } else if (location->kind == ILV_LOCATION_GLOBAL) {
        (void)snprintf(out, size, "global %" PRIu32 "+%" PRIx64,
                       ilv_frame_module(location->frame[0]), location->offset);
    } else if (location->kind == ILV_LOCATION_STACK) {
        (void)snprintf(out, size, "stack %" PRIx64 " %" PRIx64, location->frame[0],
                       location->offset);
    } else {
        (void)snprintf(out, size, "none");
    }
    return out;
}

/* A hexadecimal number. */
static bool take_hex(struct ilv__span *text, uint64_t *value)
{
    struct ilv__span word = ilv__take_word(text);
    *value = ilv__hex_value(word);
    return ilv__is_hex(word, 1, 16);
}

/* `<module>+<offset>`. */
static bool take_frame(struct ilv__span *text, uint64_t *frame)
{
    uint64_t module = 0;
    struct ilv__span offset = ilv__take_word(text);
    struct ilv__span number = ilv__take_before(&offset, '+');
    bool fine = ilv__is_hex(offset, 1, 12) && ilv__read_number(number, MODULE_MOST, &module);
    *frame = fine ? ilv_frame((uint32_t)module, ilv__hex_value(offset)) : 0;
    return module != 0;
}

static bool parse_heap(struct ilv__span text, struct ilv_location *location)
{
    bool fine = take_hex(&text, &location->offset);
    for (unsigned i = 0; fine && text.size != 0; i++) {
        fine = i < ILV_LOCATION_DEPTH && take_frame(&text, &location->frame[i]);
    }
    return fine;
}

static bool parse_global(struct ilv__span text, struct ilv_location *location)
{
    uint64_t frame;
    bool fine = take_frame(&text, &frame) && text.size == 0;
    location->frame[0] = ilv_frame(ilv_frame_module(frame), 0);
    location->offset = ilv_frame_offset(frame);
    return fine;
}

static bool parse_stack(struct ilv__span text, struct ilv_location *location)
{
    return take_hex(&text, &location->frame[0]) && take_hex(&text, &location->offset) &&
           text.size == 0;
}

int ilv_location_parse(const char *text, struct ilv_location *location)
{
    static const struct {
        const char *word;
        bool (*parse)(struct ilv__span text, struct ilv_location *location);
        uint32_t kind;
    } forms[] = {{"global", parse_global, ILV_LOCATION_GLOBAL},
                 {"heap", parse_heap, ILV_LOCATION_HEAP},
                 {"stack", parse_stack, ILV_LOCATION_STACK}};
    struct ilv__span rest = {text, strlen(text)};
    struct ilv__span word = ilv__take_word(&rest);
    bool fine = false;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (ilv__span_is(word, forms[i].word)) {
            *location = (struct ilv_location){.kind = forms[i].kind};
            fine = forms[i].parse(rest, location);
        }
    }
    return fine && text[strlen(text) - 1] != ' ' ? 0 : -EINVAL;
}
