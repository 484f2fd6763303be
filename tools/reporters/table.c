/* SPDX-License-Identifier: MIT */
/*
 * table.c: the rows of the story. One column per task while there is room for them; one column in
 * which each row begins with its task otherwise.
 *
 * Columns are as wide as their longest text. Where that is too much, those that need less than an
 * even share get what they need, the others share the rest, and their text is wrapped.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_COLUMNS 5u
#define MIN_COLUMN 14u
#define MAX_PLACE 26u

struct table {
    const struct ilv__tale *tale;
    const struct ilv__selection *selection;
    FILE *out;
    unsigned columns;
    bool list;    /* one column for all tasks */
    unsigned gap; /* between columns */
    unsigned step_width;
    unsigned task_width; /* of a task's name, in a list */
    unsigned place_width;
    unsigned width[MAX_COLUMNS];
};

static const char *paint(const struct table *t, const char *code)
{
    return t->tale->report->options.colour ? code : "";
}

#define DIM "\033[2m"
#define BOLD "\033[1m"
#define WAIT "\033[33m"
#define PLAIN "\033[0m"

static unsigned longer(unsigned a, size_t b)
{
    return b > a ? (unsigned)b : a;
}

static const struct ilv_step *step_of(const struct table *t, uint32_t row)
{
    return ilv__record(t->tale, t->selection->record[row]);
}

static unsigned column_of(const struct table *t, unsigned task)
{
    unsigned column = 0;
    while (column + 1 < t->columns && t->selection->task[column] != task)
        column++;
    return column;
}

/* Whether the record is of an access that the finding names, as one that races. */
static bool races(const struct ilv__tale *tale, uint32_t record)
{
    const struct ilv_step *step = ilv__record(tale, record);
    for (unsigned i = 0; tale->finding != NULL && i < ilv__parts(tale->finding); i++) {
        const struct ilv_part *part = &tale->finding->part[i];
        if (ilv__is_access(step) && part->task == step->task && part->site == step->site &&
            part->step == tale->moment[record].step)
            return true;
    }
    return false;
}

/* What the row's record says: in a story that is not whole, by its call if that says more. */
static void record_text(const struct table *t, uint32_t row, char *out, size_t size)
{
    uint32_t record = t->selection->record[row];
    bool by_call = !t->tale->report->options.whole &&
                   ilv__is_told_by_call(t->tale, step_of(t, row)) && !races(t->tale, record);
    if (by_call)
        ilv__call_phrase(t->tale, record, out, size);
    else
        ilv__record_phrase(t->tale, record, out, size);
}

/* The text of a row in its column. */
static void cell_text(const struct table *t, uint32_t row, char *out, size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    char text[ILV__PHRASE_SIZE];
    if (t->list) {
        ilv__task_name(t->tale, step_of(t, row)->task, text, sizeof text);
        ilv__add(&line, "%-*s  ", (int)t->task_width, text);
    }
    record_text(t, row, text, sizeof text);
    ilv__add(&line, "%s", text);
}

/* What our primitives do by themselves has no place that the user knows. */
static void place_text(const struct table *t, uint32_t row, char *out, size_t size)
{
    char text[ILV__PHRASE_SIZE];
    struct ilv__line line = ilv__line(out, size);
    bool whole = t->tale->report->options.whole;
    if (!whole && ilv__is_within(t->tale, step_of(t, row)->site))
        snprintf(text, sizeof text, "libilv");
    else
        ilv__place_name(t->tale, step_of(t, row)->site, text, sizeof text);
    size_t length = strlen(text);
    if (length > MAX_PLACE)
        ilv__add(&line, "..%s", text + length - MAX_PLACE + 2);
    else
        ilv__add(&line, "%s", text);
}

static void measure_rows(struct table *t, unsigned *natural)
{
    char text[2 * ILV__PHRASE_SIZE];
    for (uint32_t row = 0; row < t->selection->count; row++) {
        unsigned column = t->list ? 0 : column_of(t, step_of(t, row)->task);
        cell_text(t, row, text, sizeof text);
        natural[column] = longer(natural[column], strlen(text));
        place_text(t, row, text, sizeof text);
        t->place_width = longer(t->place_width, strlen(text));
    }
}

/* Shares `room` columns out; false if some column gets less than it can live with. */
static bool share(struct table *t, const unsigned *natural, unsigned room)
{
    bool settled[MAX_COLUMNS] = {false};
    unsigned left = t->columns;
    bool again = true;
    while (again && left > 0) {
        again = false;
        for (unsigned c = 0; c < t->columns && left > 0; c++) {
            if (settled[c] || natural[c] > room / left)
                continue;
            t->width[c] = natural[c];
            settled[c] = again = true;
            room -= natural[c];
            left--;
        }
    }
    for (unsigned c = 0; c < t->columns; c++) {
        if (!settled[c])
            t->width[c] = room / left;
        if (!settled[c] && t->width[c] < MIN_COLUMN)
            return false;
    }
    return true;
}

static unsigned digits(uint32_t number)
{
    unsigned count = 1;
    while ((number /= 10) > 0)
        count++;
    return count;
}

static bool lay_out(struct table *t)
{
    unsigned natural[MAX_COLUMNS] = {0};
    char text[ILV__PHRASE_SIZE];
    t->place_width = 0;
    for (unsigned c = 0; c < t->selection->task_count; c++) {
        ilv__task_title(t->tale, t->selection->task[c], text, sizeof text);
        if (!t->list)
            natural[c] = longer(natural[c], strlen(text));
        ilv__task_name(t->tale, t->selection->task[c], text, sizeof text);
        t->task_width = longer(t->task_width, strlen(text));
    }
    measure_rows(t, natural);
    uint32_t last = t->selection->record[t->selection->count - 1];
    t->step_width = longer(4, digits(t->tale->moment[last].step));
    unsigned used = t->step_width + t->gap * (t->columns + 1) + t->place_width;
    unsigned width = ilv__width(t->tale);
    return share(t, natural, width > used ? width - used : 0) || t->list;
}

/* Where a bracket begins that fills the rest of the text; 0 if there is none. */
static size_t bracket(const char *text, size_t length)
{
    const char *open = strrchr(text, '(');
    bool ends = length > 0 && text[length - 1] == ')' && open != NULL && open > text;
    return ends && open[-1] == ' ' ? (size_t)(open - text) : 0;
}

/* Where a word is cut that is too long: between its parts, if it has some. */
static size_t within_word(const char *text, unsigned width)
{
    size_t cut = width;
    while (cut > 1 && text[cut - 1] != '_' && (text[cut] != '(' || text[cut + 1] == ')'))
        cut--;
    return cut > 1 ? cut : width;
}

/* How many bytes of text go into a line of this width: up to a bracket if that helps, else up to
 * a blank if there is one. */
static size_t fit(const char *text, unsigned width)
{
    size_t length = strlen(text);
    if (length <= width)
        return length;
    size_t open = bracket(text, length);
    if (open > 0 && open - 1 <= width && length - open <= width)
        return open - 1;
    size_t cut = width;
    while (cut > 0 && text[cut] != ' ')
        cut--;
    return cut > 0 ? cut : within_word(text, width);
}

static const char *behind(const char *text, size_t taken)
{
    text += taken;
    return text + strspn(text, " ");
}

/* Writes one line: the step, one piece of text in each column, the place. Trailing blanks are
 * left out by holding them back. */
struct pen {
    FILE *out;
    unsigned owed; /* blanks */
};

static void put_text(struct pen *pen, const char *text, size_t length, const char *colour,
                     unsigned width)
{
    if (length > 0) {
        fprintf(pen->out, "%*s", (int)pen->owed, "");
        pen->owed = 0;
        fprintf(pen->out, "%s%.*s%s", colour, (int)length, text, colour[0] != '\0' ? PLAIN : "");
    }
    pen->owed += width > length ? width - (unsigned)length : 0;
}

static void put_gap(const struct table *t, struct pen *pen)
{
    if (t->tale->report->options.unicode)
        put_text(pen, " │ ", sizeof " │ " - 1, paint(t, DIM), 0);
    else
        pen->owed += t->gap;
}

/* One row, over as many lines as its longest text needs. */
static void draw(const struct table *t, const char *step, const char *const *texts,
                 const char *place, const char *colour)
{
    const char *rest[MAX_COLUMNS] = {NULL};
    memcpy(rest, texts, t->columns * sizeof *texts);
    bool more = true;
    for (bool first = true; more; first = false) {
        struct pen pen = {t->out, 0};
        more = false;
        size_t length = first ? strlen(step) : 0;
        pen.owed = t->step_width - (unsigned)strlen(first ? step : "");
        put_text(&pen, step, length, paint(t, DIM), 0);
        for (unsigned c = 0; c < t->columns; c++) {
            size_t taken = fit(rest[c], t->width[c]);
            put_gap(t, &pen);
            put_text(&pen, rest[c], taken, paint(t, colour), t->width[c]);
            rest[c] = behind(rest[c], taken);
            more = more || rest[c][0] != '\0';
        }
        put_gap(t, &pen);
        put_text(&pen, place, first ? strlen(place) : 0, paint(t, DIM), 0);
        fputc('\n', t->out);
    }
}

static void draw_heads(const struct table *t)
{
    char title[MAX_COLUMNS][ILV__PHRASE_SIZE] = {{0}};
    const char *texts[MAX_COLUMNS];
    for (unsigned c = 0; c < t->columns; c++) {
        if (t->list)
            ilv__add(&(struct ilv__line){title[c], ILV__PHRASE_SIZE, 0}, "%-*s  does",
                     (int)t->task_width, "task");
        else
            ilv__task_title(t->tale, t->selection->task[c], title[c], ILV__PHRASE_SIZE);
        texts[c] = title[c];
    }
    draw(t, "step", texts, t->place_width > 0 ? "source" : "", BOLD);
}

static void draw_skipped(const struct table *t, uint32_t steps)
{
    const char *dots = t->tale->report->options.unicode ? "\u22ee" : "...";
    int pad = (int)t->step_width - (t->tale->report->options.unicode ? 1 : 3);
    if (steps > 0)
        fprintf(t->out, "%*s%s%s  (%u step%s)%s\n", pad, "", paint(t, DIM), dots, steps,
                steps == 1 ? "" : "s", paint(t, PLAIN));
}

static void draw_row(const struct table *t, uint32_t row)
{
    const char *texts[MAX_COLUMNS] = {"", "", "", "", ""};
    char text[2 * ILV__PHRASE_SIZE];
    char place[ILV__PHRASE_SIZE];
    char number[16] = "";
    const struct ilv_step *step = step_of(t, row);
    bool waits = (step->flags & ILV_BLOCKED) != 0;
    if (!waits)
        snprintf(number, sizeof number, "%u", t->tale->moment[t->selection->record[row]].step);
    cell_text(t, row, text, sizeof text);
    place_text(t, row, place, sizeof place);
    texts[t->list ? 0 : column_of(t, step->task)] = text;
    draw(t, number, texts, place, waits ? WAIT : "");
}

/* How many steps behind `from` up to `to` nothing tells. */
static uint32_t untold(const struct table *t, uint32_t from, uint32_t to)
{
    const uint32_t *told = t->selection->told;
    return to > from ? to - from - (told[to] - told[from]) : 0;
}

static void draw_rows(const struct table *t)
{
    uint32_t told = 0; /* steps up to here are shown or said to be skipped */
    for (uint32_t row = 0; row < t->selection->count; row++) {
        uint32_t number = t->tale->moment[t->selection->record[row]].step;
        bool waits = (step_of(t, row)->flags & ILV_BLOCKED) != 0;
        uint32_t before = waits || number == 0 ? number : number - 1;
        draw_skipped(t, untold(t, told, before));
        draw_row(t, row);
        told = number;
    }
    uint32_t last = t->tale->record_count > 0 ? t->tale->moment[t->tale->record_count - 1].step : 0;
    draw_skipped(t, untold(t, told, last));
    if (t->tale->run->trace_cut != 0)
        fprintf(t->out, "%*s (the trace was full after %u steps; the run made more)\n",
                (int)t->step_width, "", last);
}

/* What a list shows of the tasks that columns would have had as titles. */
static void draw_tasks(const struct table *t)
{
    for (uint32_t i = 0; i < t->selection->task_count; i++) {
        char title[ILV__PHRASE_SIZE];
        ilv__task_title(t->tale, t->selection->task[i], title, sizeof title);
        if (strchr(title, ' ') != NULL)
            fprintf(t->out, "%*s  %s\n", (int)t->step_width, "", title);
    }
}

void ilv__table_write(const struct ilv__tale *tale, const struct ilv__selection *selection,
                      FILE *out)
{
    unsigned gap = tale->report->options.unicode ? 3 : 2;
    struct table t = {.tale = tale, .selection = selection, .out = out, .gap = gap};
    if (selection->count == 0)
        return;
    t.columns = selection->task_count;
    t.list = t.columns > MAX_COLUMNS;
    if (t.list || !lay_out(&t)) {
        t.list = true;
        t.columns = 1;
        lay_out(&t);
        draw_tasks(&t);
    }
    draw_heads(&t);
    draw_rows(&t);
}
