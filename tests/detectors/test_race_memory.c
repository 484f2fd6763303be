/* SPDX-License-Identifier: MIT */
/* The race detector's interface: marks, ranges of megabytes, limits, the row, findings. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ilv_test.h"
#include "race_script.h"

#define MEMORY ((size_t)1 << 30)
#define MEGABYTE ((uint32_t)1 << 20)

static struct ilv_race *begin(size_t size, uint32_t max_tasks)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return ilv_race_begin(memory, size, max_tasks, 16);
}

static unsigned access_of(struct ilv_race *race, unsigned task, uint64_t address, uint32_t size,
                          unsigned what, struct ilv_race_pair *pair)
{
    struct ilv_race_access access = {.address = address,
                                     .size = size,
                                     .step = 1,
                                     .task = (uint16_t)task,
                                     .what = (uint16_t)what};
    return ilv_race_access(race, &access, pair);
}

/* ---- what comes of an access -------------------------------------------------------------- */

static void a_second_access_of_an_epoch_is_the_same(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ILV_CHECK(!ilv_race_same(race, 0, x, 4, 1));
    ILV_CHECK_INT(access_of(race, 0, x, 4, ILV_RACE_WRITE, &pair), 0);
    ILV_CHECK(ilv_race_same(race, 0, x, 4, 1));
    ILV_CHECK(ilv_race_same(race, 0, x + 1, 2, 0));
    ILV_CHECK(!ilv_race_same(race, 0, x, 8, 0));
    ILV_CHECK_INT(access_of(race, 0, x + 1, 2, ILV_RACE_READ, &pair), ILV_RACE_SAME);
    ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
    ILV_CHECK(!ilv_race_same(race, 0, x, 4, 1));
}

static void a_write_is_not_the_same_as_a_read(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    access_of(race, 0, x, 8, ILV_RACE_READ, &pair);
    ILV_CHECK(ilv_race_same(race, 0, x, 8, 0));
    ILV_CHECK(!ilv_race_same(race, 0, x, 8, 1));
    access_of(race, 0, x, 8, ILV_RACE_WRITE | ILV_RACE_ATOMIC, &pair);
    ILV_CHECK(!ilv_race_same(race, 0, x, 8, 1));
}

static void a_second_record_of_the_word_is_looked_at_too(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, x, 8, ILV_RACE_READ, &pair);
    access_of(race, 1, x, 8, ILV_RACE_READ, &pair);
    ILV_CHECK(ilv_race_same(race, 0, x, 8, 0));
    ILV_CHECK(ilv_race_same(race, 1, x, 8, 0));
}

static void an_atomic_place_is_shared_once_another_task_came(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    struct ilv_race_access access = {
        .address = race_script_place('x'), .size = 4, .step = 1, .what = ILV_RACE_ATOMIC};
    ilv_race_task_begin(race, 1, 0);
    ILV_CHECK_INT(ilv_race_atomic(race, &access, true, 0, &pair), 0);
    ILV_CHECK(!ilv_race_shared(race, 0, access.address, 4));
    ILV_CHECK(!ilv_race_shared(race, 1, access.address + 4, 4));
    ILV_CHECK(ilv_race_shared(race, 1, access.address, 4));
    access.task = 1;
    ILV_CHECK_INT(ilv_race_atomic(race, &access, true, 0, &pair), ILV_RACE_SHARED);
    ILV_CHECK(ilv_race_shared(race, 0, access.address + 3, 9));
}

static void both_accesses_are_told_with_site_and_step(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    struct ilv_race_access first = {
        .address = x, .size = 8, .site = 71, .step = 5, .what = ILV_RACE_WRITE | ILV_RACE_LIBC};
    struct ilv_race_access second = {
        .address = x + 4, .size = 4, .site = 72, .step = 9, .task = 1, .what = ILV_RACE_VPTR};
    ilv_race_task_begin(race, 1, 0);
    ilv_race_access(race, &first, &pair);
    ILV_CHECK_INT(ilv_race_access(race, &second, &pair), ILV_RACE_FOUND);
    ILV_CHECK(memcmp(&pair.later, &second, sizeof second) == 0);
    ILV_CHECK_U64(pair.earlier.address, x + 4);
    ILV_CHECK_INT(pair.earlier.size, 4);
    ILV_CHECK_INT(pair.earlier.site, 71);
    ILV_CHECK_INT(pair.earlier.step, 5);
    ILV_CHECK_INT(pair.earlier.task, 0);
    ILV_CHECK_INT(pair.earlier.what, ILV_RACE_WRITE | ILV_RACE_LIBC);
}

static unsigned access_at(struct ilv_race *race, uint64_t address, uint32_t size, unsigned what,
                          uint32_t site)
{
    struct ilv_race_pair pair;
    struct ilv_race_access access = {
        .address = address, .size = size, .site = site, .step = 1, .what = (uint16_t)what};
    return ilv_race_access(race, &access, &pair);
}

static void accesses_of_two_sites_are_told_apart(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    for (uint32_t i = 0; i < 8; i++) {
        ILV_CHECK_INT(access_at(race, x + i, 1, ILV_RACE_WRITE, 30 + i), 0);
    }
    for (uint32_t i = 0; i < 8; i++) {
        ILV_CHECK_INT(access_of(race, 1, x + i, 1, ILV_RACE_WRITE, &pair), ILV_RACE_FOUND);
        ILV_CHECK_INT(pair.earlier.site, 30 + i);
    }
}

static void what_is_superfluous_takes_nothing_with_it(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    access_at(race, x, 4, ILV_RACE_READ, 1);
    access_at(race, x + 4, 4, ILV_RACE_WRITE, 2);
    ILV_CHECK_INT(access_at(race, x + 4, 1, ILV_RACE_READ, 1), ILV_RACE_SAME);
    ILV_CHECK_INT(access_of(race, 1, x, 1, ILV_RACE_WRITE, &pair), ILV_RACE_FOUND);
}

/* ---- ranges ------------------------------------------------------------------------------- */

static void ranges_of_megabytes_race_at_their_ends(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t from = race_script_place('x') + 3;
    uint32_t size = 5 * MEGABYTE;
    ilv_race_task_begin(race, 1, 0);
    ILV_CHECK_INT(access_of(race, 0, from, size, ILV_RACE_WRITE, &pair), 0);
    ILV_CHECK_INT(access_of(race, 1, from - 1, 1, ILV_RACE_READ, &pair), 0);
    ILV_CHECK_INT(access_of(race, 1, from, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(access_of(race, 1, from + size, 1, ILV_RACE_READ, &pair), 0);
    ILV_CHECK_INT(access_of(race, 1, from + size - 1, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(access_of(race, 1, from + size / 2, 8, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
}

static void fresh_megabytes_have_no_past(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t from = race_script_place('x');
    uint32_t size = 5 * MEGABYTE;
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, from, size, ILV_RACE_WRITE, &pair);
    ilv_race_fresh(race, from + 1, size - 2);
    ILV_CHECK_INT(access_of(race, 1, from + 1, size - 2, ILV_RACE_WRITE, &pair), 0);
    ILV_CHECK_INT(access_of(race, 1, from, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(access_of(race, 1, from + size - 1, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
}

static void all_of_memory_may_be_fresh(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, x, 8, ILV_RACE_WRITE, &pair);
    ilv_race_fresh(race, 0, UINT64_C(1) << 47);
    ILV_CHECK_INT(access_of(race, 1, x, 8, ILV_RACE_WRITE, &pair), 0);
}

static void a_page_that_was_written_at_once_is_known_to_the_byte(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t page = race_script_place('x') & ~UINT64_C(4095);
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, page, 8192, ILV_RACE_WRITE, &pair);
    ILV_CHECK_INT(access_of(race, 0, page, 4096, ILV_RACE_READ, &pair), ILV_RACE_SAME);
    ILV_CHECK(ilv_race_shared(race, 1, page + 4095, 1));
    ILV_CHECK(!ilv_race_shared(race, 0, page, 4096));
    ilv_race_fresh(race, page + 4097, 6);
    ILV_CHECK_INT(access_of(race, 1, page + 4097, 6, ILV_RACE_WRITE, &pair), 0);
    ILV_CHECK_INT(access_of(race, 1, page + 4103, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(access_of(race, 1, page + 77, 2, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_U64(pair.earlier.address - page, 77);
    ILV_CHECK_INT(pair.earlier.size, 2);
}

static void pages_that_were_written_at_once_have_their_site(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t page = race_script_place('x') & ~UINT64_C(4095);
    ilv_race_task_begin(race, 1, 0);
    access_at(race, page, 4096, ILV_RACE_WRITE, 44);
    ILV_CHECK_INT(access_of(race, 1, page + 8, 8, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(pair.earlier.site, 44);
}

static void a_read_of_a_page_hides_no_write(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t page = race_script_place('x') & ~UINT64_C(4095);
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, page, 4096, ILV_RACE_WRITE, &pair);
    ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
    access_of(race, 0, page, 4096, ILV_RACE_READ, &pair);
    ILV_CHECK_INT(access_of(race, 1, page, 4096, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
}

static void a_page_that_was_given_back_at_once_races(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t page = race_script_place('x') & ~UINT64_C(4095);
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, page, 8192, ILV_RACE_WRITE, &pair);
    access_of(race, 0, page, 8192, ILV_RACE_WRITE | ILV_RACE_FREE, &pair);
    ILV_CHECK_INT(access_of(race, 1, page, 8192, ILV_RACE_WRITE, &pair), ILV_RACE_FOUND);
    ILV_CHECK_INT(pair.earlier.what, ILV_RACE_WRITE | ILV_RACE_FREE);
}

static void a_mark_in_a_page_that_was_written_at_once_stays(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t page = race_script_place('x') & ~UINT64_C(4095);
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, page, 4096, ILV_RACE_WRITE, &pair);
    ilv_race_mark_set(race, page + 800, 5);
    access_of(race, 0, page, 4096, ILV_RACE_WRITE, &pair);
    ILV_CHECK_INT(ilv_race_mark(race, page + 800), 5);
    ILV_CHECK_INT(access_of(race, 1, page + 808, 1, ILV_RACE_READ, &pair), ILV_RACE_FOUND);
}

/* ---- marks -------------------------------------------------------------------------------- */

static void a_mark_stays_through_accesses(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    ILV_CHECK_INT(ilv_race_mark(race, x), 0);
    ILV_CHECK(ilv_race_mark_set(race, x + 3, 77));
    for (unsigned i = 0; i < 6; i++) {
        access_of(race, i % 2, x, 4, ILV_RACE_WRITE, &pair);
        access_of(race, i % 2, x + 4, 4, ILV_RACE_READ, &pair);
        ilv_race_sync(race, i % 2, 1, ILV_RACE_RELEASE);
        ILV_CHECK_INT(ilv_race_mark(race, x + 7), 77);
    }
    ILV_CHECK_INT(ilv_race_mark(race, x + 8), 0);
}

static void a_marked_word_is_never_passed_over(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    access_of(race, 0, x, 8, ILV_RACE_WRITE, &pair);
    ILV_CHECK(ilv_race_same(race, 0, x, 8, 1));
    ilv_race_mark_set(race, x, 1);
    ILV_CHECK(!ilv_race_same(race, 0, x, 8, 1));
    ILV_CHECK_INT(access_of(race, 0, x, 8, ILV_RACE_WRITE, &pair), ILV_RACE_SAME);
    ilv_race_mark_set(race, x, 0);
    ILV_CHECK(ilv_race_same(race, 0, x, 8, 1));
}

static void fresh_memory_has_no_marks(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    uint64_t x = race_script_place('x');
    ilv_race_mark_set(race, x, 1);
    ilv_race_mark_set(race, x + 8, 2);
    ilv_race_fresh(race, x, 8);
    ILV_CHECK_INT(ilv_race_mark(race, x), 0);
    ILV_CHECK_INT(ilv_race_mark(race, x + 8), 2);
}

static void the_next_mark_is_found_over_pages(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    uint64_t x = race_script_place('x');
    ilv_race_mark_set(race, x + 40000, 1);
    ILV_CHECK_U64(ilv_race_next_mark(race, x, x + 100000) - x, 40000);
    ILV_CHECK_U64(ilv_race_next_mark(race, x, x + 40000) - x, 40000);
    ILV_CHECK_U64(ilv_race_next_mark(race, x + 40008, x + 100000) - x, 100000);
    ILV_CHECK_U64(ilv_race_next_mark(race, x + 40000, x + 40001) - x, 40000);
}

/* ---- who knows what ----------------------------------------------------------------------- */

static void tasks_are_ordered_when_all_is_known(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    ILV_CHECK(ilv_race_ordered(race, 0, 1));
    access_of(race, 0, x, 8, ILV_RACE_WRITE, &pair);
    ILV_CHECK(!ilv_race_ordered(race, 0, 1));
    ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
    ILV_CHECK(!ilv_race_ordered(race, 0, 1));
    ilv_race_sync(race, 1, 1, ILV_RACE_ACQUIRE);
    ILV_CHECK(ilv_race_ordered(race, 0, 1));
    ILV_CHECK(ilv_race_ordered(race, 1, 0));
}

/* ---- limits ------------------------------------------------------------------------------- */

static void a_full_memory_says_so_and_accuses_nobody(void)
{
    struct ilv_race *race = begin(ilv_race_least(2, 16), 2);
    struct ilv_race_pair pair;
    uint64_t x = race_script_place('x');
    unsigned result = 0;
    ilv_race_task_begin(race, 1, 0);
    for (uint64_t i = 0; i < 1000 && result == 0; i++) {
        result = access_of(race, 0, x + i * 4096, 1, ILV_RACE_WRITE, &pair);
    }
    ILV_CHECK_INT(result, ILV_RACE_FULL);
    ILV_CHECK_INT(access_of(race, 1, x, 1, ILV_RACE_WRITE, &pair), ILV_RACE_FULL);
    ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
    ilv_race_sync(race, 1, 1, ILV_RACE_ACQUIRE);
}

static void tasks_beyond_the_table_are_told(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    ilv_race_task_begin(race, 4, 0);
    ILV_CHECK_INT(access_of(race, 0, race_script_place('x'), 1, 0, &pair), ILV_RACE_FULL);
}

static void wild_addresses_are_passed_over(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint64_t wild = UINT64_C(0xffffffffff600000);
    ilv_race_task_begin(race, 1, 0);
    ILV_CHECK_INT(access_of(race, 0, wild, 8, ILV_RACE_WRITE, &pair) & ILV_RACE_FULL, 0);
    ILV_CHECK_INT(access_of(race, 1, wild, 8, ILV_RACE_WRITE, &pair) & ILV_RACE_FULL, 0);
    ILV_CHECK_INT(access_of(race, 0, UINT64_MAX - 2, 8, 0, &pair) & ILV_RACE_FULL, 0);
    ILV_CHECK(!ilv_race_mark_set(race, wild, 1));
    ilv_race_fresh(race, wild, UINT64_MAX);
    access_of(race, 0, 8, 8, ILV_RACE_WRITE, &pair);
    ILV_CHECK_INT(access_of(race, 1, 8, 8, ILV_RACE_WRITE, &pair), ILV_RACE_FOUND);
}

/* Bytes of memory that are in use behind the fixed part. */
static size_t resident(const struct ilv_race *race)
{
    const size_t page = 4096;
    const size_t many = 64;
    unsigned char in_use[64];
    size_t pages = 0;
    uintptr_t at = ((uintptr_t)race + ilv_race_least(4, 16) + page - 1) & ~(uintptr_t)(page - 1);
    for (uintptr_t end = (uintptr_t)race + MEMORY; at + many * page <= end; at += many * page) {
        mincore((void *)at, many * page, in_use);
        for (size_t k = 0; k < many; k++) {
            pages += in_use[k] & 1;
        }
    }
    return pages * page;
}

static void what_is_kept_is_two_bytes_for_one(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    uint32_t size = 16 * MEGABYTE;
    for (uint32_t at = 0; at < size; at += 64) {
        access_of(race, 0, race_script_place('x') + at, 64, ILV_RACE_WRITE, &pair);
    }
    ILV_CHECK(resident(race) <= (size_t)33 * MEGABYTE);
}

static void of_pages_written_at_once_hardly_anything_is_kept(void)
{
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    access_of(race, 0, race_script_place('x'), 16 * MEGABYTE, ILV_RACE_WRITE, &pair);
    ILV_CHECK(resident(race) <= (size_t)MEGABYTE / 4);
}

/* ---- as a detector ------------------------------------------------------------------------ */

static void the_row_hands_steps_to_its_engine(void)
{
    const struct ilv_detector *row = ilv_detector(ILV_DETECTOR_race);
    void *state = calloc(1, row->size(4, 16));
    struct ilv_race *race = begin(MEMORY, 4);
    struct ilv_race_pair pair;
    struct ilv_view view = {.object_count = 16};
    struct ilv_step step = {.kind = ILV_EV_SEM_POST, .object = 1};
    uint64_t x = race_script_place('x');
    ilv_race_task_begin(race, 1, 0);
    access_of(race, 0, x, 8, ILV_RACE_WRITE, &pair);
    row->begin(state, 4, 16);
    row->step(state, &view, &step);
    ilv_race_attach(state, race);
    row->step(state, &view, &step);
    step = (struct ilv_step){.kind = ILV_EV_SEM_WAIT, .object = 1, .task = 1};
    row->step(state, &view, &step);
    ILV_CHECK(ilv_race_ordered(race, 0, 1));
    free(state);
}

static void a_finding_tells_both_in_order(void)
{
    struct ilv_view view = {.step = 12};
    struct ilv_race_pair pair = {
        .earlier = {.task = 2, .step = 4, .site = 8, .what = ILV_RACE_WRITE | ILV_RACE_FREE},
        .later = {.task = 1, .step = 11, .site = 9, .what = ILV_RACE_READ}};
    struct ilv_finding f = ilv_race_finding(&view, &pair, 7);
    ILV_CHECK_INT(f.verdict, ILV_VERDICT_DATA_RACE);
    ILV_CHECK_INT(f.task, 1);
    ILV_CHECK_INT(f.step, 12);
    ILV_CHECK_INT(f.parts_used, 2);
    ILV_CHECK_INT(f.part[0].role, ILV_ROLE_FREED);
    ILV_CHECK_INT(f.part[0].task, 2);
    ILV_CHECK_INT(f.part[0].step, 4);
    ILV_CHECK_INT(f.part[0].site, 8);
    ILV_CHECK_INT(f.part[1].role, ILV_ROLE_READ);
    ILV_CHECK_INT(f.part[1].object, 7);
}

ILV_SUITE(race_memory, ILV_TEST(a_second_access_of_an_epoch_is_the_same),
          ILV_TEST(a_write_is_not_the_same_as_a_read),
          ILV_TEST(a_second_record_of_the_word_is_looked_at_too),
          ILV_TEST(an_atomic_place_is_shared_once_another_task_came),
          ILV_TEST(both_accesses_are_told_with_site_and_step),
          ILV_TEST(accesses_of_two_sites_are_told_apart),
          ILV_TEST(what_is_superfluous_takes_nothing_with_it),
          ILV_TEST(pages_that_were_written_at_once_have_their_site),
          ILV_TEST(a_read_of_a_page_hides_no_write),
          ILV_TEST(ranges_of_megabytes_race_at_their_ends), ILV_TEST(fresh_megabytes_have_no_past),
          ILV_TEST(all_of_memory_may_be_fresh),
          ILV_TEST(a_page_that_was_written_at_once_is_known_to_the_byte),
          ILV_TEST(a_page_that_was_given_back_at_once_races),
          ILV_TEST(a_mark_in_a_page_that_was_written_at_once_stays),
          ILV_TEST(a_mark_stays_through_accesses), ILV_TEST(a_marked_word_is_never_passed_over),
          ILV_TEST(fresh_memory_has_no_marks), ILV_TEST(the_next_mark_is_found_over_pages),
          ILV_TEST(tasks_are_ordered_when_all_is_known),
          ILV_TEST(a_full_memory_says_so_and_accuses_nobody),
          ILV_TEST(tasks_beyond_the_table_are_told), ILV_TEST(wild_addresses_are_passed_over),
          ILV_TEST(what_is_kept_is_two_bytes_for_one),
          ILV_TEST(of_pages_written_at_once_hardly_anything_is_kept),
          ILV_TEST(the_row_hands_steps_to_its_engine), ILV_TEST(a_finding_tells_both_in_order));
