"""What is wrong with a scheme, said so that the person who wrote it can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right: `where` names the place in the sheet ("条款 3.2"), `message` what is wrong and what to do."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}:{self.message}"


class SchemeUnreadable(ValueError):
    """The file is not a scheme at all: a wrong field, type or spelling. Carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))
