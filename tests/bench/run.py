"""Starts Django on the database that DATABASE_URL names, then measures it."""

from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module("tests.bench.database").main()
