"""The current publication of a configuration, for whoever asks; a question never makes a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from golden_records.publication import Publication, current
from golden_records.store import open_store, reading
from pipelines.configuration import load_settings
from pipelines.settings import Settings
from schemas.errors import UsageError
from schemas.messages import use_locale

__all__ = ["published"]


@contextmanager
def published(config: Path) -> Iterator[tuple[Connection, Publication]]:
    """A connection to the store, and what is published there now.

    Raises:
        UsageError: There is no store, or nothing was published yet.
    """
    settings = load_settings(config)
    if settings.locale:
        use_locale(settings.locale)
    _exists(settings)
    engine = open_store(settings.store_url)
    try:
        with reading(engine) as connection:
            publication = current(connection)
            if publication is None:
                raise UsageError("run.no_store", path=settings.store)
            yield connection, publication
    finally:
        engine.dispose()


def _exists(settings: Settings) -> None:
    prefix = "sqlite:///"
    path = settings.store_url.removeprefix(prefix)
    if settings.store_url.startswith(prefix) and not Path(path).exists():
        raise UsageError("run.no_store", path=path)
