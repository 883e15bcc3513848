"""Journalising: every fact that matters, on the right case in the records system, once."""
