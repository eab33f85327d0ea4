"""Items, product codes and offers from files."""
