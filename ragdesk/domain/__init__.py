"""The business in frozen dataclasses; standard library only."""
