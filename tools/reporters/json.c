/* SPDX-License-Identifier: MIT */
/*
 * json.c: the whole run for other programs, as one JSON object. Keys always stand in this order;
 * what is not known is null or left out where that is said.
 *
 *   format     "interleave-run"
 *   version    1; changes when a key changes its meaning or goes away
 *   ending     {how, value, task}: how is exit, signal, stuck, finding, steps or limit
 *   steps      how many the run made
 *   cut        true: the timeline ends before the run did
 *   tasks      [{path, function, name, parent, made_at, made, steps, state, detached, joined}]
 *   objects    [{name, class, symbol, made_at, made, creator}]: number i of the list is object
 *              i + 1 of the run; tasks are objects of class "task"
 *   timeline   [{step, task, event, phrase, object, object2, value, result, flags, time_ns,
 *              place}]: step is null for an operation that was found blocked; object and object2
 *              are names or null; result is null for success, else the error's name
 *   findings   [{verdict, kind, class, summary, headline, task, step, value, text, main,
 *              parts: [{task, role, object, step, place}]}]: main marks the one that the story is
 *              about
 *   output     {size, head, tail}, where it is asked for: how many bytes the program wrote, its
 *              first ones and its last ones as they were kept; all there are when these are as
 *              many. What is not UTF-8 stands there as ?
 *   timing     a sentence, or null
 *   replay     the command, or null
 *
 * A place is {file, line, function, module} or null. Offsets and addresses are never written:
 * the same schedule of the same program gives the same bytes.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "internal.h"

static json_t *text_or_null(const char *text)
{
    if (text == NULL || text[0] == '\0')
        return json_null();
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("(not UTF-8)");
}

/* Text out of a field that a broken program may not have terminated. */
static json_t *field(const char *bytes, size_t size)
{
    char text[ILV__PHRASE_SIZE];
    snprintf(text, sizeof text, "%.*s", (int)size, bytes);
    return text_or_null(ilv__clean(text));
}

static json_t *task_name(const struct ilv__tale *tale, unsigned task)
{
    char name[ILV__PHRASE_SIZE];
    return json_string(ilv__task_name(tale, task, name, sizeof name));
}

static json_t *object_name(const struct ilv__tale *tale, uint32_t object)
{
    char name[ILV__PHRASE_SIZE];
    return object == 0 ? json_null()
                       : text_or_null(ilv__object_name(tale, object, name, sizeof name));
}

static json_t *place(const struct ilv__tale *tale, uint32_t site)
{
    struct ilv_place p;
    if (!ilv__place(tale, site, &p) || p.module == NULL)
        return json_null();
    json_t *out = json_object();
    json_object_set_new(out, "file", text_or_null(p.file));
    json_object_set_new(out, "line", p.line > 0 ? json_integer(p.line) : json_null());
    json_object_set_new(out, "function", text_or_null(p.function));
    json_object_set_new(out, "module", text_or_null(p.module));
    return out;
}

static json_t *ending(const struct ilv__tale *tale)
{
    static const char *const how[] = {
        [ILV_END_EXIT] = "exit",       [ILV_END_SIGNAL] = "signal", [ILV_END_STUCK] = "stuck",
        [ILV_END_FINDING] = "finding", [ILV_END_STEPS] = "steps",   [ILV_END_LIMIT] = "limit",
    };
    const struct ilv_ending *end = &tale->run->ending;
    bool known = (unsigned)end->how < sizeof how / sizeof how[0];
    json_t *out = json_object();
    json_object_set_new(out, "how", text_or_null(known ? how[end->how] : NULL));
    json_object_set_new(out, "value", json_integer(end->value));
    json_object_set_new(out, "task", task_name(tale, end->task));
    return out;
}

static json_t *task(const struct ilv__tale *tale, uint32_t t)
{
    static const char *const states[] = {
        [ILV_TASK_FREE] = "free", [ILV_TASK_LIVE] = "live", [ILV_TASK_ENDED] = "ended"};
    const struct ilv_task_info *info = &tale->run->task[t];
    json_t *out = json_object();
    json_object_set_new(out, "path", task_name(tale, t));
    json_object_set_new(out, "function", text_or_null(ilv__task_function(tale, t)));
    json_object_set_new(out, "name", field(info->name, sizeof info->name));
    json_object_set_new(out, "parent", info->nth > 0 ? task_name(tale, info->parent) : json_null());
    json_object_set_new(out, "made_at", json_integer(info->made_at));
    json_object_set_new(out, "made", place(tale, info->site));
    json_object_set_new(out, "steps", json_integer(info->steps));
    json_object_set_new(out, "state", text_or_null(info->state < 3 ? states[info->state] : NULL));
    json_object_set_new(out, "detached", json_boolean(info->detached != 0));
    json_object_set_new(out, "joined", json_boolean(info->joined != 0));
    return out;
}

static json_t *object(const struct ilv__tale *tale, uint32_t o)
{
    const struct ilv_object_info *info = &tale->run->object[o];
    json_t *out = json_object();
    json_object_set_new(out, "name", object_name(tale, o));
    json_object_set_new(out, "class", text_or_null(ilv_class_word(info->cls)));
    json_object_set_new(out, "symbol", text_or_null(ilv__object_symbol(tale, o)));
    json_object_set_new(out, "made_at", json_integer(info->made_at));
    json_object_set_new(out, "made", place(tale, info->site));
    json_object_set_new(out, "creator", task_name(tale, info->creator));
    return out;
}

static json_t *flags(const struct ilv_step *step)
{
    static const char *const words[] = {"timed",      "blocked",   "expired", "early",
                                        "spurious",   "choice",    "preempt", "handler",
                                        "owner-died", "recursive", "shared",  "interrupted",
                                        "errorcheck", "robust",    "within"};
    json_t *out = json_array();
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((step->flags >> i & 1) != 0)
            json_array_append_new(out, json_string(words[i]));
    return out;
}

static json_t *record(const struct ilv__tale *tale, uint32_t i)
{
    const struct ilv_step *step = ilv__record(tale, i);
    bool blocked = (step->flags & ILV_NO_STEP) != 0;
    char text[ILV__PHRASE_SIZE];
    json_t *out = json_object();
    json_object_set_new(out, "step", blocked ? json_null() : json_integer(tale->moment[i].step));
    json_object_set_new(out, "task", task_name(tale, step->task));
    json_object_set_new(out, "event", text_or_null(ilv_event_row(step->kind)->word));
    json_object_set_new(out, "phrase",
                        text_or_null(ilv__record_phrase(tale, i, text, sizeof text)));
    json_object_set_new(out, "object", object_name(tale, step->object));
    json_object_set_new(out, "object2", object_name(tale, step->object2));
    json_object_set_new(out, "value", json_integer((json_int_t)step->value));
    if (ilv__is_access(step)) {
        json_object_set_new(out, "before", json_integer((json_int_t)step->before));
        json_object_set_new(out, "size", json_integer(step->size));
    }
    json_object_set_new(out, "result",
                        step->result == 0
                            ? json_null()
                            : json_string(ilv__error_name(step->result, text, sizeof text)));
    json_object_set_new(out, "flags", flags(step));
    json_object_set_new(out, "time_ns", json_integer((json_int_t)step->time));
    json_object_set_new(out, "place", place(tale, step->site));
    return out;
}

static json_t *part(const struct ilv__tale *tale, const struct ilv_part *p)
{
    static const char *const roles[] = {
        [ILV_ROLE_NONE] = "none",   [ILV_ROLE_WAITS] = "waits",         [ILV_ROLE_HOLDS] = "holds",
        [ILV_ROLE_DID] = "did",     [ILV_ROLE_SIGNALLED] = "signalled", [ILV_ROLE_READ] = "read",
        [ILV_ROLE_WROTE] = "wrote", [ILV_ROLE_FREED] = "freed",
    };
    bool known = p->role < sizeof roles / sizeof roles[0];
    json_t *out = json_object();
    json_object_set_new(out, "task", task_name(tale, p->task));
    json_object_set_new(out, "role", text_or_null(known ? roles[p->role] : NULL));
    json_object_set_new(out, "object", object_name(tale, p->object));
    json_object_set_new(out, "step", p->step > 0 ? json_integer(p->step) : json_null());
    json_object_set_new(out, "place", place(tale, p->site));
    return out;
}

static json_t *finding(const struct ilv__tale *tale, const struct ilv_finding *f)
{
    static const char *const classes[] = {
        [ILV_NOTE] = "note", [ILV_UNSURE] = "unsure", [ILV_ERROR] = "error", [ILV_LIMIT] = "limit"};
    char text[4 * ILV__PHRASE_SIZE];
    json_t *out = json_object();
    json_object_set_new(out, "verdict", json_string(ilv_verdict_word(f->verdict)));
    json_object_set_new(out, "kind", text_or_null(ilv_kind_word(f->kind)));
    json_object_set_new(out, "class", json_string(classes[ilv_verdict_class(f->verdict)]));
    json_object_set_new(out, "summary", text_or_null(ilv__summary(tale, f, text, sizeof text)));
    json_object_set_new(out, "headline", text_or_null(ilv__headline(tale, f, text, sizeof text)));
    json_object_set_new(out, "task", task_name(tale, f->task));
    json_object_set_new(out, "step", json_integer(f->step));
    json_object_set_new(out, "value", json_integer(f->value));
    json_object_set_new(out, "text", field(f->text, sizeof f->text));
    json_object_set_new(out, "main", json_boolean(f == tale->finding));
    json_t *parts = json_array();
    for (unsigned i = 0; i < ilv__parts(f); i++)
        json_array_append_new(parts, part(tale, &f->part[i]));
    json_object_set_new(out, "parts", parts);
    return out;
}

static json_t *list_of(const struct ilv__tale *tale, uint32_t first, uint32_t end,
                       json_t *(*make)(const struct ilv__tale *, uint32_t))
{
    json_t *out = json_array();
    for (uint32_t i = first; i < end; i++)
        json_array_append_new(out, make(tale, i));
    return out;
}

static json_t *numbered_finding(const struct ilv__tale *tale, uint32_t i)
{
    return finding(tale, &tale->findings[i]);
}

/* Bytes of a character of UTF-8 at the beginning of text; 0 if there is none. */
static size_t character(const char *text, size_t size)
{
    unsigned char lead = (unsigned char)*text;
    size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < length; i++)
        if (i >= size || ((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* Bytes [from, to) of the output. */
static json_t *output_text(const struct ilv_output *output, uint64_t from, uint64_t to)
{
    static char text[ILV_OUTPUT_HALF];
    size_t size = (size_t)(to - from);
    for (size_t i = 0; i < size; i++)
        text[i] = ilv__output_byte(output, from + i);
    for (size_t i = 0, length; i<size; i += length> 0 ? length : 1) {
        length = character(text + i, size - i);
        if (length == 0)
            text[i] = '?';
    }
    json_t *string = json_stringn(text, size);
    return string != NULL ? string : json_string("(not UTF-8)");
}

static json_t *output(const struct ilv__tale *tale)
{
    const struct ilv_output *written = &tale->run->output;
    struct ilv__kept kept = ilv__output_kept(written);
    json_t *out = json_object();
    json_object_set_new(out, "size", json_integer((json_int_t)written->size));
    json_object_set_new(out, "head", output_text(written, 0, kept.head));
    json_object_set_new(out, "tail", output_text(written, kept.tail, written->size));
    return out;
}

static json_t *whole(const struct ilv__tale *tale)
{
    char text[ILV__PHRASE_SIZE];
    json_t *out = json_object();
    json_object_set_new(out, "format", json_string("interleave-run"));
    json_object_set_new(out, "version", json_integer(1));
    json_object_set_new(out, "ending", ending(tale));
    json_object_set_new(out, "steps", json_integer(tale->run->step_count));
    json_object_set_new(out, "cut", json_boolean(tale->run->trace_cut != 0));
    json_object_set_new(out, "tasks", list_of(tale, 0, tale->task_count, task));
    json_object_set_new(out, "objects", list_of(tale, 1, tale->object_count, object));
    json_object_set_new(out, "timeline", list_of(tale, 0, tale->trace_count, record));
    json_object_set_new(out, "findings", list_of(tale, 0, tale->finding_count, numbered_finding));
    if (tale->report->options.output)
        json_object_set_new(out, "output", output(tale));
    json_object_set_new(out, "timing", text_or_null(ilv__timing(tale, text, sizeof text)));
    json_object_set_new(out, "replay", text_or_null(tale->report->replay));
    return out;
}

static int write_json(const struct ilv_report *report, FILE *out)
{
    struct ilv__tale tale;
    int error = ilv__tale_begin(&tale, report);
    if (error == 0) {
        json_t *root = whole(&tale);
        errno = 0;
        bool failed = json_dumpf(root, out, JSON_INDENT(1)) != 0 || fputc('\n', out) == EOF ||
                      fflush(out) != 0;
        error = !failed ? 0 : errno != 0 ? -errno : -ENOMEM;
        json_decref(root);
    }
    ilv__tale_end(&tale);
    return error;
}

extern const struct ilv_reporter ilv__reporter_json;
const struct ilv_reporter ilv__reporter_json = {
    .name = "json",
    .gloss = "the whole timeline for other programs",
    .write = write_json,
};
