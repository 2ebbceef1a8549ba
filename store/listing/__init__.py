"""What stands behind each overview: one module a noun, and how questions about them become queries."""
