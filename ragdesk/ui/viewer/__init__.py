"""The source beside the answer: a document's page with the cited words marked."""
