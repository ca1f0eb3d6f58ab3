"""Files that people send: held in memory only, never larger than a door takes, and what their names say they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.file_kinds import HEAD_BYTES, FileKind, UnknownSuffix, WrongFile, check_name

MEGABYTE = 1024 * 1024
# The largest door takes 60 MB (an import); a form and its file are refused by their announced length before they are read.
LARGEST_BODY = 62 * MEGABYTE
SCANS = (FileKind.PDF, FileKind.PNG, FileKind.JPEG)


class InMemoryUpload(MemoryFileUploadHandler):
    """Django puts larger files into a temporary folder, in clear; here they stay in memory, for the body is limited."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.activated = True


class CheckedFile(forms.FileField):
    """``kinds``: what this door takes (empty: what the names say and the door checks itself); ``most`` in megabytes;
    ``also``: suffixes of texts besides."""

    default_error_messages = {"empty": gettext_lazy("这个文件是空的,请重新选择。")}

    def __init__(
        self, *args: Any, kinds: tuple[FileKind, ...] = (), most: int = 60, also: frozenset[str] = frozenset(), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds, self.most, self.also = kinds, most, also

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload or upload is initial:
            return upload
        if upload.size > self.most * MEGABYTE:
            raise forms.ValidationError(
                _("文件超过 %(most)d MB,请删去图片、分开或缩小后再上传。") % {"most": self.most}
            )
        head = upload.read(HEAD_BYTES)
        upload.seek(0)
        try:
            kind = check_name(str(upload.name), head, self.also)
        except WrongFile as wrong:
            unknown = self.kinds and isinstance(wrong, UnknownSuffix)
            raise forms.ValidationError(self._only_these() if unknown else str(wrong)) from wrong
        if self.kinds and kind not in self.kinds:
            raise forms.ValidationError(self._only_these())
        return upload

    def _only_these(self) -> str:
        """What this door takes, by the names people know it under: a text that goes by suffixes of its own is called by them."""
        kinds = [one.value for one in self.kinds if one is not FileKind.TEXT or not self.also]
        taken = "、".join([*kinds, *sorted(one.removeprefix(".") for one in self.also)])
        return _("这里只收 %(kinds)s 文件,请另存后再上传。") % {"kinds": taken}
