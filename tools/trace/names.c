/* SPDX-License-Identifier: MIT */
/*
 * Names that are the same in every schedule: paths of tasks, names of objects. Runs inside the
 * program under test: no libc, no allocation.
 *
 * A creator's index is smaller than its children's. Where a table (which a broken program may
 * have written) says otherwise, the walk upwards ends there: so every walk ends.
 */
#include <errno.h>
#include <stdbool.h>

#include "hash.h"
#include "location.h"
#include "trace.h"

/* Text that is being written; what does not fit is left out. */
struct text {
    char *out;
    size_t size;
    size_t used;
};

static void put_char(struct text *text, char c)
{
    if (text->used + 1 < text->size) {
        text->out[text->used++] = c;
    }
}

static void put_word(struct text *text, const char *word)
{
    while (*word) {
        put_char(text, *word++);
    }
}

static void put_number(struct text *text, unsigned number)
{
    char digit[10];
    int count = 0;
    do {
        digit[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (count) {
        put_char(text, digit[--count]);
    }
}

static char *put_end(struct text *text)
{
    if (text->size) {
        text->out[text->used] = '\0';
    }
    return text->out;
}

static bool is_first(const struct ilv_task_info *tasks, unsigned t)
{
    return tasks[t].parent >= t;
}

static unsigned depth_of(const struct ilv_task_info *tasks, unsigned t)
{
    unsigned depth = 0;
    while (!is_first(tasks, t)) {
        t = tasks[t].parent;
        depth++;
    }
    return depth;
}

static unsigned ancestor(const struct ilv_task_info *tasks, unsigned t, unsigned levels)
{
    while (levels--) {
        t = tasks[t].parent;
    }
    return t;
}

static void put_path(struct text *text, const struct ilv_task_info *tasks, unsigned t)
{
    put_word(text, "T0");
    for (unsigned up = depth_of(tasks, t); up > 0; up--) {
        const struct ilv_task_info *task = &tasks[ancestor(tasks, t, up - 1)];
        put_char(text, task->process ? '/' : '.');
        put_number(text, task->nth);
    }
}

char *ilv_task_path(const struct ilv_task_info *tasks, unsigned t, char *out, size_t size)
{
    struct text text = {out, size, 0};
    put_path(&text, tasks, t);
    return put_end(&text);
}

uint64_t ilv_task_root_id(void)
{
    return ilv_hash_bytes(ILV_HASH_START, "T0", 2);
}

uint64_t ilv_task_child_id(uint64_t parent, unsigned nth, int process)
{
    return ilv_hash_combine(parent, (uint64_t)nth << 1 | (process ? 1u : 0u));
}

/* Reads a number from 1 to 65535 without leading zeros; NULL if there is none. */
static const char *read_nth(const char *at, unsigned *nth)
{
    *nth = 0;
    if (*at == '0') {
        return NULL;
    }
    const char *begin = at;
    while (*at >= '0' && *at <= '9') {
        *nth = *nth * 10 + (unsigned)(*at++ - '0');
        if (*nth > UINT16_MAX) {
            return NULL;
        }
    }
    return at == begin ? NULL : at;
}

int ilv_task_id_of_path(const char *path, uint64_t *id)
{
    if (path[0] != 'T' || path[1] != '0') {
        return -EINVAL;
    }
    uint64_t found = ilv_task_root_id();
    path += 2;
    while (*path == '.' || *path == '/') {
        int process = *path == '/';
        unsigned nth = 0;
        path = read_nth(path + 1, &nth);
        if (!path) {
            return -EINVAL;
        }
        found = ilv_task_child_id(found, nth, process);
    }
    if (*path) {
        return -EINVAL;
    }
    *id = found;
    return 0;
}

static int compare(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int sibling_order(const struct ilv_task_info *tasks, unsigned a, unsigned b)
{
    int order = compare(tasks[a].nth, tasks[b].nth);
    order = order ? order : compare(tasks[a].process, tasks[b].process);
    return order ? order : compare(a, b);
}

int ilv_task_order(const struct ilv_task_info *tasks, unsigned a, unsigned b)
{
    unsigned depth_a = depth_of(tasks, a);
    unsigned depth_b = depth_of(tasks, b);
    a = ancestor(tasks, a, depth_a > depth_b ? depth_a - depth_b : 0);
    b = ancestor(tasks, b, depth_b > depth_a ? depth_b - depth_a : 0);
    if (a == b) {
        return compare(depth_a, depth_b);
    }
    while (tasks[a].parent != tasks[b].parent && !is_first(tasks, a) && !is_first(tasks, b)) {
        a = tasks[a].parent;
        b = tasks[b].parent;
    }
    return sibling_order(tasks, a, b);
}

/* `heap#12+8`, of another task than the first `heap#3@T0.1+8`; `stack@T0+58`: how far below its
 * top. Of a module's data nothing is known here but the offset. */
static void put_memory(struct text *text, const struct ilv_task_info *tasks,
                       const struct ilv_object_info *object)
{
    static const char *const kind[] = {[ILV_LOCATION_GLOBAL] = "data",
                                       [ILV_LOCATION_HEAP] = "heap#",
                                       [ILV_LOCATION_STACK] = "stack"};
    put_word(text, kind[object->flags]);
    if (object->flags == ILV_LOCATION_HEAP) {
        put_number(text, object->nth);
    }
    if (object->flags == ILV_LOCATION_STACK ||
        (object->flags == ILV_LOCATION_HEAP && object->creator)) {
        put_char(text, '@');
        put_path(text, tasks, object->creator);
    }
    put_char(text, '+');
    put_number(text, (unsigned)object->offset);
}

char *ilv_object_name(const struct ilv_task_info *tasks, const struct ilv_object_info *object,
                      char *out, size_t size)
{
    struct text text = {out, size, 0};
    if (object->cls == ILV_CLASS_TASK) {
        put_path(&text, tasks, (unsigned)object->address);
        return put_end(&text);
    }
    if (object->cls == ILV_CLASS_MEMORY && object->flags != ILV_LOCATION_NONE) {
        put_memory(&text, tasks, object);
        return put_end(&text);
    }
    put_word(&text, ilv_class_letter(object->cls));
    if (object->nth) {
        put_number(&text, object->nth);
    }
    if (object->creator) {
        put_char(&text, '@');
        put_path(&text, tasks, object->creator);
    }
    return put_end(&text);
}
