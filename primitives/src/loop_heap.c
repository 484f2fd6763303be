/* SPDX-License-Identifier: MIT */
/*
 * loop_heap.c: a binary heap of tasks, by the time at which they are due, and by who asked first.
 * Each knows its place, counted from 1, so that it can be taken out wherever it stands.
 */
#include "loop_parts.h"

static bool comes_before(const struct ilv_task *a, const struct ilv_task *b)
{
    return a->due < b->due || (a->due == b->due && a->order < b->order);
}

static void set(struct ilv_loop *loop, size_t place, struct ilv_task *task)
{
    loop->heap[place - 1] = task;
    task->place = place;
}

static struct ilv_task *at(const struct ilv_loop *loop, size_t place)
{
    return loop->heap[place - 1];
}

static void rise(struct ilv_loop *loop, struct ilv_task *task)
{
    size_t place = task->place;
    for (; place > 1 && comes_before(task, at(loop, place / 2)); place /= 2)
        set(loop, place, at(loop, place / 2));
    set(loop, place, task);
}

static void sink(struct ilv_loop *loop, struct ilv_task *task)
{
    size_t place = task->place;
    for (size_t below; (below = 2 * place) <= loop->sleepers; place = below) {
        if (below < loop->sleepers && comes_before(at(loop, below + 1), at(loop, below)))
            below++;
        if (!comes_before(at(loop, below), task))
            break;
        set(loop, place, at(loop, below));
    }
    set(loop, place, task);
}

void ilv__loop_heap_put(struct ilv_loop *loop, struct ilv_task *task)
{
    task->order = ++loop->asked;
    set(loop, ++loop->sleepers, task);
    rise(loop, task);
}

void ilv__loop_heap_take(struct ilv_loop *loop, struct ilv_task *task)
{
    struct ilv_task *last = at(loop, loop->sleepers--);
    if (last != task) {
        set(loop, task->place, last);
        rise(loop, last);
        sink(loop, last);
    }
    task->place = 0;
}
