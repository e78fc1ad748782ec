"""What RagDesk does, one verb a file; no Qt, no torch, no HTTP."""
