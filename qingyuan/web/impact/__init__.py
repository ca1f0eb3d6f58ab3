"""The impact assessment of personal information: read, printed, signed off."""
