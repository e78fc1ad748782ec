"""The documents, as a table, and what goes with them."""
