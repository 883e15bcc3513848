"""Keeps the views up to date with the log: workers, rebuilding, parking and proof."""
