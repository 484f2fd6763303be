/* SPDX-License-Identifier: MIT */
#include "fixtures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ilv_test.h"

struct ilv_module fixture_module(const char *compiler, const char *variant)
{
    struct ilv_module module = {.build_id_size = 20};
    for (uint8_t i = 0; i < 20; i++)
        module.build_id[i] = (uint8_t)(0x11 * (i % 16));
    snprintf(module.path, sizeof module.path, "%s/fixture-%s-%s", ILV_FIXTURES, compiler, variant);
    return module;
}

bool fixture_open(struct fixture *fixture, const char *compiler, const char *variant)
{
    struct ilv_module module = fixture_module(compiler, variant);
    *fixture = (struct fixture){.module = module};
    if (access(module.path, X_OK) != 0)
        return false;
    FILE *in = popen(module.path, "re");
    struct fact f;
    while (in != NULL &&
           fscanf(in, "%15s %127s %" SCNu32 " %" SCNx64 " %" SCNu32 " %" SCNd64 " %" SCNd64, f.what,
                  f.name, &f.line, &f.offset, &f.size, &f.sp, &f.bp) == 7)
        fixture->fact[fixture->fact_count++ % 64] = f;
    ILV_CHECK(in != NULL && pclose(in) == 0);
    fixture->symbols = ilv_symbols_open(&module, 1);
    return true;
}

void fixture_close(struct fixture *fixture)
{
    ilv_symbols_close(fixture->symbols);
}

void fixture_each(const char *variant, void (*check)(struct fixture *fixture))
{
    static const char *const compilers[] = {"gcc", "clang"};
    unsigned found = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct fixture fixture;
        if (!fixture_open(&fixture, compilers[i], variant))
            continue;
        found++;
        check(&fixture);
        fixture_close(&fixture);
    }
    if (found == 0)
        ilv_test_skip("neither gcc nor clang is here");
}
