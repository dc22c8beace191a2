"""The page to print: each team on its own paper, everybody in it, nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.io.test_write import make
from wfm import io
from wfm.core.types import Schedule
from wfm.io.write.print_page import SMALLEST


class Read(HTMLParser):
    """Headings of the sections, rows of the tables, and every attribute that leads elsewhere."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.cells: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._open = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [f"{k}={v}" for k, v in attrs if k in ("src", "href", "srcset", "action")]
        if tag in ("h1", "td", "th"):
            self._open = tag
            (self.headings if tag == "h1" else self.cells).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            into = self.headings if self._open == "h1" else self.cells
            into[-1] += data


def two_teams() -> Schedule:
    made = make(("a1", "a2", "a3"))
    made.totals["team"] = ["North", "South", "North"]
    made.totals["name"] = ["Ada", "Çağrı", "<b>Eve</b>"]
    return made


def test_each_team_has_its_page_with_its_people() -> None:
    page = Read(io.schedule_bytes(two_teams(), ".html", project="Demo"))
    assert page.headings == ["North", "South"]
    names = [cell for cell in page.cells if cell.startswith(("Ada", "Çağrı", "<b>Eve"))]
    assert names == ["<b>Eve</b> a3", "Ada a1", "Çağrı a2"]
    assert "Mon 02 Mar" in page.cells
    assert any(c.startswith("08:00-12:00break 10:00'=survey 10:30-12:00") for c in page.cells)


def test_a_large_team_has_short_names_that_are_explained() -> None:
    made = make(tuple(f"a{i}" for i in range(12)))
    data = io.schedule_bytes(made, ".html")
    page = Read(data)
    assert any(cell.startswith("08:00-12:00b 10:00S 10:30-12:00") for cell in page.cells)
    assert "b = break · S = =survey" in data.decode()


def test_hours_are_the_paid_ones() -> None:
    made = two_teams()
    totals = made.totals.assign(paid_h=[3.5, 9.0, 4.0])  # of 4, 10 and 4 hours at work
    page = Read(io.schedule_bytes(replace(made, totals=totals), ".html"))
    by_name = totals.sort_values(["team", "name"])["paid_h"].map("{:.1f}".format).tolist()
    assert [c for c in page.cells if re.fullmatch(r"\d+\.\d", c)] == by_name


def letters_of(people: int) -> float:
    """Size of the letters [pt] in the page of a team."""
    page = io.schedule_bytes(make(tuple(f"a{i}" for i in range(people))), ".html").decode()
    return float(re.findall(r"style=\"font-size: ([0-9.]+)pt", page)[0])


def test_the_letters_fill_the_sheet_and_are_never_too_small() -> None:
    assert letters_of(10) > letters_of(40) == SMALLEST


def test_more_than_a_week_is_a_page_a_week() -> None:
    made = replace(two_teams(), days=14)
    assert Read(io.schedule_bytes(made, ".html")).headings == ["North", "North", "South", "South"]


def test_it_asks_nobody_and_runs_nothing() -> None:
    data = io.schedule_bytes(two_teams(), ".html")
    page = Read(data)
    assert page.links == []
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert b"default-src 'none'" in data
    assert b"@page { size: A4 landscape" in data
    assert b"://" not in data


@pytest.mark.parametrize(("language", "day"), [("tr", "Pzt 2 Mar"), ("ka", "ორშ 2 მარ")])
def test_days_are_the_readers(language: str, day: str) -> None:
    data = io.schedule_bytes(two_teams(), ".html", language=language)
    assert day in Read(data).cells
    assert f'lang="{language}"'.encode() in data
