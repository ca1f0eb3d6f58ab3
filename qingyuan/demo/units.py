"""Who works there: the office, 31 member units, 22 towns, and the accounts to sign in with."""

from __future__ import annotations

from dataclasses import dataclass

from qingyuan.demo.city import CITY_NAME, TOWNS
from qingyuan.organisation.enums import Role

PASSWORD = "yunling-2022-demo"


@dataclass(frozen=True)
class UnitLine:
    key: str
    name: str
    short: str
    kind: str
    place: str
    zone: str = "commission"
    member: bool = False


@dataclass(frozen=True)
class AccountLine:
    username: str
    name: str
    unit: str
    role: Role
    place: str
    title: str
    shown: bool = False


OFFICE = UnitLine("office", "云岭市禁毒委员会办公室", "市禁毒办", "commission_office", CITY_NAME)
MEMBERS: tuple[tuple[str, str, str, str], ...] = (
    ("police", "云岭市公安局禁毒大队", "市公安局禁毒大队", "police_narcotics"),
    ("propaganda", "中共云岭市委宣传部", "市委宣传部", "publicity"),
    ("politics_law", "中共云岭市委政法委员会", "市委政法委", "politics_law"),
    ("cyberspace", "中共云岭市委网信办", "市委网信办", "cyberspace"),
    ("discipline", "云岭市纪委监委", "市纪委监委", "discipline"),
    ("organisation", "中共云岭市委组织部", "市委组织部", "organisation_dept"),
    ("court", "云岭市人民法院", "市法院", "court"),
    ("procuratorate", "云岭市人民检察院", "市检察院", "procuratorate"),
    ("education", "云岭市教育局", "市教育局", "education"),
    ("health", "云岭市卫生健康局", "市卫健局", "health"),
    ("civil_affairs", "云岭市民政局", "市民政局", "civil_affairs"),
    ("justice", "云岭市司法局", "市司法局", "justice"),
    ("hr", "云岭市人力资源和社会保障局", "市人社局", "human_resources"),
    ("finance", "云岭市财政局", "市财政局", "finance"),
    ("agriculture", "云岭市农业农村局", "市农业农村局", "agriculture"),
    ("forestry", "云岭市林业局", "市林业局", "forestry"),
    ("emergency", "云岭市应急管理局", "市应急局", "emergency"),
    ("market", "云岭市市场监督管理局", "市市场监管局", "market"),
    ("transport", "云岭市交通运输局", "市交通运输局", "transport"),
    ("post", "云岭市邮政管理局", "市邮政管理局", "post"),
    ("culture", "云岭市文体广电旅游局", "市文旅局", "culture_tourism"),
    ("industry", "云岭市工业和信息化局", "市工信局", "industry"),
    ("commerce", "云岭市商务局", "市商务局", "commerce"),
    ("medical_insurance", "云岭市医疗保障局", "市医保局", "medical_insurance"),
    ("bank", "中国人民银行云岭市支行", "人行云岭支行", "bank"),
    ("union", "云岭市总工会", "市总工会", "union"),
    ("youth", "共青团云岭市委员会", "团市委", "youth_league"),
    ("women", "云岭市妇女联合会", "市妇联", "women"),
    ("housing", "云岭市住房和城乡建设局", "市住建局", "housing"),
    ("environment", "云岭市生态环境局", "市生态环境局", "ecology"),
    ("data", "云岭市大数据发展管理局", "市大数据局", "statistics"),
)
CLINIC = UnitLine("clinic", "云岭市戒毒治疗门诊", "市戒毒门诊", "clinic", CITY_NAME, "health")
# A small one: of what it tells nothing leaves it but that it has told.
SMALL_CLINIC = UnitLine("hospital", "云岭市第二人民医院戒毒门诊", "市二院戒毒门诊", "clinic", CITY_NAME, "health")


def units() -> list[UnitLine]:
    """The office first, then members, the clinics and the towns."""
    members = [
        UnitLine(key, name, short, kind, CITY_NAME, "police" if key == "police" else "commission", True)
        for key, name, short, kind in MEMBERS
    ]
    towns = [
        UnitLine(
            town.key,
            f"{town.name}{'办事处' if town.urban else '人民政府'}",
            town.name,
            "subdistrict" if town.urban else "town",
            town.name,
        )
        for town in TOWNS
    ]
    return [OFFICE, *members, CLINIC, SMALL_CLINIC, *towns]


CITY_ACCOUNTS: tuple[AccountLine, ...] = (
    AccountLine("office", "周文", "office", Role.COMMISSION_CLERK, CITY_NAME, "市禁毒办综合科", True),
    AccountLine("leader", "秦川", "office", Role.COMMISSION_LEADER, CITY_NAME, "市禁毒委副主任、分管副市长", True),
    AccountLine("police", "韩立", "police", Role.POLICE_OFFICER, CITY_NAME, "禁毒大队内勤", True),
    AccountLine("education", "沈岚", "education", Role.UNIT_LIAISON, CITY_NAME, "市教育局联络员", True),
    AccountLine("procuratorate", "严正", "procuratorate", Role.PROSECUTOR, CITY_NAME, "市检察院", True),
    AccountLine("court", "顾平", "court", Role.COURT_CLERK, CITY_NAME, "市法院", True),
    AccountLine("clinic", "白芷", "clinic", Role.DOCTOR, CITY_NAME, "戒毒门诊医生", True),
    AccountLine("auditor", "孟审", "office", Role.AUDITOR, CITY_NAME, "审计检查", True),
    AccountLine("security", "安宁", "data", Role.SECURITY_OFFICER, CITY_NAME, "安全管理员", True),
)

# Liaisons of the member units that keep ledgers of their own, and the doctor of the small clinic; only the youth league's is printed.
LIAISONS: tuple[AccountLine, ...] = (
    AccountLine("youth", "苏青", "youth", Role.UNIT_LIAISON, CITY_NAME, "团市委联络员", True),
    AccountLine("civil_affairs", "陶安", "civil_affairs", Role.UNIT_LIAISON, CITY_NAME, "市民政局联络员"),
    AccountLine("health", "方芸", "health", Role.UNIT_LIAISON, CITY_NAME, "市卫健局联络员"),
    AccountLine("propaganda", "凌宣", "propaganda", Role.UNIT_LIAISON, CITY_NAME, "市委宣传部联络员"),
    AccountLine("justice", "江正", "justice", Role.UNIT_LIAISON, CITY_NAME, "市司法局联络员"),
    AccountLine("politics_law", "冯政", "politics_law", Role.UNIT_LIAISON, CITY_NAME, "市委政法委联络员"),
    AccountLine("hospital", "杜若", "hospital", Role.DOCTOR, CITY_NAME, "市二院戒毒门诊医生"),
)


def accounts(names: dict[str, tuple[str, ...]]) -> list[AccountLine]:
    """City accounts, and three for every town: the drug-control officer, a social worker, the leader in charge."""
    made = [*CITY_ACCOUNTS, *LIAISONS]
    for town in TOWNS:
        officer, social_worker, leader = names[town.name][:3]
        shown = town.key in {"longdong"}
        made += [
            AccountLine(town.key, officer, town.key, Role.TOWN_SUPERVISOR, town.name, f"{town.name}禁毒专干", shown),
            AccountLine(
                f"{town.key}.sg", social_worker, town.key, Role.CASEWORKER, town.name, f"{town.name}禁毒社工", shown
            ),
            AccountLine(f"{town.key}.ld", leader, town.key, Role.TOWN_LEADER, town.name, f"{town.name}分管领导", shown),
        ]
    return made
