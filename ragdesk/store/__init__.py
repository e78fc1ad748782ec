"""SQLite, the truth: one writer, any number of readers."""
