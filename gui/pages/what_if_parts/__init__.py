"""The parts of the page for scenarios."""
