"""What waits for whom (to-dos): collected from every room for the first page, its count, the digest and the escalation.

One file a source, listed in ``sources.SOURCES``. Two questions each:

* ``jobs(actor, on) -> list[Job]``: everything, with its words, deadline and page;
* ``pressing(actor, on) -> Iterable[Tally | int]``: how many of those are overdue or due today, as questions that are
  asked together in one statement (``tally.total``), because every page asks. A test holds that both agree.

A to-do names its page by url name and arguments; only ``web`` knows addresses. Never does: write anything.
"""
