/* SPDX-License-Identifier: MIT */
/*
 * memory.c: accesses as operations.
 *
 * The mark that the race engine keeps for each word holds the word's object (class MEMORY) and
 * what is to be done at accesses to it:
 *
 *   POINT   contended: an access is a step
 *   WATCH   recorded runs keep each access (ILV_WITHIN): the story needs it
 *   BENIGN  the program says that races on it are meant
 *
 * The order within an access: other tasks may run (the point); then the race engine is told, with
 * the clocks of now; then the program makes the access, before it comes to its next point. So what
 * a write puts into memory is known only later: settle() looks it up for the record.
 */
#include "objects/memory.h"
#include "intercept/sanitizer.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "access.h"
#include "objects/actors.h"
#include "objects/places.h"
#include "objects/signal.h"

#define WORD UINT64_C(8)
#define MARK_POINT 1u
#define MARK_WATCH 2u
#define MARK_BENIGN 4u
#define MARK_FLAGS 7u
#define MARK_SHIFT 3
#define REGION_MOST (UINT64_C(1) << 36)
#define REGION_LEAST (UINT64_C(1) << 28)
#define FULL "more memory in use than can be checked for races"
#define BENIGN_MOST 512u
#define SPUN_MOST 4u /* points of a spin loop on one word, before the task lets the others go on */

struct watch ilv__watch;

/* Where races are meant; those that do not fit in hold for whole words. Forks of the server have
 * what was said before there was a run. */
static struct range {
    uint64_t address;
    uint64_t size;
} benign[BENIGN_MOST];
static uint32_t benign_count;

static void *region;
static size_t region_size;
static bool report_races;

/* ---- words -------------------------------------------------------------------------------- */

/* Words of a range that bear a mark: whether there are any, and the objects of the first two. */
struct marks {
    bool any;
    uint32_t object[2];
};

static uint64_t greater(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint32_t mark_of(uint64_t address)
{
    return ilv_race_mark(ilv__watch.race, address);
}

/* The object of the word, made when it is first needed, and named after this byte of it. */
static uint32_t object_of(uint64_t address)
{
    uint32_t mark = mark_of(address);
    if (mark >> MARK_SHIFT != 0)
        return mark >> MARK_SHIFT;
    uint32_t object = ilv__place_object(address);
    ilv_race_mark_set(ilv__watch.race, address & ~(WORD - 1),
                      object << MARK_SHIFT | (mark & MARK_FLAGS));
    return object;
}

static void add_mark(uint64_t word, uint32_t flag)
{
    uint32_t mark = mark_of(word);
    if ((mark & flag) == 0 && !ilv_race_mark_set(ilv__watch.race, word, mark | flag))
        ilv__limited(FULL);
}

/* Marks are asked for one by one: what a step is named after must not depend on what else is kept
 * for a story. */
static struct marks marked(const struct access *a, uint32_t flag)
{
    struct marks m = {0};
    unsigned n = 0;
    uint64_t end = a->address + a->size;
    uint64_t word = ilv_race_next_mark(ilv__watch.race, a->address & ~(WORD - 1), end);
    while (word < end && n < 2) {
        if ((mark_of(word) & flag) != 0)
            m.object[n++] = object_of(greater(word, a->address));
        word = ilv_race_next_mark(ilv__watch.race, word + WORD, end);
    }
    m.any = n != 0;
    return m;
}

/* ---- what is known of earlier runs ---------------------------------------------------------- */

static void mark_known(uint64_t word, bool watch)
{
    add_mark(word, watch ? MARK_WATCH : MARK_POINT);
}

static void learn(uint64_t word)
{
    struct ilv_met *met = &ilv__world.block->met[ilv__world.batch_index];
    struct ilv_location place;
    if (met->count < ILV_RUN_PLACES && ilv__place_of(word, &place))
        met->place[met->count++] = place;
}

static void contend(uint64_t address, uint64_t size)
{
    for (uint64_t word = address & ~(WORD - 1); word < address + size; word += WORD) {
        if ((mark_of(word) & MARK_POINT) != 0)
            continue;
        add_mark(word, MARK_POINT);
        learn(word);
    }
}

/* ---- records ------------------------------------------------------------------------------ */

/* The value of up to 8 bytes; false if they cannot be read: the access will fault, or the memory
 * was given back since. */
static bool value_at(uint64_t address, uint64_t size, uint64_t *value)
{
    *value = 0;
    return ilv__peek(value, address, size < sizeof *value ? size : sizeof *value);
}

void ilv__memory_settle(struct task *t)
{
    if (ilv_likely(t->unsettled == 0))
        return;
    struct ilv_step *step = &ilv__world.run->trace[t->unsettled - 1];
    if (!value_at(t->unsettled_at, step->size, &step->value))
        step->size = 0;
    t->unsettled = 0;
}

/* Completes the last record, which is of this access to the object. Without a size, no values are
 * told. */
static void describe(struct task *t, const struct access *a, uint32_t object)
{
    struct ilv_run *run = ilv__world.run;
    if (run->trace_count == 0 || run->trace_cut)
        return;
    struct ilv_step *step = &run->trace[run->trace_count - 1];
    uint64_t word = ilv__object_info(object)->address & ~(WORD - 1);
    bool readable = value_at(a->address, a->size, &step->before);
    step->value = step->before;
    step->size = readable ? (uint32_t)a->size : 0;
    step->offset = a->address - word < WORD ? (uint32_t)(a->address - word) : 0;
    if (!readable || (a->what & ILV_RACE_WRITE) == 0 || (a->what & ILV_RACE_FREE) != 0)
        return;
    t->unsettled = run->trace_count;
    t->unsettled_at = a->address;
}

/* Keeps an access to watched memory that is no step; returns its call site. *object is 0 if it is
 * not kept. */
static uint32_t record_within(struct task *t, const struct access *a, uint32_t *object)
{
    struct marks m = marked(a, MARK_WATCH);
    *object = m.object[0];
    if (!m.any)
        return 0;
    struct ilv_step step = {
        .time = ilv__world.time,
        .object = m.object[0],
        .object2 = m.object[1],
        .site = ilv__record_site(),
        .kind = a->event,
        .task = t->index,
        .flags = (uint16_t)(ILV_WITHIN | (t->handler_depth != 0 ? ILV_HANDLER : 0)),
    };
    ilv__record_step(&step);
    describe(t, a, m.object[0]);
    return step.site;
}

/* ---- races -------------------------------------------------------------------------------- */

static uint64_t end_of(const struct ilv_race_access *a)
{
    return a->address + a->size;
}

static bool is_meant(uint64_t start, uint64_t end)
{
    if ((mark_of(start & ~(WORD - 1)) & MARK_BENIGN) == 0)
        return false;
    bool meant = benign_count > BENIGN_MOST;
    for (uint32_t i = 0; i < benign_count && !meant; i++)
        meant = benign[i].address < end && start < benign[i].address + benign[i].size;
    return meant;
}

static void found(const struct ilv_race_pair *pair)
{
    uint64_t start = greater(pair->earlier.address, pair->later.address);
    uint64_t end = end_of(&pair->earlier) < end_of(&pair->later) ? end_of(&pair->earlier)
                                                                 : end_of(&pair->later);
    bool meant = is_meant(start, end);
    contend(start, end - start);
    ilv__sanitizer_we_found(start);
    struct ilv_race_pair told = *pair;
    told.earlier.task = ilv__actor_task(pair->earlier.task);
    told.later.task = ilv__actor_task(pair->later.task);
    if (report_races && !meant)
        ilv__judge_race(&told, object_of(start));
}

static void came(unsigned what, const struct ilv_race_pair *pair)
{
    if (ilv_unlikely(what & ILV_RACE_FULL))
        ilv__limited(FULL);
    if (ilv_unlikely(what & ILV_RACE_FOUND))
        found(pair);
}

/* `step` is the number of the step that the access is, or lies within. */
static struct ilv_race_access of_access(const struct task *t, const struct access *a, uint32_t site,
                                        uint32_t step)
{
    return (struct ilv_race_access){.address = a->address,
                                    .size = (uint32_t)a->size,
                                    .site = site,
                                    .step = step,
                                    .task = t->race,
                                    .what = a->what};
}

static void tell(const struct task *t, const struct access *a, uint32_t site, uint32_t step)
{
    struct ilv_race_access access = of_access(t, a, site, step);
    struct ilv_race_pair pair;
    came(ilv_race_access(ilv__watch.race, &access, &pair), &pair);
}

/* ---- accesses ----------------------------------------------------------------------------- */

static void publish(const struct access *a, const struct marks *m)
{
    struct ilv_op op = ilv__op(a->event, m->object[0]);
    op.object2 = m->object[1];
    op.value = a->size;
    ilv__point(&op, NULL);
}

/* A task that made so many accesses without a point. */
static void come_to_a_point(struct task *t, const struct access *a)
{
    bool same = t->spin_address == a->address;
    t->spun = same ? t->spun + 1 : 0;
    t->spin_address = a->address;
    ilv__simple(t->spun >= SPUN_MOST ? ILV_EV_TASK_YIELD : ILV_EV_PROGRAM_POINT, 0, 0);
}

/* Whether the access is a point, and the objects of that step. Where not only contended words are
 * points, the word gets an object. */
static bool is_point(const struct access *a, struct marks *m)
{
    *m = marked(a, MARK_POINT);
    if (ilv_likely(!ilv__watch.each))
        return m->any;
    if (ilv__world.block->config.points == ILV_POINTS_CODE && !ilv__place_chosen(a->pc))
        return false;
    if (!m->any)
        m->object[0] = object_of(a->address);
    return true;
}

static void step(struct task *t, const struct access *a, const struct marks *m)
{
    t->quiet = 0;
    publish(a, m);
    uint32_t site = t->info->op.site;
    ilv__done(0, 0);
    if (ilv_unlikely(ilv__world.record))
        describe(t, a, m->object[0]);
    tell(t, a, site, ilv__world.step);
}

static void pass(struct task *t, const struct access *a)
{
    uint32_t object;
    uint32_t site = ilv_unlikely(ilv__world.record) ? record_within(t, a, &object) : 0;
    tell(t, a, site, ilv__world.step);
}

/* Before anything else: the values of the access before are in memory now. */
static void arrive(struct task *t, const struct access *a)
{
    ilv__memory_settle(t);
    if (ilv_likely(++t->quiet < ILV_QUIET_MOST))
        return;
    t->quiet = 0;
    come_to_a_point(t, a);
}

static bool ignored(const struct task *t, const struct access *a)
{
    bool writes = (a->what & ILV_RACE_WRITE) != 0;
    return (writes ? t->ignore_writes : t->ignore_reads) != 0;
}

void ilv__memory_access(const struct access *a)
{
    struct task *t = ilv__self;
    if (ilv_unlikely(ignored(t, a)))
        return;
    ilv__enter();
    t->call_pc = a->pc;
    arrive(t, a);
    struct marks m;
    if (is_point(a, &m))
        step(t, a, &m);
    else
        pass(t, a);
    t->call_pc = NULL;
    ilv__exit();
}

/* ---- atomic operations -------------------------------------------------------------------- */

static struct access of_atomic(const struct ilv_atomic_access *atomic)
{
    static const uint16_t event[ILV_ATOMIC_COUNT] = {
        [ILV_ATOMIC_LOAD] = ILV_EV_ATOMIC_LOAD,
        [ILV_ATOMIC_STORE] = ILV_EV_ATOMIC_STORE,
        [ILV_ATOMIC_UPDATE] = ILV_EV_ATOMIC_UPDATE,
        [ILV_ATOMIC_COMPARE] = ILV_EV_ATOMIC_COMPARE,
    };
    bool writes = atomic->what != ILV_ATOMIC_LOAD;
    return (struct access){.address = (uint64_t)(uintptr_t)atomic->address,
                           .size = atomic->size,
                           .pc = atomic->pc,
                           .event = event[atomic->what],
                           .what = (uint16_t)(ILV_RACE_ATOMIC | (writes ? ILV_RACE_WRITE : 0))};
}

bool ilv__memory_may_fail(const struct task *t)
{
    return t->info->op.kind == ILV_EV_ATOMIC_COMPARE && t->scratch[0] != 0;
}

/* Publishes it, and leaves the step open until the operation was carried out. */
static bool open_step(struct task *t, const struct access *a, uint32_t object, bool weak)
{
    struct ilv_op op = ilv__op(a->event, object);
    op.value = a->size;
    t->quiet = 0;
    t->scratch[0] = weak;
    t->atomic_open = true;
    return ilv__point(&op, NULL) == ILV_SPURIOUSLY;
}

bool ilv__memory_atomic_begin(const struct ilv_atomic_access *atomic)
{
    struct task *t = ilv__self;
    if (atomic->what == ILV_ATOMIC_FENCE)
        return false;
    struct access a = of_atomic(atomic);
    bool fails = false;
    ilv__enter();
    t->call_pc = a.pc;
    arrive(t, &a);
    if (ilv_race_shared(ilv__watch.race, t->race, a.address, (uint32_t)a.size))
        contend(a.address, a.size);
    struct marks m;
    if (is_point(&a, &m))
        fails = open_step(t, &a, m.object[0], atomic->weak != 0);
    t->call_pc = NULL;
    ilv__exit();
    return fails;
}

/* The order that applied. */
static unsigned order_of(const struct ilv_atomic_access *atomic, bool wrote)
{
    bool failed = atomic->what == ILV_ATOMIC_COMPARE && !wrote;
    return failed ? atomic->failure_order : atomic->order;
}

/* The values of the last record, which is of this operation. */
static void record_values(struct task *t, const struct access *a, uint32_t object, uint64_t before,
                          uint64_t after)
{
    struct ilv_run *run = ilv__world.run;
    describe(t, a, object);
    t->unsettled = 0;
    if (run->trace_count == 0 || run->trace_cut)
        return;
    run->trace[run->trace_count - 1].before = before;
    run->trace[run->trace_count - 1].value = after;
}

/* Closes the step, or records the operation within the step before; returns its call site. */
static uint32_t close_step(struct task *t, const struct access *a, uint64_t before, uint64_t after)
{
    uint32_t object = t->info->op.object;
    uint32_t site = t->info->op.site;
    if (t->atomic_open) {
        t->atomic_open = false;
        ilv__done(0, after);
    } else if (ilv_unlikely(ilv__world.record)) {
        site = record_within(t, a, &object);
    } else {
        return 0;
    }
    if (ilv_unlikely(ilv__world.record && object != 0))
        record_values(t, a, object, before, after);
    return site;
}

static void tell_atomic(struct task *t, const struct access *a, uint32_t site, bool reads,
                        unsigned order)
{
    struct ilv_race_access access = of_access(t, a, site, ilv__world.step);
    struct ilv_race_pair pair;
    came(ilv_race_atomic(ilv__watch.race, &access, reads, t->ignore_sync == 0 ? order : 0, &pair),
         &pair);
}

void ilv__memory_atomic_end(const struct ilv_atomic_access *atomic, uint64_t before, uint64_t after,
                            bool wrote)
{
    struct task *t = ilv__self;
    unsigned order = order_of(atomic, wrote);
    if (atomic->what == ILV_ATOMIC_FENCE) {
        ilv_race_fence(ilv__watch.race, t->race, order);
        return;
    }
    struct access a = of_atomic(atomic);
    if (!wrote)
        a.what = ILV_RACE_ATOMIC;
    ilv__enter();
    t->call_pc = a.pc;
    uint32_t site = close_step(t, &a, before, after);
    tell_atomic(t, &a, site, atomic->what != ILV_ATOMIC_STORE, order);
    t->call_pc = NULL;
    ilv__exit();
}

/* ---- the heap, stacks --------------------------------------------------------------------- */

void ilv__memory_fresh(const void *address, size_t size)
{
    if (ilv__watch.race != NULL)
        ilv_race_fresh(ilv__watch.race, (uint64_t)(uintptr_t)address, size);
}

static void mark_benign(const struct range *r)
{
    for (uint64_t word = r->address & ~(WORD - 1); word < r->address + r->size; word += WORD)
        add_mark(word, MARK_BENIGN);
}

void ilv__memory_benign(const void *address, size_t size)
{
    struct range r = {(uint64_t)(uintptr_t)address, size};
    if (benign_count < BENIGN_MOST)
        benign[benign_count] = r;
    benign_count++;
    if (ilv__watch.race != NULL)
        mark_benign(&r);
}

void ilv__memory_mapped(const void *address, size_t size, const void *pc)
{
    const struct block *block = ilv__block_made(address, size, pc);
    if (ilv__watch.race != NULL && block != NULL)
        ilv__places_in_block(block, mark_known);
}

void ilv__memory_allocated(const void *address, size_t size, const void *pc)
{
    ilv__memory_fresh(address, size);
    ilv__memory_mapped(address, size, pc);
}

/* Others may run before it is given back: until then it is a block. */
size_t ilv__memory_freed(const void *address, const void *pc)
{
    size_t size = ilv__block_size(address);
    struct access a = {.address = (uint64_t)(uintptr_t)address,
                       .size = size,
                       .pc = pc,
                       .event = ILV_EV_MEMORY_FREE,
                       .what = ILV_RACE_WRITE | ILV_RACE_FREE};
    if (ilv__watch.on && size != 0)
        ilv__memory_access(&a);
    return ilv__block_gone(address);
}

void ilv__memory_task_made(const struct task *t)
{
    uint64_t bottom;
    uint64_t top;
    ilv__watch.on = true;
    if (ilv__place_stack(t, &bottom, &top))
        ilv_race_fresh(ilv__watch.race, bottom, top - bottom);
    ilv__places_in_stack(t, mark_known);
}

/* ---- runs --------------------------------------------------------------------------------- */

/* As much address space as can be had; pages are used as they are needed. */
void ilv__memory_prepare(void)
{
    for (uint64_t size = REGION_MOST; region == NULL && size >= REGION_LEAST; size /= 2) {
        long got = ilv__syscall_raw(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (got < 0 && got > -4096)
            continue;
        region = (void *)got;
        region_size = size;
        ilv__watch.here = true;
    }
    if (ilv__watch.here && ilv__world.active && ilv__watch.race == NULL)
        ilv__memory_begin_run();
}

static void tasks_begin(void)
{
    struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->run->task_count; i++) {
        struct task *t = &w->task[i];
        t->race = t->index;
        if (i > 0)
            ilv_race_task_begin(ilv__watch.race, i, 0);
        ilv__places_in_stack(t, mark_known);
    }
    ilv__watch.on = w->live > 1;
}

void ilv__memory_begin_run(void)
{
    struct world *w = &ilv__world;
    w->block->met[w->batch_index].count = 0;
    ilv__watch.each = w->block->config.points != ILV_POINTS_LEARNT;
    report_races = w->block->config.allow_races == 0 &&
                   (w->block->config.detectors >> ILV_DETECTOR_race & 1) != 0;
    ilv__watch.race = ilv_race_begin(region, region_size, ILV_ACTORS, ILV_MAX_OBJECTS);
    ilv__judge_watch_races(ilv__watch.race);
    ilv__places_begin(w->plan->record != 0);
    ilv__places_in_modules(mark_known);
    for (uint32_t i = 0; i < benign_count && i < BENIGN_MOST; i++)
        mark_benign(&benign[i]);
    tasks_begin();
}

/* The race that ends a run is found before the access is made: what it would have written is not
 * known, and no values are told. */
static void forget_value(struct task *t)
{
    ilv__world.run->trace[t->unsettled - 1].size = 0;
    t->unsettled = 0;
}

void ilv__memory_end_run(void)
{
    const struct ilv_finding *worst = ilv__judge_worst();
    struct task *t = ilv__world.current;
    ilv__watch.on = false;
    bool raced = worst != NULL && worst->verdict == ILV_VERDICT_DATA_RACE;
    if (raced && t->unsettled != 0)
        forget_value(t);
    else
        ilv__memory_settle(t);
}
