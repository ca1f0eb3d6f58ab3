from tests.casework.conftest import Papers, desk

__all__ = ["Papers", "desk"]
