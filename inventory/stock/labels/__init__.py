"""What the clinic prints on labels: on shelves, on boxes and on opened vials."""
