/* SPDX-License-Identifier: MIT */
/*
 * interleave cc: a C or C++ compiler whose programs announce their accesses.
 *
 * The compiler is called once with its own arguments and some of ours around them. Ours for
 * compiling stand first, so that those of the user have the last word (-fno-sanitize=thread for
 * one file); ours for linking stand last, behind everything that needs them. What the arguments
 * ask for is found out by cc_line.c.
 *
 * gcc is told -fsanitize=thread by a file of specs, so that its driver does not know and links no
 * sanitizer, even when one call compiles and links. It must not make calls of memcpy and its like
 * into code of its own either: nobody would see those. That is why _FORTIFY_SOURCE is undone: its
 * checks call __builtin functions, which nothing keeps from that; where a program calls these
 * itself, small copies of a constant size stay unseen. clang has options for all of this.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cc_line.h"
#include "cc_wraps.h"
#include "command.h"
#include "vec.h"

static const char help[] =
    "Usage: interleave cc [OPTION...] ARGS...\n"
    "       interleave c++ [OPTION...] ARGS...\n"
    "Calls a compiler with ARGS, so that the program tells its reads and writes to the sandbox.\n"
    "Outside of it the program is as it was. CC=\"interleave cc\", and where one word is wanted,\n"
    "interleave-cc and interleave-c++.\n"
    "\n"
    "  --cc=COMPILER   gcc or clang, by name or path (environment: ILV_CC for both languages,\n"
    "                  ILV_CXX for C++; default: gcc)\n"
    "  --with=tsan     with the real ThreadSanitizer beneath\n"
    "  --with=asan     with the real AddressSanitizer beneath (clang)\n"
    "  --quiet         no note (environment: ILV_CC_QUIET=1)\n"
    "  --help          this\n"
    "\n"
    "An access that the optimiser took away is no point at which tasks can change: compile with\n"
    "-O0, or make the variable volatile. A file is left out by -fno-sanitize=thread, a function "
    "by\n"
    "__attribute__((no_sanitize(\"thread\"))). Not for -static. -flto is switched off.\n"
    "\n"
    "Exit status: the compiler's, or 2 for a wrong call.\n";

enum beneath { NOTHING, THREAD, ADDRESS };

struct call {
    ILV_VEC(char *) words; /* what is executed */
    const char *compiler;  /* as given; may have words before it */
    enum beneath beneath;
    bool cxx;
    bool clang;
    bool quiet;
    char library[PATH_MAX]; /* the folder of our files */
};

static void add(struct call *call, const char *word)
{
    ilv_vec_push(&call->words, ilv_copy_text(word));
}

static void add_all(struct call *call, const char *const *words)
{
    while (*words)
        add(call, *words++);
}

static _Noreturn void refuse(const char *what, const char *why)
{
    char line[2 * PATH_MAX];
    snprintf(line, sizeof line, "cc: %s: %s", what, why);
    exit(ilv__complain(line));
}

/* --- our own options and the compiler */

static void take_with(struct call *call, const char *name)
{
    if (!strcmp(name, "tsan"))
        call->beneath = THREAD;
    else if (!strcmp(name, "asan"))
        call->beneath = ADDRESS;
    else
        refuse(name, "no sanitizer of that name; --with takes tsan or asan");
}

/* Takes our options off the front; returns how many words they were. */
static int take_options(struct call *call, int argc, char **argv)
{
    int i = 1;
    for (; i < argc; i++) {
        if (!strncmp(argv[i], "--cc=", 5))
            call->compiler = argv[i] + 5;
        else if (!strncmp(argv[i], "--with=", 7))
            take_with(call, argv[i] + 7);
        else if (!strcmp(argv[i], "--quiet"))
            call->quiet = true;
        else
            break;
    }
    return i;
}

/* gcc for C is g++ for C++, and so on: the last of these names in the compiler's is replaced. */
static char *cxx_name(const char *compiler)
{
    static const char *const names[][2] = {{"clang", "clang++"}, {"gcc", "g++"}, {"cc", "c++"}};
    const char *base = strrchr(compiler, '/');
    base = base ? base + 1 : compiler;
    char *out = NULL;
    if (strstr(base, "++"))
        return ilv_copy_text(compiler);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(base, names[i][0]);
        if (!at)
            continue;
        if (asprintf(&out, "%.*s%s%s", (int)(at - compiler), compiler, names[i][1],
                     at + strlen(names[i][0])) < 0)
            abort();
        return out;
    }
    return ilv_copy_text(compiler);
}

static void choose_compiler(struct call *call)
{
    const char *c = getenv("ILV_CC"), *cxx = getenv("ILV_CXX");
    const char *given = call->compiler;
    if (!given && call->cxx && cxx && *cxx)
        given = cxx;
    if (!given && c && *c)
        given = c;
    if (!given)
        given = call->beneath == ADDRESS ? "clang" : "gcc";
    call->compiler = call->cxx ? cxx_name(given) : ilv_copy_text(given);
}

/* The words of the compiler, `ccache gcc` being two. */
static void add_compiler(struct call *call)
{
    char *text = ilv_copy_text(call->compiler), *rest;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        add(call, word);
    free(text);
    if (!call->words.count)
        refuse("--cc", "names no compiler; give gcc, clang or a path");
    call->clang = ilv__cc_is_clang(call->words.at[call->words.count - 1]);
}

#define INSTALLED "/../" ILV_LIBDIR

/* Beside the executable as it lies in a build folder, or where it was installed. */
static void find_library(struct call *call)
{
    static const char *const folders[] = {"/../lib", "", INSTALLED};
    char self[PATH_MAX - 64], path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        refuse("/proc/self/exe", strerror(errno));
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s%s", self, folders[i]);
        char *real = realpath(path, NULL);
        snprintf(call->library, sizeof call->library, "%s", real ? real : path);
        free(real);
        snprintf(path, sizeof path, "%.4000s/libilv_access.a", call->library);
        if (!access(path, R_OK))
            return;
    }
    refuse("libilv_access.a", "is not beside this command; install it again");
}

/* --- compiling */

static void add_gcc(struct call *call)
{
    static const char *const options[] = {
        "--param=tsan-distinguish-volatile=1",
        "-mmemcpy-strategy=libcall:-1:noalign",
        "-mmemset-strategy=libcall:-1:noalign",
        "-fno-tree-loop-distribute-patterns",
        "-Wno-tsan",
        NULL,
    };
    static const char *const calls[] = {"memcpy", "memmove", "memset",  "memcmp",  "mempcpy",
                                        "bcopy",  "bzero",   "bcmp",    "strcpy",  "stpcpy",
                                        "strcat", "strncpy", "strncat", "sprintf", "snprintf"};
    char word[PATH_MAX + 32];
    snprintf(word, sizeof word, "-specs=%s/ilv_access.specs", call->library);
    add(call, word);
    add_all(call, options);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        snprintf(word, sizeof word, "-fno-builtin-%s", calls[i]);
        add(call, word);
    }
}

#define COVERAGE "-fsanitize-coverage=inline-bool-flag,trace-loads,trace-stores"

static void add_clang(struct call *call, bool links)
{
    static const char *const thread[] = {"-fsanitize=thread",
                                         "-mllvm",
                                         "-tsan-instrument-read-before-write=1",
                                         "-mllvm",
                                         "-tsan-distinguish-volatile=1",
                                         NULL};
    static const char *const address[] = {"-fsanitize=address", COVERAGE, NULL};
    add_all(call, call->beneath == ADDRESS ? address : thread);
    if (links && call->beneath == NOTHING)
        add(call, "-fno-sanitize-link-runtime");
}

static void add_compiling(struct call *call, const struct ilv__cc_line *line)
{
    if (call->clang)
        add_clang(call, line->links);
    else
        add_gcc(call);
    if (!line->debug)
        add(call, "-g");
}

/* --- linking */

/* A sanitizer's runtime lies in the executable; shared libraries find it there. */
static void add_sanitizer(struct call *call)
{
    add(call, call->beneath == ADDRESS ? "-fsanitize=address" : "-fsanitize=thread");
    if (call->beneath == THREAD)
        add(call, "-Wl,--export-dynamic-symbol=ilv_beneath_*");
    if (!call->clang)
        add(call, "-static-libtsan");
}

static void add_linking(struct call *call, const struct ilv__cc_line *line)
{
    static const char *const archives[] = {[NOTHING] = "libilv_access.a",
                                           [THREAD] = "libilv_access_tsan.a",
                                           [ADDRESS] = "libilv_access_asan.a"};
    char word[PATH_MAX + 32];
    bool library = call->beneath == THREAD && line->shared;
    if (call->beneath != NOTHING && !line->shared)
        add_sanitizer(call);
    ilv_vec_push(&call->words, ilv__cc_wraps(call->beneath == THREAD, line->shared));
    /* Word by word: -x does not hold for these, and a path may have a comma. What the archive needs
     * of libc stands behind it even where -nostdlib was said and libc before. */
    snprintf(word, sizeof word, "%s/%s", call->library,
             library ? "libilv_access_tsan_shared.a" : archives[call->beneath]);
    const char *const words[] = {"-Xlinker", "--whole-archive",    "-Xlinker", word,
                                 "-Xlinker", "--no-whole-archive", "-pthread", "-lc",
                                 NULL};
    add_all(call, words);
}

/* --- all of it */

static void check(const struct call *call, const struct ilv__cc_line *line)
{
    if (line->links && line->fixed)
        refuse(line->fixed,
               "a static program cannot be entered by the sandbox; link it dynamically");
    if (call->beneath == ADDRESS && !call->clang)
        refuse("--with=asan", "needs clang's callbacks; add --cc=clang");
    if (line->other_sanitizer && !(call->beneath == ADDRESS && line->address))
        refuse(line->other_sanitizer,
               "does not go together with the callbacks at accesses; leave it out, or see --with");
}

static void note(const struct call *call, const struct ilv__cc_line *line)
{
    const char *quiet = getenv("ILV_CC_QUIET");
    if (call->quiet || (quiet && *quiet && strcmp(quiet, "0")) || !line->links || line->shared ||
        !line->optimised || ilv__cc_is_probe(line))
        return;
    fprintf(stderr, "interleave: note: an access that -O took away is no point at which tasks can "
                    "change; for those, -O0 or volatile (--quiet silences this)\n");
}

static void build(struct call *call, const struct ilv__cc_line *line, int argc, char **argv)
{
    if (line->compiles)
        add_compiling(call, line);
    for (int i = 0; i < argc; i++) {
        char *word = ilv__cc_without_thread(argv[i]);
        if (word)
            ilv_vec_push(&call->words, word);
    }
    if (line->lto)
        add(call, "-fno-lto");
    if (line->compiles && !call->clang)
        add(call, "-U_FORTIFY_SOURCE");
    if (line->links)
        add_linking(call, line);
    ilv_vec_push(&call->words, NULL);
}

static int compile(int argc, char **argv, bool cxx)
{
    struct call call = {.cxx = cxx};
    struct ilv__cc_line line;
    if (argc == 2 && !strcmp(argv[1], "--help")) {
        fputs(help, stdout);
        return 0;
    }
    int first = take_options(&call, argc, argv);
    choose_compiler(&call);
    add_compiler(&call);
    find_library(&call);
    ilv__cc_read(&line, argc - first, argv + first);
    check(&call, &line);
    build(&call, &line, argc - first, argv + first);
    note(&call, &line);
    fflush(NULL);
    execvp(call.words.at[0], call.words.at);
    refuse(call.words.at[0],
           errno == ENOENT ? "compiler not found; give another with --cc" : strerror(errno));
}

int ilv__command_cc(int argc, char **argv)
{
    return compile(argc, argv, false);
}

int ilv__command_cxx(int argc, char **argv)
{
    return compile(argc, argv, true);
}
