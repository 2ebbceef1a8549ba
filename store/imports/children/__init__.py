"""Readers that run in a process of their own: each turns one kind of file into lines, and knows nothing of Elpis."""
