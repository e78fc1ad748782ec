"""Asking: questions, answers made of the documents' own words, and what they stand on."""
