"""Modules, and functions of them, that are imported when they are first used: the window stands before all is read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any


def on_demand(module: str, name: str = "make") -> Callable[..., Any]:
    """The function of that name of a module, which is imported by the first call."""

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **named)

    call.__module__, call.__name__ = module, name
    return call


class Later(ModuleType):
    """A module that is imported as soon as something of it is asked for. Its name is the one that it is imported by."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)
