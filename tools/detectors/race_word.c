/* SPDX-License-Identifier: MIT */
/*
 * The race detector: one word.
 *
 * Of each word it keeps a set of records (race_fast.h) such that for every later access X: an
 * earlier access races with X if and only if one that is kept races with X. A new access N is
 * compared with each record R that has a byte in common with it:
 *
 *   R races with N when R's task is another one, N's task does not know R's epoch, one of them
 *   writes and one of them is plain.
 *
 *   R's common bytes are dropped when R happens before N and N is as strong: N writes if R does,
 *   and is plain if R is. (X unordered with R would be unordered with N, and conflicts with N when
 *   it conflicts with R.) Nothing else is dropped: not what raced, not the reads of other
 *   tasks by a read.
 *
 *   N itself need not be kept when a record of the same epoch is as strong and has its bytes: to
 *   all others the two are one. Nor is it compared then: what came between them was compared
 *   with the first one when it was made. This is the case that race_fast.h finds.
 *
 * Records of one epoch that differ in their bytes only are one record.
 */
#include <string.h>

#include "race_parts.h"

/* ---- what is told ------------------------------------------------------------------------- */

static void tell(struct ilv__visit *v, uint64_t record, uint32_t site)
{
    unsigned bytes = (unsigned)(record & ILV__RECORD_BYTES);
    unsigned first = (unsigned)__builtin_ctz(bytes);
    unsigned slot = ilv__race_slot_of(record);
    if ((v->result & ILV_RACE_FOUND) != 0) {
        return;
    }
    v->result |= ILV_RACE_FOUND;
    v->pair->later = *v->access;
    v->pair->earlier = (struct ilv_race_access){
        .address = v->page + (uint64_t)v->word * 8 + first,
        .size = 32 - (unsigned)__builtin_clz(bytes) - first,
        .site = site,
        .step = ilv__race_step_at(v->race, slot, (uint32_t)(record >> 32)),
        .task = v->race->slot[slot].task,
        .what = (uint16_t)(record >> ILV__RECORD_WHAT & 0x1f),
    };
}

/* ---- records meet -------------------------------------------------------------------------- */

/* One record meets the new one. What is left of it stays. */
static void meet(struct ilv__visit *v, uint64_t *record, const uint32_t *site)
{
    uint64_t r = *record;
    uint64_t common = r & v->bytes;
    bool own = ilv__race_slot_of(r) == v->actor->slot;
    if (ilv__race_stands_for(r, (v->new & ~ILV__RECORD_BYTES) | v->bytes)) {
        v->superfluous = true;
        return;
    }
    if (ilv__race_same_kind(r, v->new) && (!v->race->sites || *site == v->access->site)) {
        v->new |= ILV__RECORD_BYTES &r;
        v->merged = true;
        *record = r & ~ILV__RECORD_BYTES;
        return;
    }
    if (common == 0) {
        return;
    }
    if (!own && (v->access->what & ILV_RACE_ATOMIC) != 0) {
        v->result |= ILV_RACE_SHARED;
    }
    if (v->actor->known[ilv__race_slot_of(r)] >= r >> 32) {
        *record = ilv__race_as_strong(v->new, r) ? r & ~common : r;
    } else if (ilv__race_conflict(r, v->new)) {
        tell(v, r & (~ILV__RECORD_BYTES | common), v->race->sites ? *site : 0);
    }
}

static void meet_list(struct ilv__visit *v)
{
    for (uint32_t ref = ilv__race_list(&v->leaf->cell[v->word]); ref != 0;) {
        struct ilv__race_node *node = ilv__race_at(v->race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            if (ilv__race_is_live(node->record[i])) {
                meet(v, &node->record[i], &node->site[i]);
            }
            if (ilv__race_is_live(node->record[i])) {
                v->left++;
            } else {
                v->hole = &node->record[i];
                v->hole_site = &node->site[i];
            }
        }
        ref = node->next;
    }
}

/* A list with at most one record left is none: the record goes into the cell. */
static void shrink_list(struct ilv__visit *v)
{
    uint64_t last = 0;
    uint32_t last_site = 0;
    for (uint32_t ref = ilv__race_list(&v->leaf->cell[v->word]); ref != 0;) {
        const struct ilv__race_node *node = ilv__race_at(v->race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            if (ilv__race_is_live(node->record[i])) {
                last = node->record[i];
                last_site = node->site[i];
            }
        }
        ref = node->next;
    }
    ilv__race_drop_list(v->race, v->leaf, v->word);
    v->leaf->cell[v->word].record[1] = last;
    if (v->race->sites) {
        v->leaf->site[v->word][1] = last_site;
    }
}

/* The list, which may be none, gets another part, with room. */
static bool extend_list(struct ilv__visit *v)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t before = ilv__race_list(cell);
    uint32_t ref = ilv__race_take_from(v->race, &v->race->free_node, sizeof(struct ilv__race_node));
    if (ref == 0) {
        return false;
    }
    struct ilv__race_node *node = ilv__race_at(v->race, ref);
    memset(node, 0, sizeof *node);
    node->next = before;
    if (before == 0) {
        node->record[0] = cell->record[1];
        node->site[0] = v->race->sites ? v->leaf->site[v->word][1] : 0;
        v->leaf->lists++;
    }
    cell->record[1] = (uint64_t)ref << 32 | ILV__RECORD_MORE;
    v->hole = &node->record[1];
    v->hole_site = &node->site[1];
    return true;
}

/* The cell's first place is needed: its record goes to the second, or into the list. */
static void move_first(struct ilv__visit *v, uint64_t first)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t *site = v->leaf->site[v->word];
    if ((cell->record[1] & (ILV__RECORD_BYTES | ILV__RECORD_MORE)) == 0) {
        v->hole = &cell->record[1];
        v->hole_site = &site[1];
    } else if (v->hole == NULL && !extend_list(v)) {
        return;
    }
    *v->hole = first;
    if (v->race->sites) {
        *v->hole_site = site[0];
    }
}

static void insert(struct ilv__visit *v)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint64_t marked = cell->record[0] & ILV__RECORD_MARKED;
    if (ilv__race_is_live(cell->record[0])) {
        move_first(v, cell->record[0] ^ marked);
    }
    cell->record[0] = v->new | marked;
    if (v->race->sites) {
        v->leaf->site[v->word][0] = v->access->site;
    }
}

bool ilv__race_visit(struct ilv__visit *v, uint64_t new)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t *site = v->leaf->site[v->word];
    unsigned result = v->result;
    v->new = new;
    v->bytes = ILV__RECORD_BYTES & new;
    v->superfluous = v->merged = false;
    v->left = 0;
    v->hole = NULL;
    if (ilv__race_is_live(cell->record[0])) {
        meet(v, &cell->record[0], &site[0]);
    }
    if (ilv__race_is_live(cell->record[1])) {
        meet(v, &cell->record[1], &site[1]);
    } else if (ilv__race_list(cell) != 0) {
        meet_list(v);
    }
    if (ilv__race_list(cell) != 0 && v->left <= 1) {
        shrink_list(v);
        v->hole = NULL;
    }
    if (v->superfluous) {
        v->result &= result | ~(unsigned)ILV_RACE_FOUND;
    }
    if (!v->superfluous || v->merged) {
        insert(v);
    }
    return !v->superfluous;
}
