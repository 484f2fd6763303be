/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "ilv_test.h"

/* Every variable has the name that the source gives it. Returns how many there were. */
static unsigned check_names(struct fixture *f)
{
    unsigned count = 0;
    for (unsigned i = 0; i < f->fact_count; i++) {
        const struct fact *fact = &f->fact[i];
        if (strcmp(fact->what, "data") != 0)
            continue;
        ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, fact->offset, fact->size), fact->name);
        count++;
    }
    return count;
}

static void check_c(struct fixture *f)
{
    ILV_CHECK_INT(check_names(f), 14);
}

static void check_cc(struct fixture *f)
{
    ILV_CHECK_INT(check_names(f), 4);
}

static void named_by_type_without_optimisation(void)
{
    fixture_each("O0", check_c);
}

static void named_by_type_with_optimisation(void)
{
    fixture_each("O2", check_c);
}

static void named_by_type_at_fixed_addresses(void)
{
    fixture_each("fixed", check_c);
}

static void cxx_names_are_demangled(void)
{
    fixture_each("cc", check_cc);
}

static const struct fact *find(const struct fixture *f, const char *name)
{
    for (unsigned i = 0; i < f->fact_count; i++)
        if (strcmp(f->fact[i].name, name) == 0)
            return &f->fact[i];
    return &f->fact[0];
}

static const char *name_of(struct fixture *f, const char *expected)
{
    const struct fact *fact = find(f, expected);
    return ilv_symbols_data(f->symbols, 1, fact->offset, fact->size);
}

static void check_symbol_table(struct fixture *f)
{
    ILV_CHECK_INT(ilv_symbols_state(f->symbols, 1), ILV_SYMBOLS_NAMES);
    ILV_CHECK_STR(name_of(f, "lock_a"), "lock_a");
    ILV_CHECK_STR(name_of(f, "forks[0]"), "forks");
    ILV_CHECK_STR(name_of(f, "forks[2]"), "forks+80");
    ILV_CHECK_STR(name_of(f, "bank.accounts[1].lock"), "bank+64");
}

static void named_by_symbol_and_distance_without_debug_information(void)
{
    fixture_each("names", check_symbol_table);
    fixture_each("fixed-names", check_symbol_table);
}

static void check_stripped(struct fixture *f)
{
    ILV_CHECK(name_of(f, "lock_a") == NULL);
    ILV_CHECK(name_of(f, "forks[2]") == NULL);
}

static void a_stripped_program_has_no_names(void)
{
    fixture_each("stripped", check_stripped);
}

static void check_outside(struct fixture *f)
{
    const struct fact *lock = find(f, "lock_a");
    ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, lock->offset + 8, 0), "lock_a+8");
    ILV_CHECK(ilv_symbols_data(f->symbols, 1, 0, 8) == NULL);
    ILV_CHECK(ilv_symbols_data(f->symbols, 1, UINT64_C(1) << 40, 8) == NULL);
    ILV_CHECK(ilv_symbols_data(f->symbols, 0, lock->offset, 8) == NULL);
    ILV_CHECK(ilv_symbols_data(f->symbols, 2, lock->offset, 8) == NULL);
}

static void what_lies_in_no_variable_has_no_name(void)
{
    fixture_each("O2", check_outside);
}

static void check_size(struct fixture *f)
{
    const struct fact *fact = find(f, "bank.accounts[0].balance");
    ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, fact->offset, 0), "bank.accounts[0].balance");
    ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, fact->offset, 48), "bank.accounts[0]");
    ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, fact->offset, 144), "bank.accounts");
    const struct fact *fork = find(f, "forks[0]");
    ILV_CHECK_STR(ilv_symbols_data(f->symbols, 1, fork->offset, 200), "forks");
}

static void the_size_says_how_deep_to_go(void)
{
    fixture_each("O0", check_size);
}

/* Checks the parts of the program's struct ilv_..., and what is none; returns how many there
 * were. */
static unsigned check_primitives(struct fixture *f)
{
    unsigned count = 0;
    for (unsigned i = 0; i < f->fact_count; i++) {
        const struct fact *fact = &f->fact[i];
        const char *name = ilv_symbols_primitive(f->symbols, 1, fact->offset);
        if (strcmp(fact->what, "primitive") == 0)
            ILV_CHECK_STR(name, fact->name);
        else if (strcmp(fact->what, "other") == 0)
            ILV_CHECK(name == NULL);
        else
            continue;
        count++;
    }
    return count;
}

static void check_the_whole(struct fixture *f)
{
    ILV_CHECK_INT(check_primitives(f), 4);
}

static void what_a_primitive_is_made_of_is_told_as_the_primitive(void)
{
    fixture_each("O0", check_the_whole);
    fixture_each("O2", check_the_whole);
}

static void check_hidden(struct fixture *f)
{
    const struct fact *kept = find(f, "kept");
    ILV_CHECK_STR(kept->what, "hidden");
    ILV_CHECK(ilv_symbols_data(f->symbols, 1, kept->offset, kept->size) == NULL);
}

static void what_our_primitives_keep_for_themselves_has_no_name(void)
{
    fixture_each("O0", check_hidden);
    fixture_each("O2", check_hidden);
}

static void check_memory(struct fixture *f)
{
    const struct fact *fact = find(f, "forks[2]");
    const char *first = ilv_symbols_data(f->symbols, 1, fact->offset, fact->size);
    ILV_CHECK(ilv_symbols_data(f->symbols, 1, fact->offset, fact->size) == first);
}

static void answers_are_remembered(void)
{
    fixture_each("O2", check_memory);
    fixture_each("names", check_memory);
}

ILV_SUITE(data, ILV_TEST(named_by_type_without_optimisation),
          ILV_TEST(named_by_type_with_optimisation), ILV_TEST(named_by_type_at_fixed_addresses),
          ILV_TEST(cxx_names_are_demangled),
          ILV_TEST(named_by_symbol_and_distance_without_debug_information),
          ILV_TEST(a_stripped_program_has_no_names), ILV_TEST(what_lies_in_no_variable_has_no_name),
          ILV_TEST(the_size_says_how_deep_to_go),
          ILV_TEST(what_a_primitive_is_made_of_is_told_as_the_primitive),
          ILV_TEST(what_our_primitives_keep_for_themselves_has_no_name),
          ILV_TEST(answers_are_remembered));
