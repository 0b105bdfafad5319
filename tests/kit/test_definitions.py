"""Which names a cell defines, and where, by Python's grammar; without it, by what stands at the margin."""

from __future__ import annotations

import ast
import symtable
import time

import pytest
from htilde.submissions.definitions import (
    MAX_PARSED,
    called,
    defines,
    definition_in,
    definition_text,
    last_defining,
)
from hypothesis import given
from hypothesis import strategies as st

SPELLINGS = {
    "def": "def f(x):\n    return x",
    "a blank before the parenthesis": "def f (x):\n    return x",
    "two blanks": "def  f(x): return x",
    "a break": "def f(\n    x,\n):\n    return x",
    "a type parameter's comment": "def f(x):  # type: (float) -> float\n    return x",
    "async def": "async def f(x):\n    return x",
    "decorated": "@np.vectorize\n@(lambda g: g)\ndef f(x):\n    return x",
    "lambda": "f = lambda x: x",
    "assigned": "f=np.exp",
    "annotated": "f: Callable[[float], float] = np.exp",
    "chained": "g = f = np.exp",
    "in a tuple": "f, g = np.exp, np.log",
    "in a star": "g, *f = np.exp, np.log",
    "in a list": "[g, (h, f)] = a",
    "walrus": "(f := lambda x: x)",
    "walrus in a call": "print(f := np.exp)",
    "walrus in a comprehension": "[(f := x) for x in range(3)]",
    "behind a semicolon": "import numpy as np; f = np.exp",
    "imported": "import f",
    "imported with its parts": "import f.g",
    "imported as": "import numpy as f",
    "from": "from mine import f",
    "from, as": "from mine import (g, relu as f)",
    "class": "class f:\n    pass",
    "called by a class": "class f(Base): ...",
    "partial": "f = functools.partial(g, 1)",
    "in if": "if True:\n    def f(x): return x",
    "in else": "if True:\n    pass\nelif x:\n    pass\nelse:\n    f = 1",
    "in try": "try:\n    from fast import f\nexcept ImportError:\n    pass",
    "in except": "try:\n    pass\nexcept ImportError:\n    def f(x): ...",
    "in finally": "try:\n    pass\nfinally:\n    f = 1",
    "in with": "with np.errstate(all='ignore'):\n    f = 1",
    "with as": "with open(x) as f: pass",
    "in for": "for i in range(3):\n    f = 1",
    "for": "for f in functions: pass",
    "in while": "while True:\n    f = 1\n    break",
    "in match": "match x:\n    case 1:\n        f = 1",
    "deep": "if a:\n for b in c:\n  with d:\n   try:\n    f = 1\n   finally: pass",
    "a letter that the parser takes for f": "𝒇 = 1",
    "with a magic": "%matplotlib inline\ndef f(x): return x",
    "with a magic and a shell command": "!pip install x\nf = 1\nf?",
    "below a timer": "%%time\nf = lambda x: x",
    "broken elsewhere": "def f(x):\n    return x\n\nprint(",
    "broken itself": "def f(x)\n    return x",
    "broken, a blank before the parenthesis": "def f (x)\n    return x",
    "a broken lambda": "f = lambda x 2",
    "broken, annotated": "f: int = = 2",
    "broken, async": "async  def f(x)\n    pass",
    "a broken class": "class f\n    pass",
    "too long": "def f(x): pass\n" + "#" * MAX_PARSED,
    "too long a lambda": "#" * MAX_PARSED + "\nf=lambda x: x",
    "a null character": "def f(x): pass\n\0",
    "half a character": "def f(x): return '\ud800'",
}
NOT_DEFINED = {
    "nothing": "",
    "a comment": "# def f(x): pass\n#f = 1",
    "a string": "'''\ndef f(x): pass\nf = 1\n'''",
    "called": "f(1)",
    "compared": "f == 1",
    "an item": "f[0] = 1",
    "an attribute": "f.x = 1\na.f = 2",
    "a keyword": "g(f=1)",
    "an argument": "def g(f): pass\nh = lambda f: f",
    "in a function": "def g():\n    f = 1\n    def f(): pass\n    import f",
    "a method": "class G:\n    def f(self): pass\n    f = 1",
    "in a lambda": "g = lambda: (f := 1)",
    "in a comprehension": "[f for f in range(3)], {f: 1 for f in x}, {f for f in x}, sum(f for f in x)",
    "declared": "f: int",
    "deleted": "del f",
    "a longer name": "def ff(x): pass\nfoo = 1\nf_ = 2\n_f = 3",
    "imported from": "from f import g\nimport g as h, a.f",
    "another language": "%%javascript\nf = 1",
    "broken, a comparison": "f == 1\nprint(",
    "broken, a longer name": "def ff(x)\n  pass\nfoo = 1",
    "broken, inside": "def g(x)\n    def f(): pass\n    f = 1",
    "too long": "#" * MAX_PARSED + "\nff = 1\n f = 2",
}


@pytest.mark.parametrize("source", SPELLINGS.values(), ids=SPELLINGS)
def test_every_way_to_define_a_function_is_one(source: str) -> None:
    """Whatever else the cell holds, and whether or not it can be parsed."""
    assert defines(source, "f")
    assert defines(f"x = 1\n{source}", "f") or source.startswith("%%")


@pytest.mark.parametrize(
    "source", ["    def f(x):\n        return x", "\n\tf = 1", "    x = 1\n  def f(x): pass", "\ufeffdef f(x): pass"]
)
def test_a_cell_may_begin_behind_the_margin(source: str) -> None:
    """As IPython takes it, or so that the reason why there is no function is told: its cell raised."""
    assert defines(source, "f") and not defines(source, "g")


@pytest.mark.parametrize("source", NOT_DEFINED.values(), ids=NOT_DEFINED)
def test_what_binds_the_name_elsewhere_or_not_at_all_defines_nothing(source: str) -> None:
    """A name in a scope of its own, in a text, or a part of another name."""
    assert not defines(source, "f")
    assert definition_in(source, "f") is None and called(source, "f") == set()


names = st.sampled_from("fgh")
values = st.sampled_from(["1", "lambda f: g", "[h for h in x]", "(g := 2)", "k(f=1)", "a.f", "f"])
simple = st.one_of(
    st.builds("{} = {}".format, names, values),
    st.builds("{}: int = {}".format, names, values),
    st.builds("{}, ({}, x) = {}".format, names, names, values),
    st.builds("import {0} as k, {1}.a".format, names, names),
    st.builds("from {0} import {1}, k as {0}".format, names, names),
    st.builds("{}".format, values),
)
statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds("def {0}({1}):\n {2}".format, names, names, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("class {0}:\n {1}".format, names, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("if {0}:\n {1}\nelse:\n {1}".format, values, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("for {0} in {1}:\n {2}".format, names, values, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("with x as {0}:\n {1}".format, names, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("try:\n {0}\nfinally:\n {0}".format, inner.map(lambda s: s.replace("\n", "\n "))),
        st.builds("{}\n{}".format, inner, inner),
    ),
    max_leaves=6,
)


@given(statements)
def test_a_cell_defines_what_pythons_compiler_says_that_it_binds(source: str) -> None:
    """The compiler's own table of symbols agrees, for any nesting of statements."""
    table = symtable.symtable(source, "cell", "exec")
    bound = {
        one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported() or one.is_namespace()
    }
    assert {name for name in "fghkx" if defines(source, name)} == bound & set("fghkx")


@given(statements)
def test_a_definition_lies_where_it_is_said_to(source: str) -> None:
    """Its lines alone bind the name; behind its end nothing does; and only what stands alone says so."""
    for name in "fgh":
        found = definition_in(source, name)
        assert (found is not None) == defines(source, name)
        if found is not None:
            lines = source.split("\n")
            assert 1 <= found.first <= found.last <= found.end <= len(lines)
            assert not defines("\n".join(lines[found.end :]), name)
            if found.alone:
                own = "\n".join(line.removeprefix(found.indent) for line in lines[found.first - 1 : found.last])
                (statement,) = ast.parse(own).body
                assert defines(own, name) and definition_text(source, name).rstrip("\n").endswith(own.split("\n")[-1])
                assert not isinstance(statement, (ast.If, ast.For, ast.With, ast.Try))


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("def f(x):\n    return x\n", (1, 2, "", True, 2)),
        ("x = 1\n@a\n@b(\n 1)\ndef f(x):\n\n    return x  # this\n\ny = 2", (2, 7, "", True, 7)),
        ("f = 1\nf = lambda x: (\n x)", (2, 3, "", True, 3)),
        ("if a:\n    f = 1\nelse:\n    f = 2  # why\n    g = 3\n", (4, 4, "    ", True, 5)),
        ("a = 1; f = 2", (1, 1, "a = 1; ", False, 1)),
        ("f = 2; a = 1", (1, 1, "", False, 1)),
        ("if a: f = 1", (1, 1, "if a: ", False, 1)),
        ("f = g = 1", (1, 1, "", False, 1)),
        ("f, g = 1, 2", (1, 1, "", False, 1)),
        ("f = (g := 1)", (1, 1, "", False, 1)),
        ("f = a.b = 1", (1, 1, "", False, 1)),
        ("import f, g", (1, 1, "", False, 1)),
        ("import f", (1, 1, "", True, 1)),
        ("(f := 1)", (1, 1, "", True, 1)),
        ("print(f := 1)", (1, 1, "", False, 1)),
        ("for f in x:\n    pass", (1, 2, "", False, 2)),
        ("%time x\n'é'; f = 1\n", (2, 2, "'é'; ", False, 2)),
        ("x = 1\rf = 2\r\nf = 3", (3, 3, "", True, 3)),
        ("x = '''\x0c\u2028'''\nf = 3", (2, 2, "", True, 2)),
    ],
)
def test_where_a_definition_lies(source: str, where: tuple[int, int, str, bool, int]) -> None:
    """Decorators belong to it; a line that does more isn't its own; of several the last one counts."""
    found = definition_in(source, "f")
    assert found is not None and (found.first, found.last, found.indent, found.alone, found.end) == where


def test_the_text_of_a_definition() -> None:
    """Its lines and nothing around them; of what can't be parsed all."""
    assert definition_text("x = 1\n@a\ndef f(x):\n    return x\ny = 2", "f") == "@a\ndef f(x):\n    return x\n"
    assert definition_text("def f(x)\n  pass", "f") == "def f(x)\n  pass"
    assert definition_text("", "f") == ""


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): return g(x) + h.k(x) + [m(y) for y in x][0]", {"g", "m"}),
        ("f = lambda x: g(x)", {"g"}),
        ("async def f(x): return await g(x)", {"g"}),
        ("class f:\n    def __call__(self, x): return g(x)", {"g"}),
        ("def f(x): return g(x)\nf = np.vectorize(f)\ndef f(x): return h(x)", {"h"}),
        ("def k(x): return g(x)\ndef f(x): return x", set()),
        ("def f(g, k=1):\n    h = k\n    def m(x): return x\n    return g(h(m(1)))", set()),
        ("def f(x): return g", set()),
        ("def f(x): return f(x - 1)", set()),
        ("if a:\n    def f(x): return g(x)", {"g"}),
        ("%time 1\ndef f(x): return g(x)", {"g"}),
        ("def f(x) return g(x)", set()),
    ],
)
def test_what_a_function_calls(source: str, names: set[str]) -> None:
    """By a global name: not its arguments, its own names, itself, or what it only mentions."""
    assert called(source, "f") == names


HOSTILE = {
    "a long tuple": "f," * (MAX_PARSED // 2),
    "a long chain": "f=" * (MAX_PARSED // 2 - 1) + "1",
    "many statements": "f=1;" * (MAX_PARSED // 4),
    "many branches": "if f:0\n" + "elif f:0\n" * (MAX_PARSED // 9 - 1),
    "deep brackets": ("(" * 90 + "f" + ")" * 90 + ",") * (MAX_PARSED // 182),
    "many magics": "%f\n" * (MAX_PARSED // 3),
    "magics in a bracket": "f = (\n" + "%f\n" * (MAX_PARSED // 3 - 2),
    "magics in a text": "'''\n" + "!f\n" * (MAX_PARSED // 3 - 2),
    "signs": "-" * (MAX_PARSED - 1) + "f",
    "sums": "f+" * (MAX_PARSED // 2 - 1) + "f",
    "too long": "f" * 200_000,
    "lines": "f\n" * 100_000,
    "definitions that are none": "def f" * 40_000,
    "blanks": "def" + " " * 199_000 + "f",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_takes_long_to_read(source: str) -> None:
    """However it is made, and whatever its text makes a parser or a pattern try."""
    before = time.process_time()
    defines(source, "f")
    assert time.process_time() - before < 0.5


def test_of_several_cells_the_last_one_counts() -> None:
    """By its position; None if no cell defines the name."""
    cells = ["f = 1", "def f(x)\n  pass", "g = f"]
    assert [last_defining(cells, name) for name in "fgh"] == [1, 2, None]
    assert last_defining([], "f") is None


@pytest.mark.parametrize("count", [100, 1_000])
def test_a_whole_submission_doesnt_take_long_to_read(count: int) -> None:
    """However many cells mention a name: of too many none is parsed, and only what stands at the margin counts."""
    cells = ["(" + "f," * (1_000_000 // count - 5) + f"{at})" for at in range(count)]
    before = time.process_time()
    assert last_defining([*cells, "if f:\n  g = f = 1"], "f") is None
    assert last_defining(["f = 1", *cells, "g\n  f = 2"], "f") == 0
    assert time.process_time() - before < 1.0
    assert last_defining(["x", "if f:\n  g = f = 1"], "f") == 1
