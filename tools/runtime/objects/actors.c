/* SPDX-License-Identifier: MIT */
/* actors.c: fibers of the program, by what the program calls them. */
#include "objects/actors.h"

#include "objects/memory.h"

struct actor {
    uint64_t name; /* what the program calls it; 0: nobody asked, or it is gone */
    uint16_t task; /* that runs it, or ran it last */
};

static struct actor actors[ILV_ACTORS];

static uint64_t own_name(const struct actor *a)
{
    return (uint64_t)(uintptr_t)a;
}

static struct actor *named(uint64_t name)
{
    for (uint32_t i = 0; i < ILV_ACTORS && name != 0; i++)
        if (actors[i].name == name)
            return &actors[i];
    return NULL;
}

static uint16_t index_of(const struct actor *a)
{
    return (uint16_t)(a - actors);
}

static uintptr_t name_it(struct actor *a, const struct task *t, uint64_t theirs)
{
    *a = (struct actor){.name = theirs != 0 ? theirs : own_name(a), .task = t->index};
    return a->name;
}

uintptr_t ilv__actor_current(struct task *t, uint64_t theirs)
{
    struct actor *a = &actors[t->race];
    return a->name != 0 ? a->name : name_it(a, t, theirs);
}

uintptr_t ilv__actor_made(struct task *t, uint64_t theirs)
{
    struct actor *a = &actors[ILV_MAX_TASKS];
    while (a < actors + ILV_ACTORS && a->name != 0)
        a++;
    if (a == actors + ILV_ACTORS)
        return theirs;
    ilv_race_task_begin(ilv__watch.race, index_of(a), t->race);
    return name_it(a, t, theirs);
}

void ilv__actor_gone(uint64_t fiber)
{
    struct actor *a = named(fiber);
    if (a != NULL)
        a->name = 0;
}

void ilv__actor_switch(struct task *t, uint64_t fiber, bool orders)
{
    struct actor *to = named(fiber);
    if (to == NULL)
        return;
    if (orders)
        ilv_race_sync_at(ilv__watch.race, t->race, own_name(to), ILV_RACE_RELEASE);
    actors[t->race].task = t->index;
    to->task = t->index;
    t->race = index_of(to);
    if (orders)
        ilv_race_sync_at(ilv__watch.race, t->race, own_name(to), ILV_RACE_ACQUIRE);
}

uint16_t ilv__actor_task(uint16_t actor)
{
    return actor < ILV_MAX_TASKS ? actor : actors[actor].task;
}
