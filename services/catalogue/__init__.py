"""What each organisation offers, read from its files: forms, promises, and their mistakes."""
