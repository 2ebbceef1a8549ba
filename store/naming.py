"""Names that the book gives by itself. Everything else that people read is worded by the faces in `gui`."""

from __future__ import annotations

_BUILT_IN = {"device": "Device based", "user": "User based", "core": "Core based"}


def entitlement_name(product: str, model: str, metric: str) -> str:
    """The name of an entitlement until somebody renames it: "Windows Server 2025 Standard - Perpetual - Core based".

    Source: the example of the reference system's Add compliance dialog.
    """
    return f"{product} - {model.capitalize()} - {_BUILT_IN.get(metric, metric)}"
