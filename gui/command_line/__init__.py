"""The commands, a module for each subject. They join the group in `gui.cli`; `gui.commands` brings all of them in."""
