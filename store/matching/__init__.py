"""Names of software as programs and vendors write them, and the products of a book that they stand for."""
