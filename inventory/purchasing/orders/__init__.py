"""Purchase orders: draft, approve, send, receive against, and what is learned from them."""
