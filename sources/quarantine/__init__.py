"""The files of rows that were set aside, and what people correct in them."""
