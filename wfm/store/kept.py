"""Small facts of a project that are no part of its plan.

They change without a line in the change log, and do not travel with the project's zip: the language
it was last read in, the secret behind the addresses of its calendars.
"""

from __future__ import annotations

from sqlalchemy import select

from wfm.store.database import Database
from wfm.store.models import Kept


class Facts(Database):
    """Keep a text by name, and find it again."""

    def kept(self, project: int | str, name: str) -> str | None:
        """What is kept under a name, None where nothing is.

        Raises
        ------
        DataError
            If the project does not exist.
        """
        with self.transaction() as session:
            row = self._project(session, project)
            where = (Kept.project_id == row.id, Kept.name == name)
            found: str | None = session.scalar(select(Kept.value).where(*where))
            return found

    def keep(self, project: int | str, name: str, value: str) -> None:
        """Keep a text under a name in the place of what was there.

        Examples
        --------
        >>> import tempfile
        >>> from wfm.store import open_store
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     store = open_store(f"{folder}/plans.db")
        ...     project = store.create_project("Baku").id
        ...     store.keep(project, "language", "az")
        ...     store.kept(project, "language")
        'az'
        """
        with self.transaction(write=True) as session:
            owner = self._project(session, project, lock=True).id
            session.merge(Kept(project_id=owner, name=name, value=value))
