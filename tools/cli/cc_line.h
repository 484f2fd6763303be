/* SPDX-License-Identifier: MIT */
/*
 * cc_line.h: what the arguments of a compiler ask for. Part of the command cc.
 */
#ifndef ILV_CC_LINE_H
#define ILV_CC_LINE_H

#include <stdbool.h>

/* Texts are the caller's arguments, or live until the program ends. */
struct ilv__cc_line {
    bool compiles;  /* C, C++ or Objective-C sources or headers are read */
    bool links;     /* a program or a shared library is made */
    bool shared;    /* -shared */
    bool optimised; /* the last -O is not -O0 */
    bool debug;     /* some -g was given */
    bool lto;
    bool address;      /* -fsanitize=address among them */
    const char *fixed; /* -static or -static-pie, or NULL */
    const char
        *other_sanitizer; /* -fsanitize= with one that excludes thread's callbacks, or NULL */
    const char *output;   /* of -o, or NULL */
};

/* Reads the words behind the compiler's name; what stands in @files too. */
void ilv__cc_read(struct ilv__cc_line *line, int argc, char **argv);

/* Whether the output is a trial of a configure script's or of a build tool's. */
bool ilv__cc_is_probe(const struct ilv__cc_line *line);

/* A copy of the word, free() it; -fsanitize=thread,... is without thread, and NULL if nothing is
 * left of it. */
char *ilv__cc_without_thread(const char *word);

/* Whether the compiler of that name or path is a clang: by its name, by the name of the file that
 * it leads to, or by what it says of itself. */
bool ilv__cc_is_clang(const char *compiler);

#endif
