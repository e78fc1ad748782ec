"""Turns the plain source texts of the sample documents into PDF, Office and mail files."""
