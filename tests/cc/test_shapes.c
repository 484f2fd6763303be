/* SPDX-License-Identifier: MIT */
/* Executables, shared libraries and archives; outside the sandbox they behave as they would. */
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "place.h"

static struct said said;

/* A program of a main part, a shared library and an archive, each with threads' accesses. */
static const char program[] = "#include <pthread.h>\n"
                              "#include <stdio.h>\n"
                              "extern long shared_sum(void), archived_sum(void);\n"
                              "extern void shared_add(void), archived_add(void);\n"
                              "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
                              "static void *work(void *unused)\n"
                              "{\n"
                              "    for (int i = 0; i < 1000; i++) {\n"
                              "        pthread_mutex_lock(&lock);\n"
                              "        archived_add();\n"
                              "        pthread_mutex_unlock(&lock);\n"
                              "        shared_add();\n"
                              "    }\n"
                              "    return unused;\n"
                              "}\n"
                              "int main(void)\n"
                              "{\n"
                              "    pthread_t t[2];\n"
                              "    for (int i = 0; i < 2; i++)\n"
                              "        pthread_create(&t[i], NULL, work, NULL);\n"
                              "    for (int i = 0; i < 2; i++)\n"
                              "        pthread_join(t[i], NULL);\n"
                              "    printf(\"%ld %ld\\n\", shared_sum(), archived_sum());\n"
                              "    return 5;\n"
                              "}\n";
static const char shared[] = "static _Atomic long sum;\n"
                             "void shared_add(void) { sum++; }\n"
                             "long shared_sum(void) { return sum; }\n";
static const char archived[] = "static long sum;\n"
                               "void archived_add(void) { sum++; }\n"
                               "long archived_sum(void) { return sum; }\n";

static void parts_build(const char *compiler, const char *options, const char *linking)
{
    place_needs(compiler);
    place_make();
    setenv("ILV_CC", compiler, 1);
    place_file("program.c", program);
    place_file("shared.c", shared);
    place_file("archived.c", archived);
    place_succeeds(&said,
                   "$I cc %s -fPIC -c shared.c && $I cc %s -shared shared.o -o libshared.so && "
                   "$I cc %s -c archived.c && ar rcs libarchived.a archived.o && "
                   "$I cc %s -c program.c && "
                   "$I cc %s %s program.o -L. -lshared -larchived -Wl,-rpath,. -o program",
                   options, options, options, options, options, linking);
    place_run(&said, "./program");
    ILV_CHECK_INT(said.status, 5);
    ILV_CHECK_STR(said.out, "2000 2000\n");
    ILV_CHECK_STR(said.err, "");
    place_run(&said, "MODULES=1 LD_PRELOAD=" RECORDER " ./program");
    ILV_CHECK_INT(said.status, 5);
    ILV_CHECK(strstr(said.err, "module 1 real ") != NULL);
    ILV_CHECK(strstr(said.err, "\nmodule 2 real ") != NULL);
    ILV_CHECK(strstr(said.err, "\n1 left\n0 left\n") != NULL);
    ILV_CHECK(!strstr(said.err, "WARNING"));
}

static void parts_work_together_from_gcc(void)
{
    parts_build("gcc", "-O0 -Wall -Werror", "-pie");
}

static void parts_work_together_without_pie(void)
{
    parts_build("gcc", "-O2 -fno-pie", "-no-pie");
}

static void parts_work_together_from_clang(void)
{
    parts_build("clang", "-O2 -Wall -Werror", "");
}

static void parts_work_together_without_pie_from_clang(void)
{
    parts_build("clang", "-O0 -fno-pie", "-no-pie");
}

static void parts_work_together_with_link_time_optimisation_asked_for(void)
{
    parts_build("gcc", "-O2 -flto", "");
}

static void parts_work_together_above_gccs_tsan(void)
{
    parts_build("gcc", "--with=tsan -O1", "");
}

static void parts_work_together_above_clangs_tsan(void)
{
    parts_build("clang", "--with=tsan -O1", "-no-pie");
}

static void parts_work_together_above_asan(void)
{
    parts_build("clang", "--with=asan -O1", "");
}

static void strict_links_find_everything(void)
{
    place_make();
    place_file("shared.c", shared);
    place_succeeds(&said, "$I cc -shared -fPIC shared.c -o libshared.so -Wl,-z,defs -Wl,-z,now "
                          "-Wl,--as-needed -Wl,--fatal-warnings");
    place_succeeds(&said, "nm -D --defined-only libshared.so");
    ILV_CHECK(strstr(said.out, "shared_add") != NULL);
    ILV_CHECK(!strstr(said.out, "tsan") && !strstr(said.out, "wrap") && !strstr(said.out, "ilv"));
}

static void loaded_and_unloaded_modules_come_and_go(void)
{
    place_make();
    place_file("shared.c", shared);
    place_file("loads.c", "#include <dlfcn.h>\n"
                          "int main(void)\n"
                          "{\n"
                          "    void *library = dlopen(\"./libshared.so\", RTLD_NOW);\n"
                          "    ((void (*)(void))dlsym(library, \"shared_add\"))();\n"
                          "    return dlclose(library);\n"
                          "}\n");
    place_succeeds(&said, "$I cc -shared -fPIC shared.c -o libshared.so && "
                          "$I cc loads.c -o loads && ./loads");
    place_run(&said, "MODULES=1 LD_PRELOAD=" RECORDER " ./loads");
    ILV_CHECK_STR(said.err, "module 1 real 0 options - suppressions -\n"
                            "module 2 real 0 options - suppressions -\n"
                            "1 left\n"
                            "0 left\n");
}

static const char cxx[] = "#include <atomic>\n"
                          "#include <iostream>\n"
                          "#include <map>\n"
                          "#include <mutex>\n"
                          "#include <string>\n"
                          "#include <thread>\n"
                          "#include <vector>\n"
                          "std::map<int, std::string> names;\n"
                          "std::mutex lock;\n"
                          "std::atomic<int> count{0};\n"
                          "int main()\n"
                          "{\n"
                          "    std::vector<std::thread> all;\n"
                          "    for (int i = 0; i < 3; i++)\n"
                          "        all.emplace_back([i] {\n"
                          "            std::lock_guard guard(lock);\n"
                          "            names[i] = std::string(i + 1, 'x');\n"
                          "            count++;\n"
                          "        });\n"
                          "    for (auto &t : all)\n"
                          "        t.join();\n"
                          "    try {\n"
                          "        names.at(7);\n"
                          "    } catch (const std::out_of_range &) {\n"
                          "        std::cout << names[2] << count << \"\\n\";\n"
                          "    }\n"
                          "}\n";

static void cxx_works(const char *compiler, const char *options)
{
    place_needs(compiler);
    place_make();
    place_file("all.cc", cxx);
    place_succeeds(&said, "$I c++ --cc=%s -std=c++17 %s all.cc -o all && ./all", compiler, options);
    ILV_CHECK_STR(said.out, "xxx3\n");
    place_succeeds(&said, "LD_PRELOAD=" RECORDER " ./all");
    ILV_CHECK_STR(said.out, "xxx3\n");
}

static void cxx_from_gxx(void)
{
    cxx_works("gcc", "-O2");
}

static void cxx_from_clang_unoptimised(void)
{
    cxx_works("clang", "-O0");
}

static void cxx_with_its_library_linked_in(void)
{
    cxx_works("g++", "-O1 -static-libstdc++ -static-libgcc");
}

ILV_SUITE(shapes, ILV_TEST(parts_work_together_from_gcc), ILV_TEST(parts_work_together_without_pie),
          ILV_TEST(parts_work_together_from_clang),
          ILV_TEST(parts_work_together_without_pie_from_clang),
          ILV_TEST(parts_work_together_with_link_time_optimisation_asked_for),
          ILV_TEST(parts_work_together_above_gccs_tsan),
          ILV_TEST(parts_work_together_above_clangs_tsan), ILV_TEST(parts_work_together_above_asan),
          ILV_TEST(strict_links_find_everything), ILV_TEST(loaded_and_unloaded_modules_come_and_go),
          ILV_TEST(cxx_from_gxx), ILV_TEST(cxx_from_clang_unoptimised),
          ILV_TEST(cxx_with_its_library_linked_in));
