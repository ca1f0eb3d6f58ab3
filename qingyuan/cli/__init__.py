"""The command line: the same rules and answers as the pages, as readable tables or JSON.

Owns: commands, one module each under ``commands/``; being there is the registration. Never does: decide anything.
"""
