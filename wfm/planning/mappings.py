"""Columns chosen by hand, remembered in a project for files with the same headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wfm.io.read.layout import map_columns
from wfm.planning.settings import settings_from
from wfm.store import Store

TABLE = "column_mappings"


def mapping_for(kept: pd.DataFrame, headings: Sequence[str]) -> dict[str, str]:
    """Meaning to column, as it was chosen last for a file with these headings; else empty.

    >>> kept = with_mapping(pd.DataFrame(), ["Gün", "Adet"], {"offered": "Adet"})
    >>> mapping_for(kept, ["Gün", "Adet"]), mapping_for(kept, ["Adet"])
    ({'offered': 'Adet'}, {})
    """
    if not len(kept):
        return {}
    mine = kept[kept["headings"] == _kind(headings)]
    return dict(zip(mine["meaning"], mine["column"], strict=True))


def with_mapping(
    kept: pd.DataFrame, headings: Sequence[str], mapping: Mapping[str, str]
) -> pd.DataFrame:
    """The table of remembered choices with another one for these headings."""
    new = pd.DataFrame(
        {"headings": _kind(headings), "meaning": list(mapping), "column": list(mapping.values())}
    )
    others = kept[kept["headings"] != _kind(headings)] if len(kept) else kept
    return pd.concat([others, new], ignore_index=True) if len(others) else new


def use_mapping(
    store: Store, project: int | str, headings: Sequence[str], chosen: Mapping[str, str]
) -> dict[str, str]:
    """Let the project read a file with these headings as chosen, or as it was chosen before.

    Parameters
    ----------
    chosen
        Meaning to column; empty takes what is remembered.

    Returns
    -------
    dict
        What the settings of the project say from now on.

    Raises
    ------
    DataError
        An unknown meaning, or a column that the file does not have; nothing is changed.
    """
    map_columns(tuple(headings), "the file", chosen)
    kept = store.table(project, TABLE)
    mapping = dict(chosen) or mapping_for(kept, headings)
    saved = store.settings(project)
    before = settings_from(saved, name="settings").history.columns
    if not mapping and set(before.values()) <= set(headings):
        return dict(before)
    if chosen and mapping_for(kept, headings) != mapping:
        store.save_table(project, TABLE, with_mapping(kept, headings, mapping))
    if mapping != before:
        saved["history"] = {**saved.get("history", {}), "columns": mapping}
        store.save_settings(project, saved)
    return mapping


def read_as(store: Store, project: int | str, options: Mapping[str, str]) -> None:
    """Let the project read its files from now on with these options of [history].

    Raises
    ------
    DataError
        An option that is none of the project's settings, or a value that it cannot have.
    """
    if options:
        saved = store.settings(project)
        saved["history"] = {**saved.get("history", {}), **options}
        settings_from(saved, name="settings")
        store.save_settings(project, saved)


def _kind(headings: Sequence[str]) -> str:
    return "|".join(headings)
