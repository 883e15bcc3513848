"""Fixtures that every test may use."""

from tests.postgres import organisation, postgres

__all__ = ["organisation", "postgres"]
