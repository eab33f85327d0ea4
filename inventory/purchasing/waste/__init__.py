"""What will expire before it is used, and what to do about it."""
