"""What two snapshots, or two days of a book, have not in common: a position at a time, with what brought it about."""
