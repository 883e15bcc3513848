"""What people send: taken in, looked into, kept, set aside, given out; see docs/documents.md."""
