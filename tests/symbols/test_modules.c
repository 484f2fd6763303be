/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "ilv_test.h"

static struct ilv_module built(void)
{
    struct ilv_module module = fixture_module("gcc", "O2");
    if (access(module.path, R_OK) == 0)
        return module;
    module = fixture_module("clang", "O2");
    if (access(module.path, R_OK) != 0)
        ilv_test_skip("neither gcc nor clang is here");
    return module;
}

static enum ilv_symbols_state state_of(const struct ilv_module *module)
{
    struct ilv_symbols *symbols = ilv_symbols_open(module, 1);
    enum ilv_symbols_state state = ilv_symbols_state(symbols, 1);
    ilv_symbols_close(symbols);
    return state;
}

static void the_same_build_is_accepted(void)
{
    struct ilv_module module = built();
    ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_LINES);
}

static void another_build_is_refused(void)
{
    struct ilv_module module = built();
    module.build_id[19] ^= 1;
    ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_CHANGED);
    struct ilv_symbols *symbols = ilv_symbols_open(&module, 1);
    struct ilv_place place;
    ILV_CHECK(!ilv_symbols_code(symbols, 1, 0x1200, &place));
    ILV_CHECK(place.function == NULL && place.file == NULL);
    ILV_CHECK_STR(place.module, strrchr(module.path, '/') + 1);
    ilv_symbols_close(symbols);
}

static void an_id_of_another_length_is_refused(void)
{
    struct ilv_module module = built();
    module.build_id_size = 16;
    ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_CHANGED);
    module.build_id_size = 2000;
    ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_CHANGED);
}

static void a_module_recorded_without_an_id_is_believed(void)
{
    struct ilv_module module = built();
    module.build_id_size = 0;
    ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_LINES);
}

static void what_is_no_program_is_missing(void)
{
    static const char *const paths[] = {"", "/nowhere/at/all", "/dev/null", "/etc/passwd", "/"};
    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct ilv_module module = {.build_id_size = 0};
        snprintf(module.path, sizeof module.path, "%s", paths[i]);
        ILV_CHECK_INT(state_of(&module), ILV_SYMBOLS_MISSING);
    }
}

static void unknown_modules_have_no_answers(void)
{
    struct ilv_module module = built();
    struct ilv_symbols *symbols = ilv_symbols_open(&module, 1);
    static const uint32_t unknown[] = {0, 2, UINT32_MAX};
    for (unsigned i = 0; i < 3; i++) {
        struct ilv_place place;
        ILV_CHECK_INT(ilv_symbols_state(symbols, unknown[i]), ILV_SYMBOLS_MISSING);
        ILV_CHECK(ilv_symbols_module(symbols, unknown[i]) == NULL);
        ILV_CHECK(!ilv_symbols_code(symbols, unknown[i], 0x1000, &place));
        ILV_CHECK(place.module == NULL && place.function == NULL);
    }
    ilv_symbols_close(symbols);
}

static void no_table_at_all_knows_nothing(void)
{
    struct ilv_site site = {{ilv_frame(1, 0x1000)}};
    struct ilv_place place;
    ILV_CHECK(ilv_symbols_data(NULL, 1, 0x1000, 8) == NULL);
    ILV_CHECK(ilv_symbols_site(NULL, &site, &place));
    ILV_CHECK(place.module == NULL && place.function == NULL && place.file == NULL);
    ILV_CHECK(ilv_symbols_source(NULL, &place) == NULL);
    ilv_symbols_close(NULL);
}

/* A file that is cut off anywhere is missing or knows less; it is never a crash. */
static void a_damaged_file_is_survived(void)
{
    struct ilv_module module = built();
    FILE *in = fopen(module.path, "re");
    static char bytes[1 << 20];
    size_t size = in != NULL ? fread(bytes, 1, sizeof bytes, in) : 0;
    ILV_CHECK(in != NULL && fclose(in) == 0 && size > 1000);
    snprintf(module.path, sizeof module.path, "%s/damaged-%d", ILV_FIXTURES, (int)getpid());
    module.build_id_size = 0;
    for (size_t part = 0; part < 16; part++) {
        FILE *out = fopen(module.path, "we");
        ILV_CHECK(out != NULL && fwrite(bytes, 1, size * part / 16, out) == size * part / 16);
        ILV_CHECK(out != NULL && fclose(out) == 0);
        struct ilv_symbols *symbols = ilv_symbols_open(&module, 1);
        struct ilv_place place;
        for (uint64_t offset = 0; offset < 0x5000; offset += 0x91)
            (void)ilv_symbols_code(symbols, 1, offset, &place);
        ILV_CHECK_U64(place.offset, 0x5000 - 0x5000 % 0x91);
        (void)ilv_symbols_data(symbols, 1, 0x4040, 8);
        ilv_symbols_close(symbols);
    }
    ILV_CHECK_INT(unlink(module.path), 0);
}

ILV_SUITE(modules, ILV_TEST(the_same_build_is_accepted), ILV_TEST(another_build_is_refused),
          ILV_TEST(an_id_of_another_length_is_refused),
          ILV_TEST(a_module_recorded_without_an_id_is_believed),
          ILV_TEST(what_is_no_program_is_missing), ILV_TEST(unknown_modules_have_no_answers),
          ILV_TEST(no_table_at_all_knows_nothing), ILV_TEST(a_damaged_file_is_survived));
