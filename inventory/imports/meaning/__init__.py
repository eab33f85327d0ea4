"""What the texts in a file mean: items, places, packages, moments."""
