"""The screens behind the navigation, one file each, and the record pages."""
