/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static struct call call;

static void debugger_stops_at_the_failing_step(void)
{
    fixture_sandbox();
    if (system("gdb -batch -ex 'info line' >/dev/null 2>&1"))
        ilv_test_skip("no gdb here");
    fixture_call(&call, "hunt -q -- " ABBA);
    ILV_CHECK_STR(call.out, "FOUND deadlock (cycle) in run 0: buggy-deadlock-1.sched\n");
    fixture_call(&call, "replay --gdb buggy-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 0);
    if (strstr(call.err, "Could not trace the inferior process"))
        ilv_test_skip("gdb may not trace here");
    ILV_CHECK(strstr(call.out, "stopped at the failing step; the tasks are the threads:") != NULL);
    ILV_CHECK(strstr(call.out, "  2.3 ") != NULL);
    ILV_CHECK(strstr(call.out, "  2.4 ") == NULL);
    ILV_CHECK_INT(fixture_running(), 0);
}

static void missing_debugger_is_told(void)
{
    fixture_sandbox();
    fixture_call(&call, "hunt -q -- " ABBA);
    setenv("PATH", "/nonexistent", 1);
    fixture_call(&call, "replay --gdb buggy-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK(strstr(call.err, ": gdb cannot be started: No such file or directory\n") != NULL);
}

ILV_SUITE(debugger, ILV_TEST(debugger_stops_at_the_failing_step),
          ILV_TEST(missing_debugger_is_told));
