/* SPDX-License-Identifier: MIT */
#include "race_oracle.h"

#include <stdlib.h>
#include <string.h>

#include "race.h"

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

struct set {
    uint64_t bits[ORACLE_OPS / 64];
};

static struct node {
    struct race_op op;
    struct set before; /* all that is ordered before it */
    struct set read;   /* what a relaxed load could acquire by a later fence */
    uint64_t alive;    /* bytes that are still the same memory */
    bool over;         /* what it released is forgotten */
} node[ORACLE_OPS];
static unsigned count;
static int last[ORACLE_ACTORS];

static void put(struct set *set, unsigned i)
{
    set->bits[i / 64] |= UINT64_C(1) << i % 64;
}

static bool has(const struct set *set, unsigned i)
{
    return (set->bits[i / 64] >> i % 64 & 1) != 0;
}

static void unite(struct set *set, const struct set *other)
{
    for (unsigned i = 0; i < ORACLE_OPS / 64; i++) {
        set->bits[i] |= other->bits[i];
    }
}

static void order(unsigned before, struct node *after)
{
    unite(&after->before, &node[before].before);
    put(&after->before, before);
}

static void order_all(const struct set *before, struct node *after)
{
    for (unsigned i = 0; i < count; i++) {
        if (has(before, i)) {
            order(i, after);
        }
    }
}

static bool acquires(unsigned o)
{
    return o == CONSUME || o == ACQUIRE || o == ACQ_REL || o == SEQ_CST;
}

static bool releases(unsigned o)
{
    return o == RELEASE || o == ACQ_REL || o == SEQ_CST;
}

static bool is_store(const struct race_op *op)
{
    return op->kind == OP_ATOMIC && (op->what & ILV_RACE_WRITE) != 0;
}

static bool stores_there(unsigned i, uint64_t address)
{
    return is_store(&node[i].op) && node[i].op.address == address && !node[i].over;
}

/* Whether the value that store v left is part of a release sequence that store a would head. */
static bool in_sequence(unsigned a, unsigned v)
{
    for (unsigned i = a + 1; i <= v; i++) {
        if (stores_there(i, node[v].op.address) && !node[i].op.reads &&
            node[i].op.actor != node[a].op.actor) {
            return false;
        }
    }
    return true;
}

/* The operations that release what one gets who reads the value that store v left. */
static struct set sources(unsigned v)
{
    struct set set = {{0}};
    for (unsigned a = 0; a <= v; a++) {
        if (!stores_there(a, node[v].op.address) || !in_sequence(a, v)) {
            continue;
        }
        if (releases(node[a].op.order)) {
            put(&set, a);
        }
        for (unsigned f = 0; f < a; f++) {
            if (node[f].op.kind == OP_FENCE && node[f].op.actor == node[a].op.actor &&
                releases(node[f].op.order)) {
                put(&set, f);
            }
        }
    }
    return set;
}

/* What was released at this address: annotations, and the value that is there. */
static struct set released_at(uint64_t address)
{
    struct set set = {{0}};
    unsigned v = count;
    while (v > 0 && !stores_there(v - 1, address)) {
        v--;
    }
    if (v > 0) {
        set = sources(v - 1);
    }
    for (unsigned i = 0; i < count; i++) {
        bool noted = node[i].op.kind == OP_RELEASE_AT || node[i].op.kind == OP_REPLACE_AT;
        if (noted && node[i].op.address == address && !node[i].over) {
            put(&set, i);
        }
    }
    return set;
}

static void read_atomic(struct node *n)
{
    struct set set = released_at(n->op.address);
    if (acquires(n->op.order)) {
        order_all(&set, n);
    } else {
        n->read = set;
    }
}

static void fence(struct node *n)
{
    for (unsigned i = 0; i < count && acquires(n->op.order); i++) {
        if (node[i].op.actor == n->op.actor) {
            order_all(&node[i].read, n);
        }
    }
}

static void acquire_channel(struct node *n)
{
    for (unsigned i = 0; i < count; i++) {
        bool released = node[i].op.kind == OP_RELEASE || node[i].op.kind == OP_REPLACE;
        if (released && node[i].op.channel == n->op.channel && !node[i].over) {
            order(i, n);
        }
    }
}

static void forget_channel(unsigned channel)
{
    for (unsigned i = 0; i < count; i++) {
        bool released = node[i].op.kind == OP_RELEASE || node[i].op.kind == OP_REPLACE;
        node[i].over = node[i].over || (released && node[i].op.channel == channel);
    }
}

static void forget_at(uint64_t address, unsigned size)
{
    for (unsigned i = 0; i < count; i++) {
        enum race_op_kind kind = node[i].op.kind;
        bool at = kind == OP_ATOMIC || kind == OP_RELEASE_AT || kind == OP_REPLACE_AT;
        node[i].over = node[i].over || (at && node[i].op.address - address < size);
    }
}

static uint64_t bytes_of(const struct race_op *op, uint64_t address, unsigned size)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < op->size; i++) {
        bytes |= (uint64_t)(op->address + i - address < size) << i;
    }
    return bytes;
}

static void fresh(const struct race_op *op)
{
    forget_at(op->address, op->size);
    for (unsigned i = 0; i < count; i++) {
        node[i].alive &= ~bytes_of(&node[i].op, op->address, op->size);
    }
}

static void act(struct node *n)
{
    if (n->op.kind == OP_ATOMIC && n->op.reads) {
        read_atomic(n);
    } else if (n->op.kind == OP_FENCE) {
        fence(n);
    } else if (n->op.kind == OP_ACQUIRE) {
        acquire_channel(n);
    } else if (n->op.kind == OP_REPLACE) {
        forget_channel(n->op.channel);
    } else if (n->op.kind == OP_ACQUIRE_AT) {
        struct set set = released_at(n->op.address);
        order_all(&set, n);
    } else if (n->op.kind == OP_REPLACE_AT) {
        forget_at(n->op.address, 1);
    } else if (n->op.kind == OP_JOIN && last[n->op.other] >= 0) {
        order((unsigned)last[n->op.other], n);
    } else if (n->op.kind == OP_FRESH) {
        fresh(&n->op);
    }
}

unsigned oracle_add(const struct race_op *op)
{
    if (count == ORACLE_OPS || op->actor >= ORACLE_ACTORS) {
        abort();
    }
    struct node *n = &node[count];
    memset(n, 0, sizeof *n);
    n->op = *op;
    n->alive = ~UINT64_C(0);
    if (last[op->actor] >= 0) {
        order((unsigned)last[op->actor], n);
    }
    act(n);
    last[op->actor] = (int)count;
    if (op->kind == OP_CREATE) {
        last[op->other] = (int)count;
    }
    return count++;
}

void oracle_begin(void)
{
    count = 0;
    for (unsigned i = 0; i < ORACLE_ACTORS; i++) {
        last[i] = -1;
    }
}

unsigned oracle_count(void)
{
    return count;
}

const struct race_op *oracle_op(unsigned i)
{
    return &node[i].op;
}

static bool is_access(const struct race_op *op)
{
    return op->kind == OP_ACCESS || op->kind == OP_ATOMIC;
}

bool oracle_race(unsigned a, unsigned b, uint64_t address, unsigned size)
{
    const struct race_op *x = &node[a].op;
    const struct race_op *y = &node[b].op;
    bool conflict = is_access(x) && is_access(y) && x->actor != y->actor &&
                    ((x->what | y->what) & ILV_RACE_WRITE) != 0 &&
                    (x->what & y->what & ILV_RACE_ATOMIC) == 0;
    if (!conflict || has(&node[b].before, a)) {
        return false;
    }
    for (unsigned i = 0; i < x->size; i++) {
        uint64_t byte = x->address + i;
        bool alive = (node[a].alive >> i & 1) != 0;
        if (alive && byte - address < size && byte - y->address < y->size) {
            return true;
        }
    }
    return false;
}
