from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from wfm.core.errors import WfmError
from wfm.store import open_store
from wfm.store.database import connect, url_of
from wfm.store.migrate import script_directory, upgrade
from wfm.store.models import Base

REVISIONS = [script.revision for script in script_directory()[1].walk_revisions()]

# Written as the program of that revision would have: never change these rows.
ROWS = {
    "0001": (
        "INSERT INTO project VALUES (7, 'Old', '{\"x\": 1}', '2026-11-21 08:00:00.000000',"
        " '2026-11-21 09:00:00.000000', 3)",
        "INSERT INTO plan_table VALUES (7, 'agents',"
        ' \'{"columns": ["agent"], "types": ["str"], "rows": [["a1"]]}\','
        " '2026-11-21 08:00:00.000000', 1)",
        "INSERT INTO job VALUES (1, 7, 'schedule', '{}', 'failed', '{}', 'x', 0, NULL, 60.0, NULL,"
        " '2026-11-21 08:00:00.000000', NULL, NULL, '2026-11-21 08:00:00.000000')",
    )
}


def test_every_revision_has_its_rows() -> None:
    assert set(ROWS) == set(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_earlier_revision_opens_with_all_it_held(
    revision: str, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    engine = connect(url_of(path))
    upgrade(engine, str(path), revision)
    with engine.begin() as connection:
        for row in ROWS[revision]:
            connection.execute(text(row.replace(":", r"\:")))
    store = open_store(path)
    project = store.project("Old")
    assert (project.id, project.settings, project.revision) == (7, {"x": 1}, 3)
    assert project.created_at.isoformat() == "2026-11-21T08:00:00+00:00"
    assert store.table("Old", "agents")["agent"].tolist() == ["a1"]
    assert store.jobs("Old")[0].message == "x"


def test_the_revisions_lead_to_the_models(tmp_path: Path) -> None:
    open_store(tmp_path / "new.db")
    with connect(url_of(tmp_path / "new.db")).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path / "plans.db")
    before = (tmp_path / "plans.db").read_bytes()
    open_store(tmp_path / "plans.db")
    assert (tmp_path / "plans.db").read_bytes() == before


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path / "plans.db").create_project("A")
    engine = connect(url_of(tmp_path / "plans.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WfmError, match=r"a newer wfm made it \(revision 9999\)\. Update wfm"):
        open_store(tmp_path / "plans.db")


def test_an_upgrade_that_fails_leaves_no_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    real, made = op.create_table, []

    def fail_at_the_third(name: str, *rest: object, **options: object) -> object:
        made.append(name)
        if len(made) == 3:
            message = "power cut"
            raise RuntimeError(message)
        return real(name, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", fail_at_the_third)
    with pytest.raises(RuntimeError, match="power cut"):
        open_store(tmp_path / "plans.db")
    monkeypatch.undo()
    assert open_store(tmp_path / "plans.db").projects() == []
