"""Procedures from before Vialkeeper, brought in and taken back."""
