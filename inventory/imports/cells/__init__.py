"""What one cell of a stranger's sheet says: each reader returns a value, or why there is none."""
