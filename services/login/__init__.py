"""Logging in by OpenID Connect: we are the relying party, and tokens never reach a browser."""
