"""Acts and subjects of the audit in the words of an office."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.enums import PaperMove
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry

# The second half of a write's act («tests.create»); what is done to rows of a ledger comes first.
WRITES: Final[dict[str, Promise]] = {
    "create": gettext_lazy("登记"),
    "change": gettext_lazy("修改"),
    "void": gettext_lazy("作废"),
    "generate": gettext_lazy("自动生成"),
    "settle": gettext_lazy("自动了结"),
    "excuse": gettext_lazy("登记合法缺席"),
    "withdraw_excuse": gettext_lazy("撤回合法缺席"),
    "assign": gettext_lazy("分派社工"),
    "save": gettext_lazy("填写"),
    "submit": gettext_lazy("报送"),
    "send_back": gettext_lazy("退回"),
    "approve": gettext_lazy("审核通过"),
    "lock": gettext_lazy("锁定"),
    "correct": gettext_lazy("更正"),
    "archive": gettext_lazy("补录存档"),
    "publish": gettext_lazy("发布"),
    "propose": gettext_lazy("拟定"),
    "adjust": gettext_lazy("调整"),
    "issue": gettext_lazy("制发"),
    "sign": gettext_lazy("签字页入库"),
    "signed": gettext_lazy("签订"),
    "amended": gettext_lazy("被补充件替代"),
    "enter": gettext_lazy("填入数字"),
    "review": gettext_lazy("第二人核对"),
    "withdraw": gettext_lazy("撤回"),
    "keep": gettext_lazy("保存得分"),
    "grant": gettext_lazy("授权"),
    "revoke": gettext_lazy("撤销授权"),
    "disable": gettext_lazy("停用账号"),
    "reset": gettext_lazy("重置口令"),
    "recover": gettext_lazy("在服务器上找回账号"),
    "master": gettext_lazy("更换主密钥"),
    "data": gettext_lazy("更换数据密钥"),
    "index": gettext_lazy("更换索引密钥"),
    "index_done": gettext_lazy("索引密钥更换完成"),
    "appoint": gettext_lazy("任职"),
    "end_term": gettext_lazy("免职"),
    "open_look": gettext_lazy("打开紧急查阅"),
    "close_look": gettext_lazy("合上紧急查阅"),
    "password": gettext_lazy("改口令"),
    "use_code": gettext_lazy("用一次性口令登录"),
    "factor_add": gettext_lazy("添加第二因素"),
    "factor_remove": gettext_lazy("去掉第二因素"),
    "factor_codes": gettext_lazy("生成备用码"),
    "factor_clear": gettext_lazy("重置第二因素"),
    "subject": gettext_lazy("登记统一身份认证标识"),
    "load": gettext_lazy("载入"),
    "merge": gettext_lazy("合并"),
    "refresh": gettext_lazy("更新所引数字"),
    "serve": gettext_lazy("送达"),
    "receive": gettext_lazy("签收"),
    "take_in": gettext_lazy("收下"),
    "register": gettext_lazy("登记要数"),
    "question": gettext_lazy("写问题"),
    "from_file": gettext_lazy("用库里的数"),
    "ask": gettext_lazy("选答复单位"),
    "pass_on": gettext_lazy("转下去"),
    "answer": gettext_lazy("答复"),
    "excuse_answer": gettext_lazy("免报"),
    "bind": gettext_lazy("绑定"),
    "save_template": gettext_lazy("存为模板"),
    "revise": gettext_lazy("另起一版"),
    "fill": gettext_lazy("填好"),
    "retire": gettext_lazy("停用"),
    "recipe_save": gettext_lazy("记住导入配方"),
    "recipe_forget": gettext_lazy("忘记导入配方"),
    "source_change": gettext_lazy("改数据来源"),
    "source_retire": gettext_lazy("停用数据来源"),
    "word_learn": gettext_lazy("记住一个词"),
    "word_forget": gettext_lazy("忘记一个词"),
    "layout_save": gettext_lazy("保存导出格式"),
    "layout_remove": gettext_lazy("删去导出格式"),
    "begin": gettext_lazy("期限起算"),
    "follow": gettext_lazy("期限随台账变动"),
    "record": gettext_lazy("登记期限事件"),
    "object": gettext_lazy("登记异议"),
    "choose": gettext_lazy("选定适用情形"),
    "check": gettext_lazy("逐条核对"),
    "decide": gettext_lazy("登记决定"),
}
READS: Final[dict[str, Promise]] = {
    "list": gettext_lazy("看列表"),
    "detail": gettext_lazy("打开"),
    "reveal": gettext_lazy("显示全号"),
    "unseal": gettext_lazy("打开封存记录"),
    "search": gettext_lazy("搜索"),
    "emergency": gettext_lazy("紧急查找"),
    "drill": gettext_lazy("点开数字"),
    "export": gettext_lazy("导出"),
    "print": gettext_lazy("打印"),
    "verify": gettext_lazy("校验审计链"),
    "refused": gettext_lazy("被拒绝"),
    "sign_in": gettext_lazy("登录"),
    "sign_in_failed": gettext_lazy("登录失败"),
    "sign_out": gettext_lazy("退出"),
    "sign_out_one": gettext_lazy("退出另一处登录"),
    "sign_out_everywhere": gettext_lazy("退出所有地方"),
    "proof": gettext_lazy("再确认身份"),
    "proof_failed": gettext_lazy("第二因素或再确认没有通过"),
}
# Acts whose last word means something else in another room stand in full.
WHOLE: Final[dict[str, Promise]] = {
    "contacts.enter": gettext_lazy("填写提醒方式"),
    "contacts.verify": gettext_lazy("确认提醒方式"),
    "contacts.forget": gettext_lazy("删去提醒方式"),
    "reminders.choose": gettext_lazy("选择怎样提醒"),
    "audit.verify": gettext_lazy("校验审计链"),
    "policy.review": gettext_lazy("复核权限总表"),
    "emergency.review": gettext_lazy("复核紧急查阅"),
    "impact.sign": gettext_lazy("签认影响评估"),
    "accounts.create": gettext_lazy("开账号"),
    "tokens.make": gettext_lazy("生成接口令牌"),
    "tokens.withdraw": gettext_lazy("撤销接口令牌"),
    "dues.move": gettext_lazy("随人员改由别处检测"),
    "dues.look_into": gettext_lazy("登记查明的情况"),
    "clients.hand_on": gettext_lazy("移交人员"),
    "clients.seal": gettext_lazy("封存退出管控的人员"),
    "clients.set_phone": gettext_lazy("登记本人手机号"),
    "text-consents.agree": gettext_lazy("本人同意短信提示"),
    "text-consents.withdraw": gettext_lazy("停止短信提示"),
    "appointment-texts.send": gettext_lazy("发出预约短信"),
    "appointment-texts.give_up": gettext_lazy("预约短信没有发出"),
    "parties.seal": gettext_lazy("依法封存涉案人员记录"),
    "penalties.seal": gettext_lazy("补封行政处罚记录在日志里的值"),
    "campaigns.clear": gettext_lazy("删去到期的普查依据"),
    "imports.expire": gettext_lazy("删除过期没有入库的文件"),
    "data-requests.arrive": gettext_lazy("收到别的单位转来的信息请求"),
    "clients.reopen": gettext_lazy("因新的决定打开封存的人员"),
    "handovers.offer": gettext_lazy("提出移交"),
    "handovers.accept": gettext_lazy("接收移交"),
    "handovers.refuse": gettext_lazy("拒收移交"),
    "handovers.reassign": gettext_lazy("改派"),
    "closings.ask": gettext_lazy("核对账目、报请关账"),
    "closings.approve": gettext_lazy("批准关账"),
    "closings.send-back": gettext_lazy("退回关账"),
    "closings.reopen": gettext_lazy("重开账目"),
    "unit_tasks.unlink": gettext_lazy("取消关联"),
    "manual.enter": gettext_lazy("人工评定"),
    "manual.review": gettext_lazy("复核人工评定"),
    **{
        f"{desk}.{step}": words
        for desk in ("scheme-drafts", "reward-drafts")
        for step, words in (
            ("begin", gettext_lazy("起草")), ("edit", gettext_lazy("改草稿")), ("submitted", gettext_lazy("送审")), ("open", gettext_lazy("退回修改")),
            ("published", gettext_lazy("发布")), ("dropped", gettext_lazy("放弃草稿")),
        )
    },
}
# Subjects that are no ledger. Their rows hold no personal value; they stand in the internal compartment.
OPEN_SUBJECTS: Final[dict[str, Promise]] = {
    "letters": gettext_lazy("责任书"),
    "papers": gettext_lazy("公文"),
    "paper-templates": gettext_lazy("公文模板"),
    "returns": gettext_lazy("报表"),
    "targets": gettext_lazy("年度指标"),
    "schemes": gettext_lazy("考核办法"),
    "reward_tables": gettext_lazy("奖惩规则"),
    "foreign_forms": gettext_lazy("来表"),
    "figure_requests": gettext_lazy("要数"),
    "divisions": gettext_lazy("区划"),
    "accounts": gettext_lazy("账号与授权"),
    "policy": gettext_lazy("权限总表"),
    "keys": gettext_lazy("密钥"),
    "impact": gettext_lazy("影响评估"),
    "closings": gettext_lazy("关账"),
    "pattern_questions": gettext_lazy("数据问询"),
    "tokens": gettext_lazy("接口令牌"),
}
OTHER_SUBJECTS: Final[dict[str, Promise]] = {
    "figure_answers": gettext_lazy("要数的答复"),
    "hand-overs": gettext_lazy("移交单"),
    "clients": gettext_lazy("人员"),
    "text-consents": gettext_lazy("短信提示的同意"),
    "appointment-texts": gettext_lazy("预约短信"),
    "test-dues": gettext_lazy("应做的检测"),
    "served-papers": gettext_lazy("送达文书"),
    "today": gettext_lazy("今天"),
    "search": gettext_lazy("全站搜索"),
    "indicators": gettext_lazy("指标"),
    "situation": gettext_lazy("形势"),
    "audit": gettext_lazy("审计日志"),
    "emergency": gettext_lazy("紧急查阅"),
}
# Subjects that are no ledger and yet about people under a measure: what was typed may name one.
ABOUT_PEOPLE: Final = frozenset({"clients", "test-dues", "emergency", "served-papers"})


def write_act(act: str) -> str:
    """«登记» of ``tests.create``, the step's own label for a paper or a procedure; the act itself when nobody gave it words."""
    room, _dot, step = act.rpartition(".")
    if room == "papers" and step in PaperMove.values:
        return str(PaperMove(step).label)
    for procedure in all_procedures().values():
        labels = {one.code: one.label for one in procedure.steps} if room in (procedure.code, f"{procedure.code}s") else {}
        if step in labels:
            return said(labels[step])
    return str(WHOLE.get(act) or WRITES.get(step) or act)


def read_act(act: str) -> str:
    return str(READS.get(act, act))


def subject(code: str) -> str:
    """The title of a ledger, or of what else the audit speaks about."""
    if not code:
        return ""
    named = OPEN_SUBJECTS.get(code) or OTHER_SUBJECTS.get(code)
    if named is not None:
        return str(named)
    try:
        return said(registry.get(code).title)
    except registry.UnknownLedger:
        return code


def write_acts() -> list[tuple[str, str]]:
    """Choices of the filter, each word once."""
    return _choices({name: str(word) for name, word in WRITES.items()})


def read_acts() -> list[tuple[str, str]]:
    return _choices({name: str(word) for name, word in READS.items()})


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    once: dict[str, str] = {}
    for name, word in words.items():
        if word not in once.values():
            once[name] = word
    return [("", _("全部")), *once.items()]


def subjects() -> list[tuple[str, str]]:
    """Choices of the filter: every ledger and everything else the audit speaks about."""
    ledgers = [(ledger.code, said(ledger.title)) for ledger in registry.all_ledgers()]
    others = [(code, str(word)) for code, word in {**OPEN_SUBJECTS, **OTHER_SUBJECTS}.items()]
    known = {code for code, _title in ledgers}
    return [("", _("全部")), *ledgers, *[other for other in others if other[0] not in known]]
