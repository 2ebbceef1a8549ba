"""What is to come: the days on which something changes, and what the rules say of these days."""
