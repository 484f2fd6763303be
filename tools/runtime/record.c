/* SPDX-License-Identifier: MIT */
/*
 * record.c: what a run leaves in the control block: choices always; the full trace with the
 * stacks of its steps on replay; the program's output, head and tail.
 */
#include "runtime.h"

#include <string.h>
#include <unwind.h>

#include "hash.h"

static _Alignas(4096) uint8_t strategy_memory[ILV_STRATEGY_STATE];
static _Alignas(4096) uint8_t fingerprint_memory[(ILV_MAX_OBJECTS + 2) * 32u];
void *const ilv__strategy_state = strategy_memory;
struct ilv_fingerprint *const ilv__fingerprint = (void *)fingerprint_memory;

void ilv__record_prepare(void)
{
    struct ilv_run *run = ilv__world.run;
    run->complete = 0;
    run->want_count = 0;
    run->choice_count = 0;
    run->trace_count = 0;
    run->trace_cut = 0;
    run->site_count = 1;
    run->finding_count = 0;
    run->step_count = 0;
    run->output.size = 0;
    run->output.hash = ILV_HASH_START;
}

void ilv__record_begin(void)
{
    struct world *w = &ilv__world;
    struct ilv_block *block = w->block;
    ILV_ASSERT(ilv_fingerprint_size(ILV_MAX_TASKS, ILV_MAX_OBJECTS) <= sizeof fingerprint_memory);
    ilv_fingerprint_begin(fingerprint_memory, ILV_MAX_TASKS, ILV_MAX_OBJECTS);
    w->record = w->plan->record != 0;
    w->strategy->begin(ilv__strategy_state, w->plan, block->replay, block->replay_ids);
}

void ilv__record_step(const struct ilv_step *step)
{
    struct ilv_run *run = ilv__world.run;
    if (run->trace_count == ILV_MAX_TRACE) {
        run->trace_cut = 1;
        return;
    }
    run->trace[run->trace_count++] = *step;
}

static bool continues(const struct ilv_choice *last, const struct ilv_candidate *candidate)
{
    return last->task == candidate->task && last->how == candidate->how &&
           candidate->how == ILV_HOW_RUN;
}

void ilv__record_choice(const struct ilv_candidate *candidate)
{
    struct ilv_run *run = ilv__world.run;
    if (run->choice_count != 0 && continues(&run->choice[run->choice_count - 1], candidate)) {
        run->choice[run->choice_count - 1].count++;
        return;
    }
    if (run->choice_count == ILV_MAX_CHOICES)
        ilv__limited("too many choices");
    run->choice[run->choice_count++] = (struct ilv_choice){
        .task = candidate->task,
        .how = candidate->how,
        .kind = candidate->op->kind,
        .signal = candidate->signal,
        .count = 1,
        .nth = candidate->steps,
    };
}

/* ---- call sites --------------------------------------------------------------------------- */

struct walk {
    struct ilv_site site;
    unsigned depth;
    bool outside;  /* the walk has left the runtime's own frames */
    uint64_t from; /* nothing is noted before this frame; 0: all */
};

uint64_t ilv__frame_of(uint64_t address)
{
    uint64_t offset = 0;
    uint32_t module = ilv__module_of(address, &offset);
    return module != 0 ? ilv_frame(module, offset) : 0;
}

static _Unwind_Reason_Code walk_one(struct _Unwind_Context *context, void *data)
{
    struct walk *walk = data;
    uint64_t address = (uint64_t)_Unwind_GetIP(context);
    if (address == 0)
        return _URC_END_OF_STACK;
    if (!walk->outside && ilv__own_text(address))
        return _URC_NO_REASON;
    walk->outside = true;
    if (address == walk->from)
        walk->from = 0;
    uint64_t frame = walk->from == 0 ? ilv__frame_of(address) : 0;
    if (frame == 0 || ilv__own_text(address))
        return _URC_NO_REASON;
    walk->site.frame[walk->depth++] = frame;
    return walk->depth == ILV_SITE_DEPTH ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static uint32_t site_index(const struct ilv_site *site)
{
    struct ilv_run *run = ilv__world.run;
    for (uint32_t i = 1; i < run->site_count; i++)
        if (memcmp(&run->site[i], site, sizeof *site) == 0)
            return i;
    if (run->site_count == ILV_MAX_SITES)
        return 0;
    run->site[run->site_count] = *site;
    return run->site_count++;
}

static uint32_t walk_from(uint64_t address)
{
    struct walk walk = {.from = address};
    ilv__modules_refresh();
    _Unwind_Backtrace(walk_one, &walk);
    return walk.depth == 0 ? 0 : site_index(&walk.site);
}

uint32_t ilv__record_site(void)
{
    return walk_from((uint64_t)(uintptr_t)ilv__self->call_pc);
}

uint32_t ilv__record_site_from(uint64_t address)
{
    return ilv__world.record ? walk_from(address) : 0;
}

uint32_t ilv__record_stack(void *const *address, size_t size)
{
    struct walk walk = {0};
    if (!ilv__world.record)
        return 0;
    ilv__modules_refresh();
    for (size_t i = 0; i < size && address[i] != NULL && walk.depth < ILV_SITE_DEPTH; i++) {
        uint64_t frame = ilv__frame_of((uint64_t)(uintptr_t)address[i]);
        if (frame != 0)
            walk.site.frame[walk.depth++] = frame;
    }
    return walk.depth == 0 ? 0 : site_index(&walk.site);
}

/* ---- output ------------------------------------------------------------------------------- */

static void keep_tail(struct ilv_output *output, const uint8_t *bytes, size_t size)
{
    if (size > ILV_OUTPUT_HALF) {
        output->size += size - ILV_OUTPUT_HALF;
        bytes += size - ILV_OUTPUT_HALF;
        size = ILV_OUTPUT_HALF;
    }
    for (size_t i = 0; i < size; i++)
        output->tail[(output->size + i) % ILV_OUTPUT_HALF] = (char)bytes[i];
    output->size += size;
}

void ilv__output(const void *bytes, size_t size)
{
    struct ilv_output *output = &ilv__world.run->output;
    output->hash = ilv_hash_bytes(output->hash, bytes, size);
    if (output->size < ILV_OUTPUT_HALF) {
        size_t room = ILV_OUTPUT_HALF - output->size;
        memcpy(output->head + output->size, bytes, size < room ? size : room);
    }
    keep_tail(output, bytes, size);
}
