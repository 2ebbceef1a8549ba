"""Numbered steps that bring a book to the present schema. A step that has been published is never edited again."""
