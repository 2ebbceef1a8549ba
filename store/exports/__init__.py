"""What leaves a book as files for people and other programs, other than snapshots."""
