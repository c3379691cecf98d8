"""For all tests."""

import pytest
from hypothesis import settings

from schemas.messages import use_locale

# How long an example takes says nothing where machines are shared and first calls load tables.

settings.register_profile("guiyi", deadline=None)
settings.load_profile("guiyi")


@pytest.fixture(autouse=True)
def _own_language():
    """A test that speaks another language leaves none behind."""
    yield
    use_locale(None)
