/* SPDX-License-Identifier: MIT */
/* Internal to the trace room: what depends.c and fingerprint.c share (inside the program under
 * test), and the text that schedules are made of (explorer's side only). */
#ifndef ILV_TRACE_INTERNAL_H
#define ILV_TRACE_INTERNAL_H

#include <stdbool.h>

#include "schedule.h"
#include "trace.h"
#include "vec.h"

/* ilv_event_row() without a call, for what runs at every point. */
extern const struct ilv_event_row ilv__events[ILV_EV_COUNT] __attribute__((visibility("hidden")));

static inline const struct ilv_event_row *ilv__event_row(unsigned event)
{
    return &ilv__events[event < ILV_EV_COUNT ? event : ILV_EV_NONE];
}

/* A poll of several channels at once looks at all channels; see events.def. */
static inline bool ilv__looks_at_all_channels(const struct ilv_event_row *row, uint32_t object)
{
    return object == 0 && row->cls == ILV_CLASS_CHANNEL && row->effect == ILV_EFFECT_READ;
}

static inline bool ilv__changes_a_channel(const struct ilv_event_row *row)
{
    return row->cls == ILV_CLASS_CHANNEL && row->effect == ILV_EFFECT_WRITE;
}

/* A piece of a text; not terminated. */
struct ilv__span {
    const char *at;
    size_t size;
};

/* Takes the text up to the next space (or all of it) off the front, and the space. */
struct ilv__span ilv__take_word(struct ilv__span *span);
/* The part before the last `mark`, which is taken off with it; all of it, and nothing is left,
 * when there is no mark. */
struct ilv__span ilv__take_before(struct ilv__span *span, char mark);
bool ilv__span_is(struct ilv__span span, const char *word);
/* The span as a string, if it fits and has no zero byte. */
bool ilv__span_copy(struct ilv__span span, char *out, size_t size);

/* Reads a number from 0 to most: decimal digits without leading zeros, and nothing else. */
bool ilv__read_number(struct ilv__span span, uint64_t most, uint64_t *number);
/* Whether it consists of so many lower case hexadecimal digits. */
bool ilv__is_hex(struct ilv__span span, size_t least, size_t most);
uint64_t ilv__hex_value(struct ilv__span span);

/* The length of the well-formed UTF-8 character at the front, 0 if there is none. */
size_t ilv__utf8(struct ilv__span span);
/* How many bytes at the front may stand in a line as they are: a character that is no control
 * character; 0 for any other byte. */
size_t ilv__plain(struct ilv__span span);
/* The string without its escapes: to be freed; NULL where an escape is wrong. */
char *ilv__unescape(struct ilv__span span);

/* Where in the file the reader is. */
enum ilv__stage { ILV__HEADER, ILV__CHOICES, ILV__ENDED };

typedef ILV_VEC(char *) ilv__texts;
typedef ILV_VEC(struct ilv_location) ilv__places;

/* A schedule being read. */
struct ilv__reader {
    const char *name;
    unsigned line; /* from 1 */
    uint32_t version;
    enum ilv__stage stage;
    struct ilv_schedule *schedule;
    char *error;
    size_t error_size;
    uint64_t seen; /* bit i: the header key i was there */
    ilv__texts args;
    ilv__texts options;
    ilv__texts environment;
    ilv__texts paths;
    ILV_VEC(struct ilv_schedule_build) builds;
    ilv__places points;
    ilv__places watches;
    ILV_VEC(uint64_t) ids;
    ILV_VEC(struct ilv_choice) choices;
    uint32_t latest; /* task of the record before: often this one's too */
};

/* Writes `NAME:LINE: ` and the message, and returns -EINVAL. */
int ilv__fail(struct ilv__reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For "%.*s": how much of it a message quotes. */
int ilv__quoted(struct ilv__span span);
/* Reads a line of the header, or the line `choices`. Returns 0 or -EINVAL. */
int ilv__read_header(struct ilv__reader *r, struct ilv__span line);

#endif
