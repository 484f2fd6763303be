/* SPDX-License-Identifier: MIT */
#include "cc_wraps.h"

#include <string.h>

#include "vec.h"

#define WRAP(name) #name,

static const char *const always[] = {
#define LIBC(type, name, parameters, arguments, before, after) WRAP(name)
#define LIBC_VOID(name, parameters, arguments, before) WRAP(name)
#define LIBC_OTHER(name) WRAP(name)
#include "libc.def"
#define MARKED(name, parameters, arguments, annotation, address, value) WRAP(name)
#include "annotation_calls.def"
#undef MARKED
    NULL};

/* ThreadSanitizer has these itself. */
static const char *const without_tsan[] = {
#define UNHEARD(type, name, parameters, result) WRAP(name)
#include "annotation_calls.def"
#undef UNHEARD
    NULL};

#define EACH_WIDTH(operation)         \
    WRAP(__tsan_atomic8_##operation)  \
    WRAP(__tsan_atomic16_##operation) \
    WRAP(__tsan_atomic32_##operation) \
    WRAP(__tsan_atomic64_##operation) \
    WRAP(__tsan_atomic128_##operation)

/* What is announced to us first and then to ThreadSanitizer. Only names that it has: GNU ld fails
 * badly where a wrapped name is nowhere. */
static const char *const with_tsan[] = {
#define ONE(name, hook) WRAP(name)
#define TWO(name, hook) WRAP(name)
#define NONE(name, hook) WRAP(name)
#define WIDER(name, hook) WRAP(name##2) WRAP(name##4) WRAP(name##8) WRAP(name##16)
#define SIZES(name, hook) WRAP(name##1) WIDER(name, hook)
#define WIDER_AS(name, hook, real)
#define SIZES_AS(name, hook, real)
#include "plain.def"
#define SAID(name, parameters, arguments, annotation, address, value) WRAP(name)
#define ANSWERED(name) WRAP(name)
#include "annotation_calls.def"
#define FETCH(operation, builtin, expression) EACH_WIDTH(operation)
#define OTHER(operation) EACH_WIDTH(operation)
#include "atomics.def"
    "__tsan_atomic_thread_fence",
    "__tsan_atomic_signal_fence",
    "__tsan_memcpy",
    "__tsan_memmove",
    "__tsan_memset",
    NULL};

typedef ILV_VEC(char) text;

static void append(text *out, const char *word)
{
    size_t n = strlen(word);
    ilv_vec_reserve(out, n);
    memcpy(out->at + out->count, word, n);
    out->count += n;
}

static void append_all(text *out, const char *const *names)
{
    for (; *names; names++) {
        append(out, ",--wrap=");
        append(out, *names);
    }
}

char *ilv__cc_wraps(bool tsan, bool shared)
{
    text out = {0};
    append(&out, "-Wl");
    append_all(&out, always);
    if (!tsan)
        append_all(&out, without_tsan);
    else if (!shared)
        append_all(&out, with_tsan);
    ilv_vec_push(&out, '\0');
    return out.at;
}
