"""Personal data at rest: a key for each person, and what is sealed by it (ADR 23)."""
