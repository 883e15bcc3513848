"""The real relay, sync and matching code, stepped in simulated time under every kind of fault."""
