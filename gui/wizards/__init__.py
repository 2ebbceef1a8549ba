"""Wizards: what takes more than one look to decide, step by step."""
