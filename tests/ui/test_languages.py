"""Every page in every language: no error, and nothing of ours left in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import wfm.ui
from wfm.core import language as languages
from wfm.ui.main import PAGES

OWN = re.compile(  # what people have typed or a program has named, and what is no word
    r"[\W\d_]*|Ada|Tiny|Empty|wfm|tiny\.csv|calls|survey|half,?|Agent \d|a\d|Team \d|break"
    r"|calls, survey|'?survey(: survey)?, survey.*|survey: .*|Agent \d \(a\d\)"
    r"|[A-Z][\w-]+(/[\w-]+)+|Erlang [AC]|[A-Z]{2,3}"
    r"|[a-z]+(_[a-z0-9]+)*|(cp|utf-|latin-)\d+|wfm plan plan\.toml|[0-9a-f]{8}|/calendars/\S+"
)
NUMBERS = r"\s[+−-][\d.,]*\d(?:, )?"  # as in "Level +72, Weekday +2"
SCRIPT = Path(wfm.ui.__file__).parent / "script" / "app.py"
PROJECTS = (None, "Empty", "Tiny")


@pytest.fixture
def unknown(monkeypatch):
    """Texts that passed to the screen without a translation."""
    texts: list[str] = []
    plain = languages.Catalogue._told

    def watched(self, text):
        if self.find(text) is None:
            texts.append(text)
        return plain(self, text)

    monkeypatch.setattr(languages.Catalogue, "_told", watched)
    languages.catalogue.cache_clear()
    yield texts
    languages.catalogue.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("language", [code for code in languages.LANGUAGES if code != "en"])
def test_every_page_speaks_the_reader_s_language(store, unknown, language):
    for screen in PAGES:
        for project in PROJECTS:
            app = AppTest.from_file(str(SCRIPT), default_timeout=120)
            app.query_params["lang"] = language
            app.query_params["name"] = "Ada"
            if project is not None:
                app.query_params["project"] = str(store.project(project).id)
            if screen.name != "start":
                app._page_hash = calc_hash(screen.name)
            app.run()
            assert not app.exception, (screen.name, project)
            assert app.session_state["language"] == language
    told = set(languages.catalogue(language)._texts.values()) | set(languages.LANGUAGES.values())
    told |= {
        f"{name} ({code})"
        for code, name in languages.catalogue(language).locale.territories.items()
    }
    lists = {t for t in unknown if set(filter(None, re.split(NUMBERS, t))) <= told}
    plain = {text for text in set(unknown) - lists if not {text, text.strip("#* ")} & told}
    left = sorted(text for text in plain if not OWN.fullmatch(text.strip("#* ")))
    assert not left, "\n".join(left)
