"""A stand-in for SBSYS, which nobody but a municipality can run: contract, ledger and faults."""
