"""People in community detox and rehabilitation, for the two who work with them: the list and the client's page."""
