# SPDX-License-Identifier: MIT
"""Which mechanical changes a source of primitives/src offers: see mutants.py.

The sources are read by regular expressions. That is enough because they are formatted (functions
begin and end in the first column) and written without macros that hide calls. Comments, strings and
preprocessor lines are blanked first, with every character in its place.
"""
import collections
import re

# edits: [(from, to, text)] in the source's text; nth: which of the same name in its function
Change = collections.namedtuple("Change", "file line function kind what nth edits")

NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|^[ \t]*#(?:\\\n|[^\n])*', re.S | re.M)
BODY = re.compile(r"^\w[^;{}]*?(\w+)\([^;{}]*\)[^;{}()]*\n\{\n.*?^\}", re.S | re.M)
ORDER = re.compile(r"__ATOMIC_(SEQ_CST|ACQ_REL|ACQUIRE|RELEASE)\b")
WEAKER = {
    "load": {"SEQ_CST": ["ACQUIRE"], "ACQUIRE": ["RELAXED"]},
    "store": {"SEQ_CST": ["RELEASE"], "RELEASE": ["RELAXED"]},
    "both": {"SEQ_CST": ["ACQ_REL"], "ACQ_REL": ["ACQUIRE", "RELEASE"], "ACQUIRE": ["RELAXED"],
             "RELEASE": ["RELAXED"]},
}
WAKE = (r"ilv__wake|ilv_condition_notify_\w+|pthread_cond_\w+|ilv_event_set|wake_all|wake_workers|"
        r"wake_everybody|notify|give_room|ilv__keeper_tell|ilv__task_wake")
# What runs because somebody died, and what is noted for that: the call is replaced by the text.
REPAIR = {
    r"repair|ilv__undo_contents|ilv__ring_repair|ilv__heap_repair|ilv__roll_back|ilv__finish|"
    r"ilv__save|ilv__commit|ilv__control|ilv__heap_drop_from|ilv_mutex_consistent|"
    r"ilv_rlock_consistent|put_back_of_the_dead|settle|replace|adopt_orphans|drop_orphans|"
    r"ilv__mutex_disinherit|ilv__self_forget|ilv__process_forget_launcher|ilv__watch_forget|discard|leave_broken": "0",
    r"ilv__life_goes_on": "true",
    r"anybody_died|is_gone|ilv__queue_find_orphan": "false",
}
REPAIRED = re.compile(r"^[ \t]*((?:barrier->arrived|barrier->who\[place\]|undo->doomed|"
                      r"undo->(?:fresh|stale)\[\w+\]) = 0);", re.M)
# calls that note what they overwrite: the arguments that make the plain store
NOTES = {"ilv__change": "*({2}) = ({3})", "put_word": "*({1}) = ({2})", "change": "*({1}) = ({2})",
         "put": "*ilv__word({0}, {1}) = ({2})"}
# (takes, gives back, text for the one, text for the other): of the same object, by its last name
LOCKS = [
    (r"pthread_mutex_(?:lock|trylock)", r"pthread_mutex_unlock", "0", "0"),
    (r"ilv_mutex_lock", r"ilv_mutex_unlock", "0", "0"),
    (r"ilv_rlock_lock", r"ilv_rlock_unlock", "0", "0"),
    (r"ilv__mutex_take", r"ilv__mutex_leave", "false", "(void)0"),
    (r"enter", r"ilv__mutex_leave", "(void)0", "(void)0"),
    (r"take(?=\(&)", r"ilv__mutex_leave", "0", "(void)0"),
    (r"ilv__queue_lock", r"ilv__queue_unlock", "(void)0", "(void)0"),
    (r"ilv__registry_lock", r"ilv__registry_unlock", "(void)0", "(void)0"),
    (r"ilv__heap_enter", r"ilv__heap_leave", "ilv__heap({0})", "(void)0"),
    (r"ilv__enter", r"ilv__leave", "(ilv__object_is({0}, {1}) ? 0 : EINVAL)", "({1})"),
    (r"begin_forking", r"end_forking", "(void)0", "(void)0"),
    (r"ilv__pipe_begin", r"ilv__pipe_end", "0", "(void)0"),
]
# a call that takes what another name gives back
LOCK_OF = {"enter": "mutex", "ilv__registry_lock": "registry", "ilv__registry_unlock": "registry",
           "begin_forking": "forking", "end_forking": "forking"}


def blanked(text):
    """The text with nothing but code in it."""
    return NOT_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def closing(code, at):
    """Where the parenthesis that opens at `at` is closed."""
    depth = 0
    for i in range(at, len(code)):
        depth += {"(": 1, ")": -1}.get(code[i], 0)
        if depth == 0:
            return i
    raise ValueError(f"no end of what is opened at {at}")


def split(arguments):
    """The arguments of a call."""
    depth, parts = 0, [""]
    for c in arguments:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [" ".join(part.split()) for part in parts]


Call = collections.namedtuple("Call", "name start end arguments")


def calls(code, names, start, end):
    """Calls of functions with these names in a body."""
    for found in re.finditer(rf"(?<![\w>.])({names})\(", code[start:end]):
        at = start + found.end() - 1
        close = closing(code, at)
        yield Call(found[1], start + found.start(), close + 1, split(code[at + 1:close]))


def lock_of(arguments):
    """The last name of the argument that is a lock or holds one."""
    at = 1 if len(arguments) > 1 and arguments[1].endswith("lock") else 0
    return (re.findall(r"\w+", arguments[at]) or ["none"])[-1]


def brief(text, most=70):
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most - 3] + "..."


class Source:
    """One source and its changes."""

    def __init__(self, name, text):
        self.name, self.text, self.code = name, text, blanked(text)
        self.bodies = []
        for found in BODY.finditer(self.code):
            self.bodies.append((found[1], found.start() + found[0].index("\n{\n") + 1, found.end()))
        self.seen = collections.Counter()

    def change(self, function, kind, what, edits):
        self.seen[function, what] += 1
        line = self.text.count("\n", 0, edits[0][0]) + 1
        return Change(self.name, line, function, kind, what, self.seen[function, what], edits)

    def mutated(self, change):
        text = self.text
        for start, end, new in sorted(change.edits, reverse=True):
            lines = text.count("\n", start, end)
            text = text[:start] + new + "\n" * lines + text[end:]
        return text

    def orders(self, function, start, end):
        for call in calls(self.code, r"__atomic_\w+", start, end):
            inside = self.code[call.start:call.end]
            operation = call.name.removeprefix("__atomic_").removesuffix("_n")
            for n, found in enumerate(ORDER.finditer(inside)):
                failing = operation == "compare_exchange" and "__ATOMIC_" in inside[:found.start()]
                kind = "load" if failing else operation
                for new in WEAKER.get(kind, WEAKER["both"])[found[1]] if n < 2 else ():
                    at = call.start + found.start()
                    where = f"{operation} of {brief(call.arguments[0], 50)}"
                    yield self.change(function, "order", f"{where}: {found[1]} -> {new}",
                                      [(at, at + len(found[0]), f"__ATOMIC_{new}")])

    def wakes(self, function, start, end):
        for call in calls(self.code, WAKE, start, end):
            yield self.change(function, "wake", f"no {brief(self.text[call.start:call.end])}",
                              [(call.start, call.end, "0")])
        for found in re.finditer(r"write\(pool->event[^;]*(?=;)", self.code[start:end]):
            yield self.change(function, "wake", f"no {brief(found[0])}",
                              [(start + found.start(), start + found.end(), "1")])

    def loops(self, function, start, end):
        for found in re.finditer(r"\bwhile \(", self.code[start:end]):
            at = start + found.start()
            close = closing(self.code, start + found.end() - 1)
            condition = self.text[start + found.end():close]
            ends_it = self.code[close + 1:].lstrip()[:1] == ";"
            new = (f"while ((({condition}), 0))" if ends_it else
                   f"for (int once_ = 1; once_ && ({condition}); once_ = 0)")
            yield self.change(function, "while", f"if ({brief(condition)})", [(at, close + 1, new)])

    def repairs(self, function, start, end):
        for names, new in REPAIR.items():
            for call in calls(self.code, names, start, end):
                yield self.change(function, "repair",
                                  f"{new if new != '0' else 'no'} {brief(self.text[call.start:call.end])}",
                                  [(call.start, call.end, new)])
        for call in calls(self.code, "|".join(NOTES), start, end):
            of_heap = self.name == "heap.c" or call.name not in ("put", "put_word")
            of_object = call.name != "change" or call.arguments[0] in ("dict", "list")
            if of_heap and of_object:
                yield self.change(function, "repair",
                                  f"not noted: {brief(self.text[call.start:call.end])}",
                                  [(call.start, call.end, NOTES[call.name].format(*call.arguments))])
        for found in REPAIRED.finditer(self.code, start, end):
            yield self.change(function, "repair", f"no {found[1]}", [(*found.span(1), "(void)0")])

    def lock_calls(self, function, start, end):
        """(position, which lock, whether it is taken, call, text instead) in order."""
        found = {}
        for takes, gives, took, gave in LOCKS:
            for names, taken, new in ((takes, True, took), (gives, False, gave)):
                for call in calls(self.code, names, start, end):
                    lock = LOCK_OF.get(call.name) or lock_of(call.arguments)
                    found[call.start] = (call.start, (gives, lock), taken, call,
                                         new.format(*call.arguments, "", ""))
        return [found[start] for start in sorted(found)]

    def pair(self, function, took, gave):
        edits = [(call.start, call.end, new) for _, _, _, call, new in [took, *gave]]
        taken = took[3]
        return self.change(function, "lock", f"no {brief(self.text[taken.start:taken.end])} and its end",
                           edits)

    def locks(self):
        """Locks and what gives them back behind, else in other functions of the file."""
        alone, ends = [], []
        for function, start, end in self.bodies:
            found = self.lock_calls(function, start, end)
            paired = set()
            for i, took in enumerate(found):
                if not took[2]:
                    continue
                gave = []
                for k in range(i + 1, len(found)):
                    if found[k][1] == took[1] and found[k][2]:
                        break
                    if found[k][1] == took[1]:
                        gave.append(found[k])
                        paired.add(k)
                if gave:
                    yield self.pair(function, took, gave)
                else:
                    alone.append((function, took))
            ends += [f for k, f in enumerate(found) if not f[2] and k not in paired]
        for function, took in alone:
            gave = [f for f in ends if f[1] == took[1]]
            if gave:
                yield self.pair(function, took, gave)

    def all(self):
        changes = list(self.locks())
        for body in self.bodies:
            for kind in (self.orders, self.wakes, self.loops, self.repairs):
                changes += kind(*body)
        return sorted(changes, key=lambda c: (c.line, c.kind, c.what))
