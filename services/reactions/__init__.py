"""What follows by itself from what has happened: from facts to commands."""
