/* SPDX-License-Identifier: MIT */
/* Programs that cannot be run are made from the fake server's file by changing its header. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

static char error[512];
static struct ilv_target target;

static unsigned char *program_read(size_t *size)
{
    struct stat st;
    int fd = open(FAKE_SERVER, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st))
        abort();
    unsigned char *bytes = malloc((size_t)st.st_size);
    if (!bytes || read(fd, bytes, (size_t)st.st_size) != st.st_size)
        abort();
    close(fd);
    *size = (size_t)st.st_size;
    return bytes;
}

/* A copy of the program under the name p, changed by `change`. */
static void program_write(void (*change)(Elf64_Ehdr *), unsigned mode)
{
    size_t size;
    unsigned char *bytes = program_read(&size);
    if (change)
        change((void *)bytes);
    fixture_file("p", bytes, size, mode);
    free(bytes);
}

static const char *refusal(const char *command, int expected)
{
    ILV_CHECK_INT(ilv_target_check(command, &target, error, sizeof error), expected);
    return error;
}

static void dynamic_program_is_accepted_with_its_build_id(void)
{
    fixture_directory();
    program_write(NULL, 0755);
    ILV_CHECK_INT(ilv_target_check("./p", &target, error, sizeof error), 0);
    ILV_CHECK_STR(target.path, "./p");
    ILV_CHECK_U64(strlen(target.build_id), 40);
}

static void command_without_slash_is_looked_for_in_path(void)
{
    char path[4096];
    fixture_directory();
    program_write(NULL, 0755);
    setenv("PATH", "/nonexistent::/bin", 1);
    ILV_CHECK_INT(ilv_target_check("p", &target, error, sizeof error), 0);
    ILV_CHECK_STR(target.path, "./p");
    if (!getcwd(path, sizeof path))
        abort();
    setenv("PATH", path, 1);
    strcat(path, "/p");
    ILV_CHECK_INT(ilv_target_check("p", &target, error, sizeof error), 0);
    ILV_CHECK_STR(target.path, path);
    setenv("PATH", "/nonexistent", 1);
    ILV_CHECK_STR(refusal("p", -ENOENT), "p: command not found; give a path such as ./p");
}

static void missing_and_unusable_files_are_refused(void)
{
    fixture_directory();
    program_write(NULL, 0644);
    ILV_CHECK_STR(refusal("./q", -ENOENT),
                  "./q: No such file or directory; give the path of a program");
    ILV_CHECK_STR(refusal("./p", -EACCES), "./p: not executable; chmod +x it if it is a program");
    ILV_CHECK_STR(refusal("/", -EACCES), "/: is a directory; give the path of a program");
    ILV_CHECK_STR(refusal("", -ENOENT), ": command not found; give a path such as ./");
    fixture_file("e", "", 0, 0755);
    ILV_CHECK_STR(refusal("./e", -ENOEXEC), "./e: is empty; give a program");
    fixture_file("t", "hello\n", 6, 0755);
    ILV_CHECK_STR(refusal("./t", -ENOEXEC), "./t: neither a program nor a script with a #! line");
}

static void to_arm(Elf64_Ehdr *elf)
{
    elf->e_machine = EM_AARCH64;
}

static void to_32_bits(Elf64_Ehdr *elf)
{
    elf->e_ident[EI_CLASS] = ELFCLASS32;
}

static void other_architectures_are_refused(void)
{
    fixture_directory();
    program_write(to_arm, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC),
                  "./p: built for another architecture; the sandbox runs x86-64 programs");
    program_write(to_32_bits, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC),
                  "./p: built for another architecture; the sandbox runs x86-64 programs");
}

static void to_static(Elf64_Ehdr *elf)
{
    Elf64_Phdr *header = (void *)((unsigned char *)elf + elf->e_phoff);
    for (unsigned i = 0; i < elf->e_phnum; i++) {
        if (header[i].p_type == PT_INTERP)
            header[i].p_type = PT_NULL;
    }
}

static void to_object(Elf64_Ehdr *elf)
{
    elf->e_type = ET_REL;
}

static void static_programs_and_objects_are_refused(void)
{
    fixture_directory();
    program_write(to_static, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC),
                  "./p: statically linked, so the sandbox cannot enter it; link it dynamically");
    program_write(to_object, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC), "./p: not a program but an object file; link it first");
}

static void set_uid_programs_are_refused(void)
{
    fixture_directory();
    program_write(NULL, 04755);
    ILV_CHECK_STR(refusal("./p", -EACCES), "./p: set-uid or set-gid, so nothing can be preloaded "
                                           "into it; hunt a copy without that bit");
}

static void to_far_headers(Elf64_Ehdr *elf)
{
    elf->e_phoff = UINT64_C(1) << 60;
}

static void to_many_headers(Elf64_Ehdr *elf)
{
    elf->e_phnum = 65535;
    elf->e_phoff = 64;
}

static void cut_off_programs_are_refused(void)
{
    size_t size;
    unsigned char *bytes = program_read(&size);
    fixture_directory();
    program_write(to_far_headers, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC), "./p: a cut off program file; build it again");
    program_write(to_many_headers, 0755);
    ILV_CHECK_STR(refusal("./p", -ENOEXEC), "./p: a cut off program file; build it again");
    for (size_t cut = 5; cut < 900; cut += 7) {
        fixture_file("p", bytes, cut, 0755);
        int result = ilv_target_check("./p", &target, error, sizeof error);
        ILV_CHECK(result == 0 || result == -ENOEXEC);
    }
    free(bytes);
}

static void script_is_as_good_as_its_interpreter(void)
{
    fixture_directory();
    program_write(NULL, 0755);
    fixture_file("good", "#! ./p -x\n", 10, 0755);
    ILV_CHECK_INT(ilv_target_check("./good", &target, error, sizeof error), 0);
    ILV_CHECK_STR(target.path, "./good");
    fixture_file("bad", "#!./missing\n", 12, 0755);
    ILV_CHECK_STR(refusal("./bad", -ENOEXEC),
                  "./bad: its interpreter './missing' cannot be run; correct its first line");
    fixture_file("loop", "#!./loop\n", 9, 0755);
    ILV_CHECK_STR(refusal("./loop", -ENOEXEC),
                  "./loop: its interpreter './loop' cannot be run; correct its first line");
    program_write(to_static, 0755);
    ILV_CHECK_STR(refusal("./good", -ENOEXEC),
                  "./p: statically linked, so the sandbox cannot enter it; link it dynamically");
}

ILV_SUITE(target, ILV_TEST(dynamic_program_is_accepted_with_its_build_id),
          ILV_TEST(command_without_slash_is_looked_for_in_path),
          ILV_TEST(missing_and_unusable_files_are_refused),
          ILV_TEST(other_architectures_are_refused),
          ILV_TEST(static_programs_and_objects_are_refused), ILV_TEST(set_uid_programs_are_refused),
          ILV_TEST(cut_off_programs_are_refused), ILV_TEST(script_is_as_good_as_its_interpreter));
