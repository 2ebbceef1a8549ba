"""What the calendar page is put together from."""
