"""Official papers of an office: how a plain text becomes a document, what its hash covers, who may take which step."""
