"""The window: reads the store, sends commands, hears events."""
