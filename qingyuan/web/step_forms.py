"""Forms that a declared procedure asks for: each field of a step by its kind. What the slices of procedures share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.procedures.declaration import Field, FieldKind, Step
from qingyuan.foundation.file_kinds import FileKind
from qingyuan.foundation.words import said
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.web.uploads import CheckedFile

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
EVIDENCE = (FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.OFFICE, FileKind.OLD_OFFICE)
MEGABYTES = 10
#: What a kind of file is sent back as.
MEDIA = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(CheckedFile):
    """Several files at one place; each is looked at as a single one would be."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Evidence]:
        files = data if isinstance(data, list) else [data]
        found = []
        for one in files:
            upload = super().clean(one, initial)
            if upload:
                found.append(_evidence(upload))
        return found


def _evidence(upload: Any) -> Evidence:
    data = upload.read()
    head = next((kind for kind, mark in _HEADS if data.startswith(mark)), None)
    media = MEDIA.get(head, "application/octet-stream") if head is not None else "application/octet-stream"
    return Evidence(str(upload.name)[-120:], media, data)


_HEADS = ((FileKind.PDF, b"%PDF-"), (FileKind.PNG, b"\x89PNG\r\n\x1a\n"), (FileKind.JPEG, b"\xff\xd8\xff"))


class StepForm(forms.Form):
    """The fields a step declares, each by its kind."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, step: Step, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{step.code}-%s", initial=initial)
        for one in step.needs:
            self.fields[one.name] = _field(one)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields a person sees."""
        return [self[name] for name in self.fields if name != "version"]


def _field(one: Field) -> forms.Field:
    shared: dict[str, Any] = {"label": said(one.label), "required": one.required, "help_text": said(one.help)}
    missing = {"required": _("请填这一项。")}
    if one.kind is FieldKind.DAY:
        return forms.DateField(widget=DAY, error_messages=missing, **shared)
    if one.kind is FieldKind.FILES:
        return ManyFiles(kinds=EVIDENCE, most=MEGABYTES, **shared)
    if one.kind is FieldKind.LONG:
        rows = 6 if one.most > 500 else 3
        area = forms.Textarea(attrs={"rows": rows})
        return forms.CharField(max_length=one.most, widget=area, error_messages=missing, **shared)
    return forms.CharField(max_length=one.most, error_messages=missing, **shared)
