"""RagDesk: documents on a desk, answers that show where they stand. Everything stays on this computer."""

__version__ = "0.1.0"
