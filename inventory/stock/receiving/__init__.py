"""Taking a delivery in: what is scanned or typed becomes a list, the list becomes a receipt."""
