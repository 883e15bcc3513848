"""Telling parties outside the platform: by e-mail, Digital Post and paper."""
