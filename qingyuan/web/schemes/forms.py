from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.file_kinds import FileKind
from qingyuan.foundation.words import said
from qingyuan.governance.models import PublishedScheme
from qingyuan.web.uploads import CheckedFile


class VersionField(forms.ModelChoiceField):
    """A published version by its year, title and number."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(year)s %(title)s 第 %(version)s 版") % {"year": obj.year, "title": said(obj.title), "version": obj.version}


class BeginForm(forms.Form):
    """A new draft: of a published version, or from nothing."""

    published = VersionField(
        label=_("由哪一版起草"), queryset=PublishedScheme.objects.none(), required=False, empty_label=_("不用旧版,新起草一份")
    )
    year = forms.IntegerField(label=_("用于哪一年"), min_value=2000, max_value=2100, error_messages={"invalid": _("请填年份,如 2023。")})
    code = forms.RegexField(
        label=_("代号"),
        regex=r"^[A-Za-z0-9-]+$",
        max_length=40,
        required=False,
        help_text=_("新起草才填;字母和数字,如 town"),
        error_messages={"invalid": _("代号只用字母、数字和短横线。")},
    )
    title = forms.CharField(label=_("名称"), max_length=120, required=False, help_text=_("新起草才填"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["published"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = PublishedScheme.objects.all()


class ImportForm(forms.Form):
    file = CheckedFile(
        label=_("办法文件"),
        kinds=(FileKind.TEXT,),
        most=2,
        also=frozenset({".yaml", ".yml", ".json"}),
        error_messages={"required": _("请选择文件。")},
    )
