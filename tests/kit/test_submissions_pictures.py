"""A page shows the pictures that a student handed in, and nothing that only says that it is one."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from graded import PNG
from htilde.prose.markdown import prose
from htilde.submissions.cell import MAX_SOURCE
from htilde.submissions.pictures import MAX_PASTED, MAX_PICTURES, Pictures, shown_pictures
from hypothesis import given
from hypothesis import strategies as st

DATA = base64.b64encode(PNG).decode()
URL = f"data:image/png;base64,{DATA}"
SVG = base64.b64encode(b"<svg onload='pwn()'/>").decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a submission, and a secret above it."""
    inside = tmp_path / "a1"
    (inside / "d").mkdir(parents=True)
    for place in (inside / "graph.png", inside / "d" / "my graph.png", tmp_path / "secret.png"):
        place.write_bytes(PNG)
    (inside / "drawing.svg").write_text("<svg onload='pwn()'/>")
    (inside / "renamed.png").write_text("<svg onload='pwn()'/>")
    (inside / "linked.png").symlink_to(tmp_path / "secret.png")
    (inside / "up").symlink_to(tmp_path)
    return inside


@pytest.mark.parametrize("name", ["graph.png", "d/my%20graph.png"])
def test_a_picture_beside_the_notebook_is_put_into_the_page(folder: Path, name: str) -> None:
    """As an address that holds all of it."""
    page = prose(f"![my graph]({name})", pictures=Pictures(folder))
    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in page and 'alt="my graph"' in page


ELSEWHERE = [
    "../secret.png",
    "linked.png",
    "up/secret.png",
    "drawing.svg",
    "renamed.png",
    "none.png",
    "d",
    ".",
    "/etc/x",
]
ELSEWHERE += [
    "https://example.org/x.png",
    "graph.png?x",
    "%2e%2e/secret.png",
    "d/../graph.png",
    "a%00b.png",
    "file:///x",
]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_picture_comes_from_elsewhere(folder: Path, name: str) -> None:
    """Not from above, behind a link or another site, and nothing that only says that it is one: there are words."""
    page = prose(f"![my graph]({name})", pictures=Pictures(folder))
    assert "<img" not in page and "[picture: my graph" in page


def test_a_page_holds_so_much_of_pictures_and_no_more(folder: Path) -> None:
    """However often one is shown."""
    (folder / "large.png").write_bytes(PNG + bytes(MAX_PICTURES // 3))
    pictures = Pictures(folder)
    pages = [prose("![x](large.png)" * 2, pictures=pictures) for _ in range(3)]
    assert [page.count("<img") for page in pages] == [2, 0, 0]


# Pasted into a cell


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("image.png", "image.png"),
        ("a b (1).png", "a%20b%20%281%29.png"),
        ("a b.png", "a b.png"),
        ("그림.jpg", "그림.jpg"),
        ("그림.jpg", "%EA%B7%B8%EB%A6%BC.jpg"),
        ("pasted-2.png", "pasted-2.png"),
        ("<script>", "<script>"),
    ],
)
def test_a_pasted_picture_is_kept_under_a_name_of_ours(name: str, address: str) -> None:
    """Whatever it was called and however Markdown writes that; the type is that of its bytes."""
    source, kept = shown_pictures(f"See ![my graph](attachment:{address}).", [(name, DATA)])
    assert source == "See ![my graph](attachment:pasted-1.png)."
    assert kept == {"pasted-1.png": {"image/png": DATA}}


def test_names_that_begin_alike_stay_apart() -> None:
    """A picture never takes the place of another, ours included: a notebook may be handed in as it came back."""
    names = ["pasted-2.png", "pasted-1.png", "pasted-1.png.png", "p"]
    pictures = {name: PNG + bytes([number]) for number, name in enumerate(names)}
    pasted = [(name, base64.b64encode(raw).decode()) for name, raw in pictures.items()]
    source, kept = shown_pictures(" ".join(f"attachment:{name}" for name in names), pasted)
    shown = [base64.b64decode(*kept[name].values()) for name in source.replace("attachment:", "").split()]
    assert shown == [*pictures.values()]


@pytest.mark.parametrize(
    "data", [SVG, "", "no base64", "é", DATA[1:], "A" * 100], ids=["svg", "empty", "text", "other", "cut", "noise"]
)
def test_what_is_no_picture_isnt_kept(data: str) -> None:
    """By its bytes; then the prose stays as it was."""
    assert shown_pictures("![x](attachment:a.png)", [("a.png", data)]) == ("![x](attachment:a.png)", {})


def test_what_no_prose_shows_isnt_kept() -> None:
    """Only what a person will see goes on."""
    assert shown_pictures("nothing", [("a.png", DATA)]) == ("nothing", {})


names = st.text("ab.-()% \n\ud800\u202e1p", min_size=1, max_size=6)


@given(st.lists(st.tuples(names, st.sampled_from([DATA, SVG, "", "?"])), max_size=5), st.lists(names, max_size=5))
def test_only_names_of_ours_and_data_of_pictures_go_on(pasted: list[tuple[str, str]], shown: list[str]) -> None:
    """Nothing that a student chose is in what a cell holds."""
    source = " ".join(f"attachment:{name}" for name in [*shown, *(name for name, _ in pasted)])
    source, kept = shown_pictures(source, pasted)
    assert all(re.fullmatch(r"pasted-\d+\.png", name) for name in kept)
    assert all(held == {"image/png": DATA} and f"attachment:{name}" in source for name, held in kept.items())


@pytest.mark.parametrize("name", ["a", "a" * 400, "attachment:"])
def test_a_hostile_cell_takes_no_time(name: str) -> None:
    """The longest source that is read, with as many pictures as count, takes a moment, whatever is in it."""
    start = time.process_time()
    pasted = [(name * (1 + number % 7) + chr(33 + number), DATA) for number in range(MAX_PASTED)]
    shown_pictures((f"attachment:{name}" * MAX_SOURCE)[:MAX_SOURCE], [*pasted, (name, DATA)])
    assert time.process_time() - start < 2


def test_a_cell_holds_so_many_pictures_and_no_more() -> None:
    """A student who pastes thousands costs nobody time."""
    pasted = [(f"{number:04}.png", DATA) for number in range(MAX_PASTED + 10)]
    _, kept = shown_pictures(" ".join(f"attachment:{name}" for name, _ in pasted), pasted)
    assert len(kept) == MAX_PASTED


@pytest.mark.parametrize("source", ["![my graph]({})", "![my graph][1]\n\n[1]: {}", '<img alt="my graph" src="{}">'])
def test_a_pasted_picture_is_put_into_the_page(tmp_path: Path, source: str) -> None:
    """However it is written; one that isn't there is told in words, as is one that isn't a picture."""
    held = {"pasted-1.png": {"image/png": DATA}, "pasted-2.png": {"image/png": SVG}}
    pages = [
        prose(source.format(f"attachment:pasted-{number}.png"), pictures=Pictures(tmp_path), attachments=held)
        for number in (1, 2, 3)
    ]
    assert URL in pages[0] and 'alt="my graph"' in pages[0]
    assert all("<img" not in page and "[picture: my graph" in page for page in pages[1:])


def test_a_pasted_picture_is_no_link(tmp_path: Path) -> None:
    """It can be seen, and not clicked."""
    held = {"pasted-1.png": {"image/png": DATA}}
    page = prose("[x](attachment:pasted-1.png)", pictures=Pictures(tmp_path), attachments=held)
    assert "href" not in page and "attachment" not in page


def test_pasted_pictures_count_as_well(tmp_path: Path) -> None:
    """A page has one limit for all of them."""
    large = base64.b64encode(PNG + bytes(MAX_PICTURES // 3)).decode()
    held = {"pasted-1.png": {"image/png": large}}
    page = prose("![x](attachment:pasted-1.png)" * 4, pictures=Pictures(tmp_path), attachments=held)
    assert page.count("<img") == 2
