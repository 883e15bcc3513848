"""Julelys measured beside the stores and designs it could have been built on."""
