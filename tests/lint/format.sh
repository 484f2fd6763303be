#!/bin/sh
# SPDX-License-Identifier: MIT
# format.sh ROOT: every tracked C file is formatted as .clang-format says. Versions of
# clang-format differ in what they make of the same style: ours is 14.
cd "$1" || exit 1
[ -e .git ] || { echo "skipped: not a git working tree"; exit 77; }
for tool in clang-format-14 clang-format; do
    if "$tool" --version 2>/dev/null | grep -q 'version 14\.'; then
        git ls-files -z '*.c' '*.h' '*.cc' | xargs -0 -n 50 "$tool" --dry-run --Werror
        exit $?
    fi
done
echo "skipped: no clang-format 14 here"
exit 77
