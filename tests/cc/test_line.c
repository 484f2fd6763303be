/* SPDX-License-Identifier: MIT */
/* What the command makes of a compiler's command line. */
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "place.h"

static struct said said, other;

static const char hello[] = "#include <stdio.h>\n"
                            "int word;\n"
                            "int main(void) { word++; puts(\"hello\"); return 7; }\n";

static void hello_made(void)
{
    place_make();
    place_file("hello.c", hello);
}

static void refused(const char *line, const char *error)
{
    place_run(&said, "%s", line);
    ILV_CHECK_INT(said.status, 2);
    ILV_CHECK_STR(said.err, error);
    ILV_CHECK_STR(said.out, "");
}

static void wrong_lines_are_refused(void)
{
    hello_made();
    refused("$I cc --with=msan hello.c",
            "interleave: cc: msan: no sanitizer of that name; --with takes tsan or asan\n");
    refused("$I cc --cc=no-such-cc hello.c",
            "interleave: cc: no-such-cc: compiler not found; give another with --cc\n");
    refused("$I cc --cc= hello.c",
            "interleave: cc: --cc: names no compiler; give gcc, clang or a path\n");
    refused("$I cc --cc=gcc --with=asan hello.c",
            "interleave: cc: --with=asan: needs clang's callbacks; add --cc=clang\n");
    refused("$I cc -fsanitize=address hello.c",
            "interleave: cc: -fsanitize=address: does not go together with the callbacks at "
            "accesses; leave it out, or see --with\n");
}

static void static_programs_are_refused(void)
{
    static const char tail[] =
        ": a static program cannot be entered by the sandbox; link it dynamically\n";
    char line[256];
    hello_made();
    strcat(strcpy(line, "interleave: cc: -static"), tail);
    refused("$I cc -static hello.c", line);
    strcat(strcpy(line, "interleave: cc: -static-pie"), tail);
    refused("$I cc hello.c -static-pie -o hello", line);
    place_succeeds(&said, "$I cc -static -c hello.c");
}

static void queries_are_the_compilers(void)
{
    static const char *const queries[] = {
        "-dumpmachine",       "--version",
        "-print-search-dirs", "-print-file-name=libc.so",
        "-dumpversion",       "-E -dM -x c /dev/null | grep -c x86"};
    place_make();
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        place_run(&other, "gcc %s", queries[i]);
        place_run(&said, "$I cc %s", queries[i]);
        ILV_CHECK_INT(said.status, other.status);
        ILV_CHECK_STR(said.out, other.out);
        ILV_CHECK_STR(said.err, other.err);
    }
    place_run(&other, "gcc -Wl,--version 2>/dev/null");
    place_run(&said, "$I cc -Wl,--version 2>/dev/null");
    ILV_CHECK_STR(said.out, other.out);
    place_run(&other, "gcc -v");
    place_run(&said, "$I cc -v");
    ILV_CHECK_STR(said.err, other.err);
    place_run(&other, "gcc");
    place_run(&said, "$I cc");
    ILV_CHECK_INT(said.status, other.status);
    ILV_CHECK_STR(said.err, other.err);
}

static void failures_are_the_compilers(void)
{
    place_make();
    place_file("wrong.c", "int main(void) { return nothing; }\n");
    place_run(&said, "$I cc -c wrong.c");
    ILV_CHECK_INT(said.status, 1);
    ILV_CHECK(strstr(said.err, "nothing") != NULL);
    place_run(&said, "$I cc -c missing.c");
    ILV_CHECK_INT(said.status, 1);
    place_run(&said, "$I cc --cc='sh -c \"exit 9\"' -c missing.c");
    ILV_CHECK(said.status != 0);
}

static void steps_by_themselves_do_what_they_do(void)
{
    hello_made();
    place_succeeds(&said, "$I cc -E hello.c -o hello.i && $I cc -c hello.i -o i.o && "
                          "nm i.o | grep -q __tsan_read4");
    place_succeeds(&said, "$I cc -S hello.c && grep -q __tsan_write4 hello.s && "
                          "$I cc -c hello.s -o s.o && $I cc s.o -o s && ./s; test $? = 7");
    place_succeeds(&said, "$I cc -MM hello.c");
    ILV_CHECK_STR(said.out, "hello.o: hello.c\n");
    place_succeeds(&said, "$I cc -MD -MF deps -c hello.c && grep -q '^hello.o:' deps && "
                          "! grep -q ilv deps");
    place_succeeds(&said, "$I cc -fsyntax-only hello.c");
    place_succeeds(&said, "$I cc -x c - -o piped < hello.c && ./piped; test $? = 7");
    place_succeeds(&said, "$I cc hello.i -o one && ./one; test $? = 7");
    place_succeeds(&said, "nm one | grep -q 'ilv__access_module'");
}

static void relocatable_links_are_left_alone(void)
{
    hello_made();
    place_succeeds(&said, "$I cc -c hello.c && $I cc -r hello.o -o all.o && "
                          "! nm all.o | grep -q ilv__access_module");
    place_succeeds(&said, "$I cc -nostdlib -no-pie -Wl,-r hello.o -o all2.o && "
                          "! nm all2.o | grep -q ilv__access_module");
    place_succeeds(&said, "$I cc all.o -o all && ./all; test $? = 7");
}

static void response_files_are_read(void)
{
    hello_made();
    place_file("args", "-DWORD='a b' -c\nhello.c \"-o\" quoted\\ name.o");
    place_succeeds(&said, "$I cc @args && nm 'quoted name.o' | grep -q __tsan_read4");
    place_file("link", "hello.c -o linked");
    place_succeeds(&said, "$I cc @link && ./linked; test $? = 7");
    place_file("fixed", "-static hello.c");
    place_run(&said, "$I cc @fixed");
    ILV_CHECK_INT(said.status, 2);
}

static void thread_sanitizers_own_flag_links_no_runtime(void)
{
    hello_made();
    place_succeeds(&said, "$I cc -fsanitize=thread -g hello.c -o hello && ./hello; test $? = 7");
    place_succeeds(&said, "! ldd hello | grep -q tsan");
    place_succeeds(&said, "$I cc -fsanitize=thread,undefined -c hello.c && "
                          "nm hello.o | grep -q __tsan_read4");
}

static void what_is_left_out_is_not_instrumented(void)
{
    hello_made();
    place_succeeds(&said, "$I cc -fno-sanitize=thread -c hello.c && ! nm hello.o | grep -q __tsan");
    place_succeeds(&said, "$I cc hello.o -o hello && ./hello; test $? = 7");
}

static void debug_information_is_added_unless_refused(void)
{
    hello_made();
    place_succeeds(&said, "$I cc -c hello.c && readelf -S hello.o | grep -q debug_info");
    place_succeeds(&said, "$I cc -g0 -c hello.c && ! readelf -S hello.o | grep -q debug_info");
}

static void optimised_programs_are_noted_once_at_the_link(void)
{
    static const char note[] = "interleave: note: an access that -O took away";
    hello_made();
    unsetenv("ILV_CC_QUIET");
    place_run(&said, "$I cc -O2 hello.c -o hello");
    ILV_CHECK_INT(said.status, 0);
    ILV_CHECK(!strncmp(said.err, note, strlen(note)));
    ILV_CHECK_STR(strchr(said.err, '\n'), "\n");
    place_succeeds(&said, "$I cc -O2 -c hello.c");
    place_succeeds(&said, "$I cc -O2 -O0 hello.c -o hello");
    place_succeeds(&said, "$I cc -O2 -shared -fPIC hello.c -o libhello.so");
    place_succeeds(&said, "$I cc --quiet -O2 hello.c -o hello");
    place_succeeds(&said, "ILV_CC_QUIET=1 $I cc -O2 hello.c -o hello");
    place_succeeds(&said, "$I cc -O2 hello.c -o conftest");
}

static void the_compiler_comes_from_options_and_environment(void)
{
    place_make();
    place_needs("clang");
    place_succeeds(&said, "ILV_CC=clang $I cc --version | grep -q clang");
    place_succeeds(&said, "ILV_CC=clang $I cc --cc=gcc --version | grep -q -i gcc");
    place_succeeds(&said, "ILV_CC=clang $I c++ -### -x c++ /dev/null 2>&1 | grep -q clang");
    place_succeeds(&said, "ILV_CC=clang ILV_CXX=g++ $I c++ --version | grep -q g++");
    place_succeeds(&said, "ILV_CC='env A=b gcc' $I cc --version | grep -q gcc");
}

static void one_word_scripts_stand_beside_the_command(void)
{
    hello_made();
    place_succeeds(&said, "$I-cc hello.c -o hello && ./hello; test $? = 7");
    place_file("hello.cc", "#include <iostream>\nint main() { std::cout << \"hi\\n\"; }\n");
    place_succeeds(&said, "ln -s $I-c++ link && ./link hello.cc -o hi && ./hi");
    ILV_CHECK_STR(said.out, "hi\n");
}

ILV_SUITE(line, ILV_TEST(wrong_lines_are_refused), ILV_TEST(static_programs_are_refused),
          ILV_TEST(queries_are_the_compilers), ILV_TEST(failures_are_the_compilers),
          ILV_TEST(steps_by_themselves_do_what_they_do), ILV_TEST(relocatable_links_are_left_alone),
          ILV_TEST(response_files_are_read), ILV_TEST(thread_sanitizers_own_flag_links_no_runtime),
          ILV_TEST(what_is_left_out_is_not_instrumented),
          ILV_TEST(debug_information_is_added_unless_refused),
          ILV_TEST(optimised_programs_are_noted_once_at_the_link),
          ILV_TEST(the_compiler_comes_from_options_and_environment),
          ILV_TEST(one_word_scripts_stand_beside_the_command));
