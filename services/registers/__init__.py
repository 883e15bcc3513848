"""Public registers: addresses, properties, persons and companies, behind ports of our own."""
