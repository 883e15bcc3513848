"""Fixtures that every test may use."""

from tests.postgres import database, organisation, postgres

__all__ = ["database", "organisation", "postgres"]
