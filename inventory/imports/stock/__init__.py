"""Opening stock from a sheet of the clinic's own."""
