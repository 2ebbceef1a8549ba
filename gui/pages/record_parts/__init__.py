"""What the pages of records are put together from."""
