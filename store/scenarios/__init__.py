"""What would be if: changes that are judged without touching the book, compared with it, and applied if wanted."""
