"""What Julelys is measured against, each used the way its own documentation shows."""
