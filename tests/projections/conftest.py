"""Fixtures for the tests of projections."""

from tests.projections.views import shown, views

__all__ = ["shown", "views"]
