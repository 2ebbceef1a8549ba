"""Reviews: somebody looks at the positions of a day, decides on each, and signs."""
