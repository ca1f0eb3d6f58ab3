"""Procedures as tables (流程): states and steps are declared in ``tables/*.yaml``, and everything that moves a case reads them.

``declaration`` reads and checks a table, ``rules`` says who may take which step, ``picture`` draws it. All three are pure; what
writes is ``casework.actions.procedures``.
"""
