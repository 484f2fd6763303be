/* SPDX-License-Identifier: MIT */
#include "cc_line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vec.h"

#define FILE_DEPTH 8

/* What is known while words are read from left to right. */
struct reader {
    struct ilv__cc_line *line;
    const char *language; /* of -x, or NULL */
    const char *pending;  /* the option that takes the next word, or NULL */
    bool stops;           /* before linking */
    bool relocatable;
    bool inputs;
    bool headers_only;
    unsigned depth;
};

static bool begins(const char *word, const char *with)
{
    return !strncmp(word, with, strlen(with));
}

static bool among(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (!strcmp(word, *words))
            return true;
    }
    return false;
}

/* Options whose value is the next word. */
static const char *const takes_next[] = {"-o",
                                         "-x",
                                         "-include",
                                         "-imacros",
                                         "-I",
                                         "-D",
                                         "-U",
                                         "-L",
                                         "-l",
                                         "-T",
                                         "-u",
                                         "-e",
                                         "-z",
                                         "-A",
                                         "-B",
                                         "-G",
                                         "-MF",
                                         "-MT",
                                         "-MQ",
                                         "-Xlinker",
                                         "-Xassembler",
                                         "-Xpreprocessor",
                                         "-Xclang",
                                         "-mllvm",
                                         "-isystem",
                                         "-iquote",
                                         "-idirafter",
                                         "-iprefix",
                                         "-iwithprefix",
                                         "-iwithprefixbefore",
                                         "-isysroot",
                                         "-imultilib",
                                         "-cxx-isystem",
                                         "--param",
                                         "--sysroot",
                                         "-aux-info",
                                         "-dumpbase",
                                         "-dumpbase-ext",
                                         "-dumpdir",
                                         "-wrapper",
                                         "-target",
                                         "-arch",
                                         "-gcc-toolchain",
                                         "--include",
                                         "--define-macro",
                                         "-h",
                                         "-rpath",
                                         "-soname",
                                         NULL};

static const char *const stopping[] = {
    "-c",        "-S",         "-E",           "-M", "-MM", "-fsyntax-only",
    "--compile", "--assemble", "--preprocess", NULL};

static const char *const source_ends[] = {
    "c", "i",   "cc", "cp", "cxx", "cpp", "CPP", "c++", "C",   "ii",  "m",   "mi", "mm",
    "M", "mii", "h",  "hh", "H",   "hp",  "hxx", "hpp", "HPP", "h++", "tcc", NULL};

static const char *const header_ends[] = {"h",   "hh",  "H",   "hp",  "hxx",
                                          "hpp", "HPP", "h++", "tcc", NULL};

static const char *const other_languages[] = {"assembler", "assembler-with-cpp", "none", NULL};

static void read_input(struct reader *r, const char *word)
{
    const char *base = strrchr(word, '/'), *dot = strrchr(base ? base : word, '.');
    bool by_language = r->language && strcmp(r->language, "none");
    bool source =
        by_language ? !among(r->language, other_languages) : dot && among(dot + 1, source_ends);
    bool header =
        by_language ? strstr(r->language, "header") != NULL : dot && among(dot + 1, header_ends);
    r->headers_only = header && (!r->inputs || r->headers_only);
    r->inputs = true;
    r->line->compiles |= source;
}

/* Whether a list such as address,undefined names that sanitizer. */
static bool names(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = list;; at++) {
        if (!strncmp(at, name, n) && (!at[n] || at[n] == ','))
            return true;
        if (!(at = strchr(at, ',')))
            return false;
    }
}

static void read_sanitizers(struct reader *r, const char *word)
{
    static const char *const others[] = {"address",        "memory",   "hwaddress", "leak",
                                         "kernel-address", "dataflow", NULL};
    const char *list = strchr(word, '=') + 1;
    for (size_t i = 0; others[i]; i++) {
        if (names(list, others[i]))
            r->line->other_sanitizer = word;
    }
    r->line->address |= names(list, "address");
}

static void read_linker_word(struct reader *r, const char *word)
{
    static const char *const relocatable[] = {"-r", "-i", "--relocatable", "-Ur", NULL};
    r->relocatable |= among(word, relocatable);
    if (!strcmp(word, "-shared") || !strcmp(word, "-Bshareable"))
        r->line->shared = true;
}

/* -Wl,a,b */
static void read_linker_list(struct reader *r, const char *word)
{
    char *copy = ilv_copy_text(word + 4), *rest;
    for (char *at = strtok_r(copy, ",", &rest); at; at = strtok_r(NULL, ",", &rest))
        read_linker_word(r, at);
    free(copy);
}

static void read_library(struct reader *r)
{
    r->inputs = true;
    r->headers_only = false;
}

static void read_option(struct reader *r, const char *word)
{
    struct ilv__cc_line *line = r->line;
    if (among(word, stopping))
        r->stops = true;
    else if (!strcmp(word, "-shared") || !strcmp(word, "--shared"))
        line->shared = true;
    else if (!strcmp(word, "-r"))
        r->relocatable = true;
    else if (!strcmp(word, "-static") || !strcmp(word, "--static") || !strcmp(word, "-static-pie"))
        line->fixed = word;
    else if (begins(word, "-O"))
        line->optimised = strcmp(word, "-O0") != 0;
    else if (begins(word, "-flto"))
        line->lto = true;
    else if (begins(word, "-fsanitize="))
        read_sanitizers(r, word);
    else if (begins(word, "-Wl,"))
        read_linker_list(r, word);
    else if (begins(word, "-x"))
        r->language = word + 2;
    else if (begins(word, "-o"))
        line->output = word + 2;
    else if (begins(word, "-l"))
        read_library(r);
    else if (begins(word, "-g"))
        line->debug = true;
}

/* The value of an option that stands by itself. */
static void read_value(struct reader *r, const char *option, const char *word)
{
    if (!strcmp(option, "-o"))
        r->line->output = word;
    else if (!strcmp(option, "-x"))
        r->language = word;
    else if (!strcmp(option, "-Xlinker"))
        read_linker_word(r, word);
    else if (!strcmp(option, "-l"))
        read_library(r);
}

static bool read_file(struct reader *r, const char *path);

static void read_word(struct reader *r, const char *word)
{
    if (*word == '@' && read_file(r, word + 1))
        return;
    if (r->pending) {
        const char *option = r->pending;
        r->pending = NULL;
        read_value(r, option, word);
    } else if (among(word, takes_next)) {
        r->pending = word;
    } else if (*word == '-' && word[1]) {
        read_option(r, word);
    } else {
        read_input(r, word);
    }
}

/* The next word of a response file: blanks part words, quotes and \ hold them together. Returns
 * NULL at the end. */
static char *file_word(FILE *file)
{
    ILV_VEC(char) word = {0};
    int c = getc(file), quote = 0;
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        c = getc(file);
    if (c == EOF)
        return NULL;
    for (; c != EOF && (quote || !strchr(" \t\n\r", c)); c = getc(file)) {
        if (c == '\\' && quote != '\'')
            c = getc(file);
        else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
            continue;
        }
        if (c != EOF)
            ilv_vec_push(&word, (char)c);
    }
    ilv_vec_push(&word, '\0');
    return word.at;
}

/* The words of response files: what is found out about a line points to them. */
static ILV_VEC(char *) file_words;

/* As compilers have it: a file that cannot be read is an ordinary word. */
static bool read_file(struct reader *r, const char *path)
{
    FILE *file = r->depth < FILE_DEPTH ? fopen(path, "re") : NULL;
    if (!file)
        return false;
    r->depth++;
    for (char *word = file_word(file); word; word = file_word(file)) {
        ilv_vec_push(&file_words, word);
        read_word(r, word);
    }
    r->depth--;
    fclose(file);
    return true;
}

void ilv__cc_read(struct ilv__cc_line *line, int argc, char **argv)
{
    struct reader r = {.line = line};
    *line = (struct ilv__cc_line){0};
    for (int i = 0; i < argc; i++)
        read_word(&r, argv[i]);
    line->links = r.inputs && !r.headers_only && !r.stops && !r.relocatable;
}

bool ilv__cc_is_probe(const struct ilv__cc_line *line)
{
    const char *output = line->output ? line->output : "";
    const char *base = strrchr(output, '/');
    base = base ? base + 1 : output;
    return begins(base, "conftest") || begins(base, "cmTC_") || strstr(output, "meson-private/");
}

char *ilv__cc_without_thread(const char *word)
{
    if (!begins(word, "-fsanitize=") || !names(strchr(word, '=') + 1, "thread"))
        return ilv_copy_text(word);
    char *out = ilv_new(strlen(word) + 1), *list = ilv_copy_text(strchr(word, '=') + 1), *rest;
    size_t start = strlen(strcpy(out, "-fsanitize="));
    for (char *at = strtok_r(list, ",", &rest); at; at = strtok_r(NULL, ",", &rest)) {
        if (strcmp(at, "thread"))
            strcat(strcat(out, out[start] ? "," : ""), at);
    }
    free(list);
    if (out[start])
        return out;
    free(out);
    return NULL;
}

static bool in_base(const char *path, const char *name)
{
    const char *base = strrchr(path, '/');
    return strstr(base ? base + 1 : path, name) != NULL;
}

/* Asks the compiler itself. */
static bool says_clang(const char *compiler)
{
    int ends[2], status;
    char text[256] = "";
    if (pipe(ends))
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execlp(compiler, compiler, "--version", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t n = pid > 0 ? read(ends[0], text, sizeof text - 1) : 0;
    close(ends[0]);
    if (pid > 0)
        waitpid(pid, &status, 0);
    text[n > 0 ? n : 0] = '\0';
    return strstr(text, "clang") != NULL;
}

/* Follows the links of a command that stands in PATH. */
static bool leads_to(const char *compiler, const char *name)
{
    char path[PATH_MAX], real[PATH_MAX];
    const char *list = getenv("PATH");
    if (strchr(compiler, '/'))
        return realpath(compiler, real) && in_base(real, name);
    for (const char *at = list ? list : ""; *at; at += *at == ':') {
        int length = (int)strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s/%s", length, at, compiler);
        if (!access(path, X_OK))
            return realpath(path, real) && in_base(real, name);
        at += length;
    }
    return false;
}

bool ilv__cc_is_clang(const char *compiler)
{
    if (in_base(compiler, "clang"))
        return true;
    if (in_base(compiler, "gcc") || in_base(compiler, "g++"))
        return false;
    if (leads_to(compiler, "clang"))
        return true;
    return !leads_to(compiler, "gcc") && !leads_to(compiler, "g++") && says_clang(compiler);
}
