from pathlib import Path

import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from wfm.core.errors import WfmError
from wfm.store import open_store
from wfm.store.database import connect, url_of
from wfm.store.migrate import upgrade
from wfm.store.models import Base
from wfm.store.revisions import revision_of, script_directory

REVISIONS = [script.revision for script in script_directory()[1].walk_revisions()]
SERIAL = ("project", "version", "job", "content", "change")

# Written as the program of that revision would have: never change these rows. BLOB and BLOB(...)
# stand for bytes, which each database writes its own way.
AGENTS = '{"columns": ["agent"], "types": ["str"], "rows": [["a1"]]}'
BOARD = (
    "504b030414000000000000002100dfe0cc942b0000002b0000000a00000076616c75652e6a736f6e7b0a"
    "20226d6170223a205b0a20205b0a2020202277617065222c0a202020302e31320a20205d0a205d0a7d50"
    "4b0102140314000000000000002100dfe0cc942b0000002b0000000a0000000000000000000000800100"
    "00000076616c75652e6a736f6e504b0506000000000100010038000000530000000000"
)
BOARD_HASH = "60c5517305f1dc1c0bce0519b95b60600f97a3a9ceeadba43aca12cc93910ebd"
SETTINGS_HASH = "5041bf1f713df204784353e82f6a4a535931cb64f1f4b4a5aeaffcb720918b22"
AGENTS_HASH = "ccb381001c87c70668bbe9b9391e42fb085a62c2a8d61d8fe75526c169f38d9d"
SETTINGS_KEPT = "789cab56aa50b25230ac05000a6f0240"
AGENTS_KEPT = (
    "789cab564acecf29cdcd2b56b25288564a4c4fcd2b518ad551502aa92c48858815971481458af2cbc1024055"
    "864ab1b1b50027311212"
)
AT = "'2026-11-21 08:00:00.000000'"
ROWS = {
    "0001": (
        f"INSERT INTO project VALUES (7, 'Old', '{{\"x\": 1}}', {AT},"
        " '2026-11-21 09:00:00.000000', 3)",
        f"INSERT INTO plan_table VALUES (7, 'agents', '{AGENTS}', {AT}, 1)",
        f"INSERT INTO version VALUES (4, 7, 'board', 1, {AT}, 'first', '{{}}', '[]',"
        f" '{BOARD_HASH}', '0.1.0', BLOB({BOARD}))",
        "INSERT INTO job VALUES (1, 7, 'schedule', '{}', 'failed', '{}', 'x', false, 4, 60.0, NULL,"
        f" {AT}, NULL, NULL, {AT})",
    ),
    "0002": (
        f"INSERT INTO project VALUES (7, 'Old', '{{\"x\": 1}}', {AT},"
        f" '2026-11-21 09:00:00.000000', 3, '{SETTINGS_HASH}')",
        f"INSERT INTO plan_table VALUES (7, 'agents', '{AGENTS}', {AT}, 1, '{AGENTS_HASH}')",
        f"INSERT INTO version VALUES (4, 7, 'board', 1, {AT}, 'first', '{{}}', '[]',"
        f" '{BOARD_HASH}', '0.1.0', BLOB({BOARD}), 'published')",
        "INSERT INTO job VALUES (1, 7, 'schedule', '{}', 'failed', '{}', 'x', false, 4, 60.0, NULL,"
        f" {AT}, NULL, NULL, {AT}, 'desk', 'ayse', NULL)",
        f"INSERT INTO content VALUES (1, 7, '{SETTINGS_HASH}', BLOB({SETTINGS_KEPT}))",
        f"INSERT INTO content VALUES (2, 7, '{AGENTS_HASH}', BLOB({AGENTS_KEPT}))",
        f"INSERT INTO change VALUES (1, 7, {AT}, 'ayse', 'settings', '', 'start',"
        " '{\"count\": 0, \"shown\": []}', 'why', 3, NULL, 1, NULL, '')",
        f"INSERT INTO change VALUES (2, 7, {AT}, 'ayse', 'table', 'agents', 'edit',"
        ' \'{"count": 1, "shown": [["a1", "", "a1"]]}\', \'why\', 1, NULL, 2, NULL, \'done\')',
    ),
}
ROWS["0003"] = (*ROWS["0002"], "INSERT INTO kept VALUES (7, 'language', 'tr')")


def fill(engine: Engine, revision: str) -> None:
    """Write the rows of a revision into a database that stands at it."""
    server = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        for row in ROWS[revision]:
            head, blob, rest = row.partition("BLOB(")
            if blob:
                content, _, rest = rest.partition(")")
                row = f"{head}'\\x{content}'{rest}" if server else f"{head}X'{content}'{rest}"
            connection.execute(text(row.replace(":", r"\:")))
        for name in SERIAL if server else ():
            known = connection.scalar(text(f"SELECT to_regclass('{name}')"))
            if known:  # the ids above did not come from its counter
                move = f"SELECT setval('{name}_id_seq', (SELECT coalesce(max(id), 1) FROM {name}))"
                connection.execute(text(move))


def test_every_revision_has_its_rows() -> None:
    assert set(ROWS) == set(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_earlier_revision_opens_with_all_it_held(
    revision: str, place: str
) -> None:
    engine = connect(url_of(place))
    upgrade(engine, place, revision)
    fill(engine, revision)
    engine.dispose()
    store = open_store(place)
    project = store.project("Old")
    assert (project.id, project.settings, project.revision) == (7, {"x": 1}, 3)
    assert project.created_at.isoformat() == "2026-11-21T08:00:00+00:00"
    assert store.table("Old", "agents")["agent"].tolist() == ["a1"]
    assert store.jobs("Old")[0].message == "x"
    assert store.load(4) == {"wape": 0.12}
    assert store.version(4).state == ("draft" if revision == "0001" else "published")
    assert store.kept("Old", "language") == ("tr" if revision == "0003" else None)
    # What was there before the log began can be looked up, changed and brought back.
    assert store.table("Old", "agents", revision=1)["agent"].tolist() == ["a1"]
    assert store.settings("Old", revision=3) == {"x": 1}
    store.save_table("Old", "agents", pd.DataFrame({"agent": ["a2"]}), seen=1)
    store.save_settings("Old", {"x": 2}, seen=3)
    assert store.undo("Old").what == "project settings"
    assert store.undo("Old").what == "table 'agents'"
    assert store.table("Old", "agents")["agent"].tolist() == ["a1"]
    assert store.settings("Old") == {"x": 1}
    store.delete_project("Old")
    store.close()


def test_the_revisions_lead_to_the_models(place: str) -> None:
    open_store(place).close()
    engine = connect(url_of(place))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


@pytest.fixture
def old(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the first revision, with its content."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    engine = connect(url_of(place))
    upgrade(engine, place, "0001")
    fill(engine, "0001")
    engine.dispose()
    return place


def tables(place: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a database holds."""
    engine = connect(url_of(place))
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = {
            name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))]
            for name in sorted(names)
        }
    engine.dispose()
    return rows


def test_an_upgrade_leaves_a_backup_of_what_was_there(old: str) -> None:
    store = open_store(old)
    (backup,) = (file for file in store.backups() if "before-0002" in file.name)
    engine = connect(url_of(backup))
    with engine.connect() as connection:
        assert revision_of(connection) == "0001"
    assert open_store(backup).load(4) == {"wape": 0.12}
    store.close()


def test_reading_only_does_not_upgrade(old: str) -> None:
    before = tables(old)
    with pytest.raises(WfmError, match="its tables are of revision 0001, this wfm reads 0003"):
        open_store(old, read_only=True)
    assert tables(old) == before


def test_an_upgrade_that_fails_leaves_what_was_there_and_names_the_backup(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    before = tables(old)

    def full(*_: object, **__: object) -> None:
        connection = op.get_bind()
        connection.execute(text("SELECT * FROM no_such_table"))

    monkeypatch.setattr(op, "add_column", full)
    with pytest.raises(WfmError, match=r"could not be brought up to date .* nothing was changed"):
        open_store(old)
    assert tables(old) == before
    monkeypatch.undo()
    open_store(old).close()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_file_that_a_failed_upgrade_left_half_done_is_put_back(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    before = tables(old)

    def commit_and_fail(*_: object, **__: object) -> None:
        op.get_bind().exec_driver_sql("COMMIT")
        message = "power cut"
        raise RuntimeError(message)

    monkeypatch.setattr(op, "add_column", commit_and_fail)
    with pytest.raises(RuntimeError, match="power cut") as caught:
        open_store(old)
    assert "it was put back from the backup" in caught.value.__notes__[0]
    assert tables(old) == before


def test_an_upgrade_without_room_for_its_backup_does_not_begin(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(old)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wfm.store.migrate.copy_file", full)
    monkeypatch.setattr("wfm.store.migrate.server_to_file", full)
    with pytest.raises(WfmError, match=r"backup .* could not be written .* nothing was changed"):
        open_store(old)
    assert tables(old) == before


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
