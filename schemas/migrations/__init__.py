"""The store's schema through time: Alembic revisions for tables, and the views of today."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from schemas.migrations.views import create_views, drop_views

__all__ = ["head", "migrate", "revision"]

_FOLDER: Final = Path(__file__).parent


def migrate(connection: Connection) -> None:
    """Bring a store to the newest revision, inside the caller's transaction.

    Views are dropped first and made again after: SQLite checks them whenever a table that they read is rebuilt, and
    the views of today fit the tables of today alone. A change to a view therefore comes with a revision, be it an
    empty one.
    """
    if revision(connection) == head():
        return
    drop_views(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    create_views(connection)


def revision(connection: Connection) -> str | None:
    """The store's revision; ``None`` where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision there is."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("schemas/migrations/versions holds no revision")
    return newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
