from qingyuan.organisation.models.account import Account, RoleGrant
from qingyuan.organisation.models.division import Division, DivisionPath
from qingyuan.organisation.models.token import ApiToken
from qingyuan.organisation.models.unit import Post, PostTerm, Unit

__all__ = ["Account", "ApiToken", "Division", "DivisionPath", "Post", "PostTerm", "RoleGrant", "Unit"]
