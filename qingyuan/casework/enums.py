from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DueKind(models.TextChoices):
    TEST = "test", _("定期检测")


class Outcome(models.TextChoices):
    """One outcome a due; «missed» is never stored: it is an open due whose window has closed."""

    OPEN = "open", _("待办")
    DONE = "done", _("已完成")
    EXCUSED = "excused", _("合法缺席")
    CANCELLED = "cancelled", _("不再需要")


class HandOverState(models.TextChoices):
    """What became of a hand-over; «alarming» is never stored: it is an offer whose answer-by day has passed."""

    OFFERED = "offered", _("待接收")
    ACCEPTED = "accepted", _("已接收")
    REFUSED = "refused", _("已拒收")
    WITHDRAWN = "withdrawn", _("已撤回")


class GateState(models.TextChoices):
    """What became of a use of a gate; whether the receiver has signed for it stands on the receiver's side alone."""

    WAITING = "waiting", _("待第二人签字")
    DELIVERED = "delivered", _("已送出")
    GIVEN_UP = "given_up", _("已撤回")


class PaperKind(models.TextChoices):
    """Kinds of official paper (文种) that are drafted here; responsibility letters have their own room."""

    LETTER = "letter", _("函")
    NOTICE = "notice", _("通知")
    CIRCULAR = "circular", _("通报")
    REPORT = "report", _("报告")
    MINUTES = "minutes", _("纪要")


class PaperState(models.TextChoices):
    """draft → submitted → (sent back) → signed → issued → served → archived; void keeps the number it had."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待签发")
    SENT_BACK = "sent_back", _("已退回")
    SIGNED = "signed", _("已签发,待印发")
    ISSUED = "issued", _("已印发")
    SERVED = "served", _("已送达")
    ARCHIVED = "archived", _("已归档")
    VOID = "void", _("已作废")


class PaperMove(models.TextChoices):
    """What a person does with a paper; each is written down with who, when and why."""

    CREATE = "create", _("起草")
    CHANGE = "change", _("修改")
    REFRESH = "refresh", _("更新所引数字")
    SUBMIT = "submit", _("送签")
    SEND_BACK = "send_back", _("退回")
    SIGN = "approve", _("签发")
    ISSUE = "issue", _("编号印发")
    SERVE = "serve", _("送达")
    RECEIVE = "receive", _("签收")
    FILE_SCAN = "sign", _("归入盖章件")
    ARCHIVE = "archive", _("归档")
    VOID = "void", _("作废")


class Urgency(models.TextChoices):
    """紧急程度 (GB/T 9704 7.2.3)."""

    PLAIN = "", _("平件")
    URGENT = "urgent", _("加急")
    PRESSING = "pressing", _("特急")


class Openness(models.TextChoices):
    """政府信息公开属性. The secret grades are on the form only to be refused: nothing secret is ever stored here."""

    INTERNAL = "internal", _("不予公开(内部工作)")
    ON_REQUEST = "on_request", _("依申请公开")
    OPEN = "open", _("主动公开")


class ReceiptWay(models.TextChoices):
    """How a receiving unit signed for a paper."""

    HERE = "here", _("本平台签收")
    BY_HAND = "by_hand", _("纸质签收,由发文单位登记")


class ScanMatch(models.TextChoices):
    """How a scanned page was matched to the paper it is of."""

    SQUARE_CODE = "qr", _("二维码")
    TYPED_CODE = "typed", _("人工录入校验码")


class ServedState(models.TextChoices):
    """A paper to a person: draft → issued → served (its proof is on file); withdrawn keeps the number it had."""

    DRAFT = "draft", _("起草中")
    ISSUED = "issued", _("已编号,待送达")
    SERVED = "served", _("已送达")
    WITHDRAWN = "withdrawn", _("已撤回")


class ServiceWay(models.TextChoices):
    """Ways of serving a paper; which of them the law knows for a paper stands in ``reference/data/service_ways.csv``."""

    DIRECT = "direct", _("直接送达")
    LEFT = "left", _("留置送达")
    ENTRUSTED = "entrusted", _("委托送达")
    MAIL = "mail", _("邮寄送达")
    FORWARDED = "forwarded", _("转交送达")
    ELECTRONIC = "electronic", _("电子送达")
    NOTICE = "notice", _("公告送达")


class Receiver(models.TextChoices):
    """Into whose hands a paper came."""

    SELF = "self", _("本人")
    FAMILY = "family", _("成年家属代收")
    EMPLOYER = "employer", _("所在单位代收")
    COMMITTEE = "committee", _("村(居)民委员会代收")


class EventSource(models.TextChoices):
    """Who says that something happened to a clock."""

    ROW = "row", _("台账")
    PERSON = "person", _("人工登记")


class ClockEnd(models.TextChoices):
    """Why a clock no longer runs. A clock that has run out has not ended: somebody has to look into it."""

    DONE = "done", _("已办")
    STOPPED = "stopped", _("终止")
    ROW = "row", _("台账上已了结")


class Finding(models.TextChoices):
    """What somebody found who looked into a line of a checklist."""

    YES = "yes", _("是")
    NO = "no", _("否")
    NEITHER = "none", _("不适用")


class DecisionResult(models.TextChoices):
    """What was decided where a clock had opened a decision."""

    TAKEN = "taken", _("作出该决定")
    NOT_TAKEN = "not_taken", _("不作出该决定")


class Channel(models.TextChoices):
    """A way in which a reminder reaches the holder of an account; those outside are the channels of his contacts."""

    IN_PAGE = "in_page", _("平台内")
    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    MESSENGER = "messenger", _("政务即时通讯")


class ReminderState(models.TextChoices):
    """waiting → sending (claimed by one worker) → sent; held where nothing leaves (the demo); or given up, with its reason."""

    WAITING = "waiting", _("待发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已发出")
    HELD = "held", _("留在发件箱")
    GIVEN_UP = "given_up", _("没有发出")


class Refusal(models.TextChoices):
    """Why a reminder did not leave: a code, never the words of the other side."""

    NO_ADDRESS = "no_address", _("没有核实过的联系方式")
    NOT_SET_UP = "not_set_up", _("本平台没有接通这个渠道")
    REJECTED = "rejected", _("对方拒收")
    UNREACHABLE = "unreachable", _("多次联系不上")
    INTERRUPTED = "interrupted", _("发送中断,不再重发")


class Asked(models.TextChoices):
    """What the personal information law lets somebody ask of whoever keeps records about them (articles 45 to 49)."""

    COPY = "copy", _("查阅、复制")
    CORRECT = "correct", _("更正、补充")
    DELETE = "delete", _("删除")
    EXPLAIN = "explain", _("解释说明")
    DECEASED = "deceased", _("近亲属查阅、复制逝者信息")


class Asker(models.TextChoices):
    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")
    AGENT = "agent", _("受委托人")
    KIN = "kin", _("逝者近亲属")


class AskedBy(models.TextChoices):
    """How a request came in."""

    IN_PERSON = "in_person", _("当面")
    LETTER = "letter", _("来信")
    OWN_PAGE = "own_page", _("本人页面")
    PASSED_ON = "passed_on", _("转来")


class DeskState(models.TextChoices):
    """received → identified → collected → decided → answered; or ended because nobody proved who they were, or taken back."""

    RECEIVED = "received", _("待核对身份")
    IDENTIFIED = "identified", _("待收集")
    COLLECTED = "collected", _("待决定")
    DECIDED = "decided", _("待交付")
    ANSWERED = "answered", _("已答复")
    UNPROVED = "unproved", _("身份未核实,已告知")
    WITHDRAWN = "withdrawn", _("本人撤回")


class Verdict(models.TextChoices):
    GIVEN = "given", _("同意")
    REFUSED = "refused", _("不同意")


class HandedOver(models.TextChoices):
    """How an answer reached whoever asked."""

    IN_PERSON = "in_person", _("当面交付,本人签收")
    MAIL = "mail", _("按来信地址挂号邮寄")


class PlanState(models.TextChoices):
    """What became of a plan of what ends."""

    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准,待办理")
    DONE = "done", _("已办完")
    DROPPED = "dropped", _("已作废")
