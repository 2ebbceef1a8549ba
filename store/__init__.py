"""The book of record: its tables, and every operation that changes or reads them."""
