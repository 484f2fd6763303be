/* SPDX-License-Identifier: MIT */
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "ilv_test.h"

#define C_FILE "tests/symbols/fixture.c"

static const struct fact *find(const struct fixture *f, const char *name)
{
    for (unsigned i = 0; i < f->fact_count; i++)
        if (strcmp(f->fact[i].name, name) == 0)
            return &f->fact[i];
    return &f->fact[0];
}

static struct ilv_site site_of(const struct fact *fact)
{
    return (struct ilv_site){.frame = {ilv_frame(1, fact->offset)}};
}

static unsigned check_places(struct fixture *f, const char *what, const char *file)
{
    unsigned count = 0;
    for (unsigned i = 0; i < f->fact_count; i++) {
        const struct fact *fact = &f->fact[i];
        struct ilv_site site = site_of(fact);
        struct ilv_place place;
        if (strcmp(fact->what, what) != 0)
            continue;
        ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
        ILV_CHECK_STR(place.function, fact->name);
        ILV_CHECK_STR(place.file, file);
        ILV_CHECK_INT(place.line, fact->line);
        ILV_CHECK(!place.system);
        count++;
    }
    return count;
}

static void check_c(struct fixture *f)
{
    ILV_CHECK_INT(check_places(f, "code", C_FILE), 2);
    ILV_CHECK_INT(check_places(f, "inline", C_FILE), 1);
}

/* A call in the library on top of one in the program. */
static void check_library(struct fixture *f)
{
    struct ilv_site site = {.frame = {ilv_frame(1, find(f, "call_library")->offset),
                                      ilv_frame(1, find(f, "worker")->offset)}};
    struct ilv_place place, frames[2];
    ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
    ILV_CHECK_STR(place.function, "worker");
    ILV_CHECK_INT(ilv_symbols_stack(f->symbols, &site, frames, 2), 2);
    ILV_CHECK(frames[0].system);
    ILV_CHECK_STR(frames[0].file, "libilv/src/thing.c");
    site.frame[1] = 0;
    ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
    ILV_CHECK_STR(place.function, "call_library");
}

static void a_call_in_our_primitives_is_told_where_the_program_called_them(void)
{
    fixture_each("O0", check_library);
    fixture_each("O2", check_library);
}

static void check_cc(struct fixture *f)
{
    ILV_CHECK_INT(check_places(f, "code", "tests/symbols/fixture.cc"), 2);
}

static void functions_and_lines_are_found(void)
{
    fixture_each("O0", check_c);
    fixture_each("O2", check_c);
}

static void functions_and_lines_are_found_at_fixed_addresses(void)
{
    fixture_each("fixed", check_c);
}

static void cxx_functions_are_demangled_without_parameters(void)
{
    fixture_each("cc", check_cc);
}

static void check_inlined(struct fixture *f)
{
    static const char *const names[] = {"innermost", "between", "worker"};
    struct ilv_place places[8];
    uint64_t offset = find(f, "innermost")->offset - 1;
    ILV_CHECK_INT(ilv_symbols_frames(f->symbols, 1, offset, places, 8), 3);
    for (unsigned i = 0; i < 3; i++) {
        ILV_CHECK_STR(places[i].function, names[i]);
        ILV_CHECK_STR(places[i].file, C_FILE);
        ILV_CHECK_INT(places[i].inlined, i < 2);
        ILV_CHECK(places[i].line > 0);
    }
    ILV_CHECK(places[1].line > places[0].line && places[2].line > places[1].line);
    ILV_CHECK_INT(ilv_symbols_frames(f->symbols, 1, offset, places, 2), 2);
}

static void inlined_functions_are_frames_of_their_own(void)
{
    fixture_each("O0", check_inlined);
    fixture_each("O2", check_inlined);
}

static void check_not_inlined(struct fixture *f)
{
    struct ilv_place places[8];
    uint64_t offset = find(f, "main")->offset - 1;
    ILV_CHECK_INT(ilv_symbols_frames(f->symbols, 1, offset, places, 8), 1);
    ILV_CHECK(!places[0].inlined);
}

static void a_plain_function_is_one_frame(void)
{
    fixture_each("O2", check_not_inlined);
}

static void check_symbol_table(struct fixture *f)
{
    struct ilv_site site = site_of(find(f, "main"));
    struct ilv_place place;
    ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
    ILV_CHECK_STR(place.function, "main");
    ILV_CHECK(place.file == NULL);
    ILV_CHECK_INT(place.line, 0);
}

static void without_debug_information_functions_have_names_and_no_lines(void)
{
    fixture_each("names", check_symbol_table);
    fixture_each("fixed-names", check_symbol_table);
}

static void check_stripped(struct fixture *f)
{
    struct ilv_place place;
    uint64_t offset = find(f, "worker")->offset;
    ILV_CHECK(!ilv_symbols_code(f->symbols, 1, offset, &place));
    ILV_CHECK(place.function == NULL);
    ILV_CHECK(place.module != NULL && strncmp(place.module, "fixture-", 8) == 0);
    ILV_CHECK_U64(place.offset, offset);
}

static void a_stripped_program_has_module_and_offset(void)
{
    fixture_each("stripped", check_stripped);
}

static void check_stack(struct fixture *f)
{
    struct ilv_site site = {
        .frame = {ilv_frame(1, find(f, "worker")->offset), ilv_frame(1, find(f, "main")->offset)}};
    struct ilv_place places[8];
    ILV_CHECK_INT(ilv_symbols_stack(f->symbols, &site, places, 8), 2);
    ILV_CHECK_STR(places[0].function, "worker");
    ILV_CHECK_STR(places[1].function, "main");
    ILV_CHECK_INT(ilv_symbols_stack(f->symbols, &site, places, 1), 1);
}

static void a_stack_has_a_frame_for_each_entry(void)
{
    fixture_each("O2", check_stack);
}

static int find_libc(struct dl_phdr_info *info, size_t size, void *context)
{
    struct ilv_module *module = context;
    (void)size;
    if (strstr(info->dlpi_name, "/libc.so") == NULL)
        return 0;
    module->base = info->dlpi_addr;
    snprintf(module->path, sizeof module->path, "%s", info->dlpi_name);
    return 1;
}

/* Module 2 is the C library: what lies in it starts threads and is nothing that a user wrote. */
static void check_above_libc(struct fixture *f)
{
    struct ilv_module modules[2] = {f->module};
    uint64_t worker = ilv_frame(1, find(f, "worker")->offset);
    struct ilv_site site = {.frame = {worker, ilv_frame(2, 0x1000)}};
    struct ilv_place places[8];
    if (dl_iterate_phdr(find_libc, &modules[1]) == 0)
        ilv_test_skip("the C library is not a module here");
    struct ilv_symbols *symbols = ilv_symbols_open(modules, 2);
    ILV_CHECK_INT(ilv_symbols_stack(symbols, &site, places, 8), 1);
    ILV_CHECK_STR(places[0].function, "worker");
    ILV_CHECK(ilv_symbols_site(symbols, &site, &places[0]));
    ILV_CHECK_STR(places[0].function, "worker");
    site.frame[0] = site.frame[1];
    ILV_CHECK(!ilv_symbols_site(symbols, &site, &places[0]));
    ILV_CHECK(places[0].module == NULL);
    ilv_symbols_close(symbols);
}

static void what_starts_a_thread_is_no_part_of_its_stack(void)
{
    fixture_each("O2", check_above_libc);
}

static void an_empty_site_has_no_place(void)
{
    struct ilv_symbols *symbols = ilv_symbols_open(NULL, 0);
    struct ilv_site site = {{0}};
    struct ilv_place place;
    ILV_CHECK(!ilv_symbols_site(symbols, &site, &place));
    ILV_CHECK(place.module == NULL && place.function == NULL && place.file == NULL);
    ilv_symbols_close(symbols);
}

static void check_source(struct fixture *f)
{
    struct ilv_site site = site_of(find(f, "worker"));
    struct ilv_place place;
    ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
    ILV_CHECK_STR(ilv_symbols_source(f->symbols, &place), "MARK(\"code\", \"worker\");");
    place.line = 100000;
    ILV_CHECK(ilv_symbols_source(f->symbols, &place) == NULL);
}

static void the_source_line_is_read(void)
{
    ILV_CHECK_INT(chdir(ILV_SOURCES), 0);
    fixture_each("O2", check_source);
}

static void check_no_source(struct fixture *f)
{
    struct ilv_site site = site_of(find(f, "worker"));
    struct ilv_place place;
    ILV_CHECK(ilv_symbols_site(f->symbols, &site, &place));
    ILV_CHECK(ilv_symbols_source(f->symbols, &place) == NULL);
}

static void a_source_file_that_is_not_there_has_no_line(void)
{
    ILV_CHECK_INT(chdir("/"), 0);
    fixture_each("O2", check_no_source);
}

ILV_SUITE(code, ILV_TEST(functions_and_lines_are_found),
          ILV_TEST(functions_and_lines_are_found_at_fixed_addresses),
          ILV_TEST(cxx_functions_are_demangled_without_parameters),
          ILV_TEST(inlined_functions_are_frames_of_their_own),
          ILV_TEST(a_plain_function_is_one_frame),
          ILV_TEST(without_debug_information_functions_have_names_and_no_lines),
          ILV_TEST(a_stripped_program_has_module_and_offset),
          ILV_TEST(what_starts_a_thread_is_no_part_of_its_stack),
          ILV_TEST(a_call_in_our_primitives_is_told_where_the_program_called_them),
          ILV_TEST(a_stack_has_a_frame_for_each_entry), ILV_TEST(an_empty_site_has_no_place),
          ILV_TEST(the_source_line_is_read), ILV_TEST(a_source_file_that_is_not_there_has_no_line));
