/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"

static const struct entry {
    const char *name;
    const char *arguments;
    const char *gloss;
    int (*run)(int argc, char **argv);
    const char *title;
} commands[] = {
#define COMMAND(name, arguments, gloss) \
    {#name, arguments, gloss, ilv__command_##name, "interleave " #name},
#include "commands.def"
#undef COMMAND
};
#define COMMANDS (sizeof commands / sizeof *commands)

static int help(void)
{
    printf("Interleave runs a program under many interleavings of its threads, catches the one\n"
           "that fails, and plays it back.\n\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        char usage[80];
        snprintf(usage, sizeof usage, "%s %s", commands[i].title, commands[i].arguments);
        printf("  %-36s %s\n", usage, commands[i].gloss);
    }
    printf("\n  interleave NAME --help tells the options of a command.\n\n"
           "Exit status: 0 nothing found, 1 found, 2 a wrong call or a program that cannot be\n"
           "run in the sandbox, 3 the tool could not judge, 130 interrupted.\n");
    return ILV_EXIT_CLEAN;
}

static int unknown(const char *name)
{
    char line[512];
    int used = snprintf(line, sizeof line, "no command '%s'; there are", name);
    for (size_t i = 0; i < COMMANDS && used < (int)sizeof line; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "%s %s", i ? "," : "",
                         commands[i].name);
    return ilv__complain(line);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = ILV_EXIT_USAGE;
    if (argc < 2)
        return ilv__complain("no command; interleave --help lists them");
    const char *name = argv[1];
    if (!strcmp(name, "--help") || !strcmp(name, "-?") || !strcmp(name, "help"))
        return help();
    if (!strcmp(name, "--version")) {
        printf("interleave %s\n", ILV_VERSION);
        return ILV_EXIT_CLEAN;
    }
    if (!strcmp(name, "c++"))
        name = "cxx";
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!strcmp(commands[i].name, name)) {
            char title[64];
            snprintf(title, sizeof title, "%s", commands[i].title);
            argv[1] = title;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return unknown(name);
}
