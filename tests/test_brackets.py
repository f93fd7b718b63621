"""How deep a text nests, and which lines its long texts take."""

import subprocess
import sys
from pathlib import Path

from documents import patient
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.brackets import DEEPEST, long_texts
from tracker.problems import Place
from tracker.source import parse

REPOSITORY = Path(__file__).parent.parent
WRAPPERS = [
    ("[", "]"),
    ("[\n", "\n]"),
    ("{a = ", "}"),
    ("{a.b.c = ", "}"),
    ('["""[\n""", ', "]"),
    ("['[', [", "]]"),
    ("[# ]\n", "]"),
]


@patient
@given(st.lists(st.sampled_from(WRAPPERS), max_size=40), st.integers(1, 5))
@example([WRAPPERS[0]] * 49, 1)
@example([WRAPPERS[0]] * 50, 1)
@example([WRAPPERS[1]] * 25, 2)
@example([WRAPPERS[3]] * 17, 1)
@example([WRAPPERS[4]] * 25, 2)
def test_a_document_is_refused_exactly_if_it_is_too_deep(wrappers: list[tuple[str, str]], times: int) -> None:
    wrappers = wrappers * times
    text = "a = " + "".join(a for a, _b in wrappers) + "1" + "".join(b for _a, b in reversed(wrappers))
    depth = sum({"{a.b.c = ": 3, "['[', [": 2}.get(a, 1) for a, _b in wrappers)
    found = parse(text.encode(), "f.toml")
    assert [p.message for p in found.problems] == (["括号嵌套过深，无法读取。"] if depth > DEEPEST else [])
    if depth <= DEEPEST:
        assert found.is_whole
        assert found.place(("a",)).line == 1


ATTACKS = """
import threading
from tracker.source import parse

threading.stack_size(1024 * 1024)  # what Windows gives
attacks = {
    "lists on one line": "a = " + "[" * 100_000,
    "lists on many lines": "a = " + "[\\n" * 100_000 + "]\\n" * 100_000,
    "open lists": "a = [\\n" + "b = [\\n" * 100_000,
    "inline tables": "a = " + "{a = " * 50_000 + "1" + "}" * 50_000,
    "dotted names": "a." * 100_000 + "a = 1",
    "dotted headers": "".join(f"[{'a.' * n}a]\\n" for n in range(0, 3000, 99)),
    "dots in brackets": ("a = [\\n" + "{" + "a." * 90 + "a = [\\n" * 1) * 5_000,
    "hidden in long quotes": "a = [\\n" + '\\"\\"\\"\\n\\"\\"\\", [[[ \\"\\"\\"]]]\\n\\"\\"\\", ' * 40_000,
}

def run():
    for name, text in attacks.items():
        found = parse(text.encode(), "f.toml")
        found.place(("a", "a"))
        assert found.problems, name
    print("alive")

thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_no_depth_brings_the_process_down_on_a_small_stack() -> None:
    done = subprocess.run([sys.executable, "-c", ATTACKS], capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_a_long_honest_file_is_not_taken_for_a_deep_one() -> None:
    lists = "".join(f'[[update]]\nitem = "{n}"\nevidence = [\n  "会议记录[{n}]",\n  "照片",\n]\n' for n in range(500))
    found = parse(lists.encode(), "f.toml")
    assert found.problems == ()
    assert len(found.data["update"]) == 500
    assert found.place(("update", 499, "evidence", 1)) == Place("f.toml", 2999, 3)


def test_the_lines_of_long_texts_are_known() -> None:
    text = 'a = """x\ny"""\nb = "\\"\\"\\""\n# """\n' + "c = '''z'''\n" + 'd = """\n\n'
    assert long_texts(text) == [range(1, 3), range(5, 6), range(6, 9)]
