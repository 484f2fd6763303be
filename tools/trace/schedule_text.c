/* SPDX-License-Identifier: MIT */
/*
 * The words, numbers and escapes that schedules are made of. Explorer's side only.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "vec.h"

struct ilv__span ilv__take_word(struct ilv__span *span)
{
    const char *space = span->size ? memchr(span->at, ' ', span->size) : NULL;
    size_t size = space ? (size_t)(space - span->at) : span->size;
    struct ilv__span word = {span->at, size};
    size_t taken = space ? size + 1 : size;
    *span = (struct ilv__span){span->at + taken, span->size - taken};
    return word;
}

struct ilv__span ilv__take_before(struct ilv__span *span, char mark)
{
    const char *found = span->size ? memrchr(span->at, mark, span->size) : NULL;
    size_t size = found ? (size_t)(found - span->at) : span->size;
    struct ilv__span before = {span->at, size};
    size_t taken = found ? size + 1 : size;
    *span = (struct ilv__span){span->at + taken, span->size - taken};
    return before;
}

bool ilv__span_is(struct ilv__span span, const char *word)
{
    return strlen(word) == span.size && memcmp(span.at, word, span.size) == 0;
}

bool ilv__span_copy(struct ilv__span span, char *out, size_t size)
{
    if (span.size >= size || memchr(span.at, '\0', span.size)) {
        return false;
    }
    memcpy(out, span.at, span.size);
    out[span.size] = '\0';
    return true;
}

bool ilv__read_number(struct ilv__span span, uint64_t most, uint64_t *number)
{
    if (span.size == 0 || (span.size > 1 && span.at[0] == '0')) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < span.size; i++) {
        if (span.at[i] < '0' || span.at[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(span.at[i] - '0');
        if (value > (most - digit) / 10 || digit > most) {
            return false;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ilv__is_hex(struct ilv__span span, size_t least, size_t most)
{
    for (size_t i = 0; i < span.size; i++) {
        if (hex_digit(span.at[i]) < 0) {
            return false;
        }
    }
    return span.size >= least && span.size <= most;
}

uint64_t ilv__hex_value(struct ilv__span span)
{
    uint64_t value = 0;
    for (size_t i = 0; i < span.size; i++) {
        value = value << 4 | (uint64_t)hex_digit(span.at[i]);
    }
    return value;
}

/* The smallest code point that needs so many bytes: shorter ones are overlong. */
static bool code_is_right(uint32_t code, size_t length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code >= least[length] && code <= 0x10ffff && !surrogate;
}

size_t ilv__utf8(struct ilv__span span)
{
    if (span.size == 0) {
        return 0;
    }
    unsigned char first = (unsigned char)span.at[0];
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc0 || first >= 0xf8 || span.size < length) {
        return 0;
    }
    uint32_t code = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)span.at[i];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (next & 0x3f);
    }
    return code_is_right(code, length) ? length : 0;
}

size_t ilv__plain(struct ilv__span span)
{
    size_t length = ilv__utf8(span);
    unsigned char first = span.size ? (unsigned char)span.at[0] : 0;
    return length == 1 && (first < 0x20 || first == 0x7f) ? 0 : length;
}

/* Undoes the escape after a backslash; -1 if it is none. Takes it off. */
static int take_escape(struct ilv__span *span)
{
    int c = span->size ? (unsigned char)span->at[0] : 0;
    size_t used = 1;
    int byte = c == 'n' ? '\n' : c == 't' ? '\t' : c == '\\' ? '\\' : -1;
    if (c == 'x' && span->size >= 3) {
        int high = hex_digit(span->at[1]);
        int low = hex_digit(span->at[2]);
        byte = high < 0 || low < 0 || high + low == 0 ? -1 : high << 4 | low;
        used = 3;
    }
    if (byte >= 0) {
        *span = (struct ilv__span){span->at + used, span->size - used};
    }
    return byte;
}

char *ilv__unescape(struct ilv__span span)
{
    char *text = ilv_copy_bytes(span.at, ilv__span_is(span, "\"\"") ? 0 : span.size);
    size_t used = 0;
    if (text[0] == '\0') {
        return text;
    }
    while (span.size) {
        int byte = (unsigned char)span.at[0];
        span = (struct ilv__span){span.at + 1, span.size - 1};
        if (byte == '\\') {
            byte = take_escape(&span);
        }
        if (byte <= 0) {
            free(text);
            return NULL;
        }
        text[used++] = (char)byte;
    }
    text[used] = '\0';
    return text;
}
