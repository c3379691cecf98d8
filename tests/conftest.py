"""Of all tests: how long an example takes says nothing where machines are shared and first calls load tables."""

from hypothesis import settings

settings.register_profile("guiyi", deadline=None)
settings.load_profile("guiyi")
