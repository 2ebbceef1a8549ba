"""What a book knows of one record at a time: its figures, what belongs to it, its timeline, and its reasons."""
