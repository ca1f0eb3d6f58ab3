"""Foundation: clock, intervals, ids, identity values, encryption, the audit chain, small words everyone needs.

Owns: the key ring, the encrypted column, the audit entries and their chain. Hands out: values and functions without
any knowledge of drugs, offices or people's roles. Never does: decide who may see something.
"""
