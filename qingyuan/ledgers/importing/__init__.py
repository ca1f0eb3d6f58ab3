"""Import: a file comes in (receive), every row is checked into staging (check), a person looks, one short promotion.

The rows reach their ledger through the room's own actions; nothing of a batch is visible before it is done.
"""
