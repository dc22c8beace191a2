"""Where the store's tests keep their database: a SQLite file, and a PostgreSQL of their own."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from wfm.store import Store, open_store

NUMBERS = count(1)


def skip_or_fail(reason: str) -> None:
    if os.environ.get("WFM_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def binaries() -> Path | None:
    """The newest PostgreSQL of this machine: Debian's folder, or wherever `initdb` is found."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
    )
    found = [folder for folder in folders if (folder / "initdb").exists()]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).parent if on_path else None


def server_user() -> str:
    """Root may not run it: another user does."""
    if os.getuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of a PostgreSQL on a free loopback port, in a temporary folder, for this run alone."""
    folder = binaries()
    if folder is None:
        skip_or_fail("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError:
        skip_or_fail("no driver for PostgreSQL: pip install 'wfm[postgres]'")
    assert folder is not None
    user = server_user()
    other = {"user": user, "group": pwd.getpwnam(user).pw_gid} if os.getuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = Path(tempfile.mkdtemp(prefix="wfm-postgres-"))
    if other:
        shutil.chown(place, user)
    data = place / "data"

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, cwd=place, stdout=subprocess.DEVNULL, timeout=60, **other
        )

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place}"
    try:
        run(
            *(f"{folder}/initdb", "-D", str(data), "-U", "planner", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        run(
            *(f"{folder}/pg_ctl", "-D", str(data), "-w", "-l", str(place / "log")),
            *("-o", options, "start"),
        )
        yield f"postgresql://planner@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run(f"{folder}/pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def new_database(server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database on the server and gives its URL; all are dropped at the end."""
    driver = server.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(driver, isolation_level="AUTOCOMMIT")
    made = []

    def make() -> str:
        name = f"wfm_{next(NUMBERS)}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        made.append(name)
        return server.removesuffix("postgres") + name

    yield make
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a test keeps its database: each test that asks runs on both kinds."""
    if request.param == "sqlite":
        return str(tmp_path / "plans.db")
    made: str = request.getfixturevalue("new_database")()
    return made


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store on each kind of database."""
    store = open_store(place)
    yield store
    store.close()
