"""The one process that owns the data folder."""
