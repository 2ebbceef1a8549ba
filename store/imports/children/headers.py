"""How names are compared: by readers beside hostile bytes, and by all that comes after them."""


def folded(name: str) -> str:
    """A header, file or sheet name as it is compared: without case, spaces and underscores."""
    return name.casefold().replace(" ", "").replace("_", "")
