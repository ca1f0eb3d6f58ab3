from qingyuan.organisation.models.account import Account, RoleGrant
from qingyuan.organisation.models.contact import Contact
from qingyuan.organisation.models.division import Division, DivisionPath
from qingyuan.organisation.models.emergency import EmergencyLook, EmergencyRow
from qingyuan.organisation.models.review import PolicyReview
from qingyuan.organisation.models.sign_in import SignInFailures, UsedCode
from qingyuan.organisation.models.substitution import Substitution
from qingyuan.organisation.models.token import ApiToken
from qingyuan.organisation.models.unit import Post, PostTerm, Unit

__all__ = [
    "Account",
    "ApiToken",
    "Contact",
    "Division",
    "DivisionPath",
    "EmergencyLook",
    "EmergencyRow",
    "PolicyReview",
    "Post",
    "PostTerm",
    "RoleGrant",
    "SignInFailures",
    "Substitution",
    "Unit",
    "UsedCode",
]
