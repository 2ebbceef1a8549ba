"""Functions of modules that are imported when they are first called: the window stands before its pages are read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def on_demand(module: str, name: str = "make") -> Callable[..., Any]:
    """The function of that name of a module, which is imported by the first call."""

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **named)

    call.__module__, call.__name__ = module, name
    return call
