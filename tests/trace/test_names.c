/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ilv_test.h"
#include "rng.h"
#include "trace.h"

/* T0, T0.1, T0.2, T0.2.1, T0/1, T0/1.1, T0.10 */
static const struct ilv_task_info tree[] = {
    {.index = 0, .parent = 0},
    {.index = 1, .parent = 0, .nth = 1},
    {.index = 2, .parent = 0, .nth = 2},
    {.index = 3, .parent = 2, .nth = 1},
    {.index = 4, .parent = 0, .nth = 1, .process = 1},
    {.index = 5, .parent = 4, .nth = 1},
    {.index = 6, .parent = 0, .nth = 10},
};
static const char *const paths[] = {"T0", "T0.1", "T0.2", "T0.2.1", "T0/1", "T0/1.1", "T0.10"};
#define TREE (sizeof tree / sizeof tree[0])

static void paths_tell_the_way_of_creation(void)
{
    for (unsigned t = 0; t < TREE; t++) {
        char path[64];
        ILV_CHECK_STR(ilv_task_path(tree, t, path, sizeof path), paths[t]);
    }
}

static void long_paths_are_cut_and_terminated(void)
{
    char path[8];
    memset(path, 'x', sizeof path);
    ILV_CHECK_STR(ilv_task_path(tree, 5, path, 5), "T0/1");
    ILV_CHECK_INT(path[5], 'x');
    ILV_CHECK_STR(ilv_task_path(tree, 5, path, 1), "");
    path[0] = 'x';
    (void)ilv_task_path(tree, 5, path, 0);
    ILV_CHECK_INT(path[0], 'x');
}

static void ids_are_those_of_the_path(void)
{
    uint64_t ids[TREE];
    for (unsigned t = 0; t < TREE; t++) {
        const struct ilv_task_info *task = &tree[t];
        ids[t] = t == 0 ? ilv_task_root_id()
                        : ilv_task_child_id(ids[task->parent], task->nth, task->process);
        uint64_t id = 0;
        ILV_CHECK_INT(ilv_task_id_of_path(paths[t], &id), 0);
        ILV_CHECK_U64(id, ids[t]);
        for (unsigned other = 0; other < t; other++) {
            ILV_CHECK(ids[other] != ids[t]);
        }
    }
}

/* Ids are written to files. */
static void ids_are_for_ever(void)
{
    ILV_CHECK_U64(ilv_task_root_id(), UINT64_C(0x09350007b5c731a9));
    ILV_CHECK_U64(ilv_task_child_id(ilv_task_root_id(), 1, 0), UINT64_C(0x0b8a898ef6da4803));
}

static void what_is_no_path_is_refused(void)
{
    static const char *const wrong[] = {
        "",      "T",   "T1",  "t0",   "T0.",   "T0.0",   "T0.01",    "T0..1",         "T0.1x",
        "T0.1 ", "T00", "T0/", "T0-1", "T0.-1", "T0.1.0", "T0.65536", "T0.99999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t id = 42;
        ILV_CHECK(ilv_task_id_of_path(wrong[i], &id) < 0);
        ILV_CHECK_U64(id, 42);
    }
    uint64_t id = 0;
    ILV_CHECK_INT(ilv_task_id_of_path("T0.65535", &id), 0);
}

static void order_is_parents_first_then_siblings_by_number(void)
{
    static const unsigned in_order[] = {0, 1, 4, 5, 2, 3, 6};
    for (unsigned a = 0; a < TREE; a++) {
        for (unsigned b = 0; b < TREE; b++) {
            int order = ilv_task_order(tree, in_order[a], in_order[b]);
            ILV_CHECK_INT((order > 0) - (order < 0), (a > b) - (a < b));
        }
    }
}

/* The order does not depend on when the tasks were made: indices are dealt out anew. */
static void order_is_total_on_random_trees(void)
{
    struct ilv_rng rng;
    ilv_rng_seed(&rng, ilv_test_seed(1));
    struct ilv_task_info random[40] = {{0}};
    uint16_t children[40] = {0};
    for (uint16_t t = 1; t < 40; t++) {
        uint16_t parent = (uint16_t)ilv_rng_below(&rng, t);
        random[t] = (struct ilv_task_info){
            .index = t, .parent = parent, .nth = ++children[parent], .process = t % 3 == 0};
    }
    for (unsigned i = 0; i < 20000; i++) {
        unsigned a = ilv_rng_below(&rng, 40);
        unsigned b = ilv_rng_below(&rng, 40);
        unsigned c = ilv_rng_below(&rng, 40);
        int ab = ilv_task_order(random, a, b);
        bool transitive =
            !(ab < 0 && ilv_task_order(random, b, c) < 0) || ilv_task_order(random, a, c) < 0;
        if (!ILV_CHECK(transitive) || !ILV_CHECK((ab == 0) == (a == b)) ||
            !ILV_CHECK((ab < 0) == (ilv_task_order(random, b, a) > 0))) {
            return;
        }
    }
}

static void a_broken_table_ends_the_walk(void)
{
    static const struct ilv_task_info broken[] = {
        {.parent = 2}, {.parent = 65535, .nth = 3}, {.parent = 1, .nth = 7}};
    char path[32];
    ILV_CHECK_STR(ilv_task_path(broken, 2, path, sizeof path), "T0.7");
    ILV_CHECK_STR(ilv_task_path(broken, 1, path, sizeof path), "T0");
    ILV_CHECK(ilv_task_order(broken, 0, 2) != 0);
}

static void objects_are_named_by_class_number_and_creator(void)
{
    char name[64];
    struct ilv_object_info object = {.cls = ILV_CLASS_MUTEX, .nth = 3};
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "M3");
    object.creator = 3;
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "M3@T0.2.1");
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, 6), "M3@T0");
    object = (struct ilv_object_info){.cls = ILV_CLASS_CLOCK};
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "CLK");
    object = (struct ilv_object_info){.cls = 250};
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "?");
}

static void a_task_as_an_object_has_its_path(void)
{
    char name[64];
    struct ilv_object_info object = {.cls = ILV_CLASS_TASK, .address = 3, .nth = 4};
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "T0.2.1");
    object.address = 0;
    ILV_CHECK_STR(ilv_object_name(tree, &object, name, sizeof name), "T0");
}

ILV_SUITE(names, ILV_TEST(paths_tell_the_way_of_creation),
          ILV_TEST(long_paths_are_cut_and_terminated), ILV_TEST(ids_are_those_of_the_path),
          ILV_TEST(ids_are_for_ever), ILV_TEST(what_is_no_path_is_refused),
          ILV_TEST(order_is_parents_first_then_siblings_by_number),
          ILV_TEST(order_is_total_on_random_trees), ILV_TEST(a_broken_table_ends_the_walk),
          ILV_TEST(objects_are_named_by_class_number_and_creator),
          ILV_TEST(a_task_as_an_object_has_its_path));
