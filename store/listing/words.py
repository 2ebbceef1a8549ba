"""What a person types into a search field: words, each the beginning of one that a row holds."""

from __future__ import annotations

import unicodedata

from store.book import Book


def words_of(text: str) -> list[str]:
    """The words of a text: letters and digits, everything else only stands between them."""
    return "".join(c if c.isalnum() else " " for c in text).split()


def match(text: str) -> str:
    """What was typed as a full text query; quotes and operators of that language have no meaning here."""
    return " ".join(f'"{word}"*' for word in words_of(text))


def plain(text: str) -> str:
    """A text as search knows it: without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def has_words(text: str | None, wanted: str) -> bool:
    """Whether each of the wanted words, plain and separated by spaces, begins a word of the text."""
    held = plain(text or "")
    return all(_begins(held, word) for word in wanted.split())


def _begins(text: str, word: str) -> bool:
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def install(book: Book) -> None:
    """Give the calling thread's connection the function `has_words` for its queries."""
    book.connection().create_function("has_words", 2, has_words, deterministic=True)
