"""README and the pages of docs/ as tests: every code block of them runs (tests/docs/blocks)."""

from tests.docs.blocks.collecting import (
    place_of_the_page,
    pytest_collect_file,
    pytest_collection_modifyitems,
)

__all__ = ["place_of_the_page", "pytest_collect_file", "pytest_collection_modifyitems"]
