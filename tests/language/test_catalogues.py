"""The catalogues are whole: every text of the app in every language, with its places."""

from __future__ import annotations

import importlib.util
import re
import string
from pathlib import Path
from types import ModuleType

import pytest

from wfm.core.language import LANGUAGES, catalogue, places, told

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [language for language in LANGUAGES if language != "en"]


def collector() -> ModuleType:
    spec = importlib.util.spec_from_file_location("texts", ROOT / "docs" / "make_catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = collector()
MESSAGES = TEXTS.messages()


def filled(template: str) -> str:
    """A template as the code may finish it."""
    values = {}
    for name, spec in places(template):
        if spec.startswith("%") and spec != "%":
            named = "02 Mar" if re.search("%[aAbB]", spec) else "2026-03-02"
            values[name] = {"%a": "Mon"}.get(spec, named)
        else:
            values[name] = "7" if spec else f"x{len(values)}"
    parsed = string.Formatter().parse(template)
    return "".join(text + ("" if name is None else values[name]) for text, name, *_ in parsed)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_app_and_every_error_is_translated(language):
    known = catalogue(language)._texts
    missing = [(text, path) for text, path in MESSAGES.items() if not known.get(text)]
    assert not missing, "run docs/make_catalogues.py and translate its new messages"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_place_and_its_format(language):
    for text, other in catalogue(language)._texts.items():
        assert sorted(places(text)) == sorted(places(other)), text


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_nothing_that_the_code_no_longer_says(language):
    assert set(catalogue(language)._texts) <= set(MESSAGES), "run docs/make_catalogues.py"


@pytest.mark.parametrize("language", OTHERS)
def test_a_finished_text_is_found_by_the_template_that_wrote_it(language):
    known = catalogue(language)
    for template in known.templates:
        text = filled(template.msgid)
        match = template.pattern.fullmatch(text)
        assert match is not None, template.msgid
        assert known.find(text) is not None, text


def test_numbers_and_days_are_written_in_the_reader_s_way():
    turkish, georgian = catalogue("tr"), catalogue("ka")
    assert turkish.value("1,234.5", ",.1f") == "1.234,5"
    assert turkish.value("45.2%", ".1%") == "%45,2"
    assert georgian.value("45.2%", ".1%") == "45,2%"
    assert turkish.value("Mon 02 Mar 2026", "%a %d %b %Y") == "Pzt 2 Mar 2026"


def test_english_is_what_the_code_says_and_unknown_texts_stay_as_they_are():
    assert told("Requirement", "en") == "Requirement"
    assert told("A name of one's own", "tr") == "A name of one's own"


def test_names_of_settings_are_joined_in_the_reader_s_way():
    text = "patience: with agents it needs aht_s and interval_s too. Give both."
    assert told(text, "tr").startswith("sabır: ")
    assert told("erlang_c: load and aht_s missing. Give load, aht_s.", "tr") == (
        "erlang_c: eksik: load ve aht_s. Şunları verin: load, aht_s."
    )


def test_an_error_of_several_templates_is_told_from_end_to_end():
    text = (
        "calls.csv: line 3, column 'offered': 'abc' is not a number (2 bad cells or rows in all). "
        "Write a number or leave the cell empty, or read with bad_rows='report' to go on without "
        "them."
    )
    assert told(text, "tr") == (
        "calls.csv: satır 3, sütun 'offered': 'abc': sayı değil (toplam 2 hatalı hücre veya "
        "satır). Sayı yazın ya da hücreyi boş bırakın, ya da onlarsız sürdürmek için "
        "bad_rows='report' ile okuyun."
    )


def test_what_has_to_be_typed_stays_as_it_is():
    text = "columns: 'x' is not a meaning. Use one of start, end, queue."
    assert told(text, "tr").endswith("start, end, queue.")
