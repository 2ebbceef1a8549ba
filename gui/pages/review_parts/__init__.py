"""The parts of the record of a review."""
