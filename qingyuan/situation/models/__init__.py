from qingyuan.situation.models.counts import Population, RegistrationCount

__all__ = ["Population", "RegistrationCount"]
