"""The records system (ESDH) of a municipality, behind one port."""
