"""Files on their way to a codec: remembered, checked beside the bot, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.codecs import store
from services.codecs.checking import Checked
from services.codecs.model import CodecUpload, UploadState
from services.codecs.records import Report, Waiting
from services.codecs.rules import Problem, UploadError, check_name
from services.codecs.service import KEPT, Codecs, KnownCodecError
from services.errors import ServiceError
from services.outbox.service import Outbox
from services.staff.model import StaffMember
from services.staff.rules import Actor

MOST_OPEN = 5
"""Uploads of one person that may wait."""
MOST_ATTEMPTS = 3
AT_ONCE = 3


class TooManyUploadsError(ServiceError):
    """So many wait already that no more is taken."""

    text_key = "codecs.too-many"


class BadNameError(ServiceError):
    """A codec's name is a short slug."""

    text_key = "codecs.problem-name"


@dataclass(frozen=True)
class CodecUploads:
    """Use cases around files that staff send."""

    session: AsyncSession
    codecs: Codecs
    outbox: Outbox
    clock: Clock

    async def receive(
        self, actor: Actor, name: str, *, script_file: str = "", examples_file: str = ""
    ) -> bool:
        """Remember a file; return whether it can be checked now (else its script is missing)."""
        self.codecs.require(actor)
        if actor.staff_id is None:
            raise BadNameError(name="")
        try:
            name = check_name(name)
        except UploadError as error:
            raise BadNameError(**error.problem.params) from None
        upload = await store.open_upload(self.session, actor.staff_id, name)
        if upload is None:
            if await store.many_uploads(self.session, actor.staff_id, MOST_OPEN):
                raise TooManyUploadsError
            upload = CodecUpload(staff_id=actor.staff_id, name=name, created_at=self.clock())
            upload.script_file = upload.examples_file = ""
            upload.attempts, upload.report = 0, []
            self.session.add(upload)
        upload.script_file = script_file or upload.script_file
        upload.examples_file = examples_file or upload.examples_file
        upload.state = UploadState.WAITING if upload.script_file else UploadState.INCOMPLETE
        await self.session.flush()
        await self.codecs.audit.note(actor.staff_id, "codecs.upload", f"upload:{name}")
        return bool(upload.script_file)

    async def waiting(self) -> Sequence[Waiting]:
        """Return a few uploads to check, those first that were tried least."""
        found = await store.waiting(self.session, AT_ONCE)
        return [Waiting(one.id, one.name, one.script_file, one.examples_file) for one in found]

    async def passed(self, upload_id: int, checked: Checked) -> None:
        """Make a codec of it, or say which examples are wrong."""
        upload = await self._open(upload_id)
        if upload is None:
            return
        if checked.problems:
            await self._fail(upload, checked.problems)
            return
        try:
            number = await self.codecs.take_in(checked, upload.staff_id)
        except KnownCodecError as error:
            known = Problem(error.text_key, {"number": int(str(error.params["number"]))})
            await self._fail(upload, (known,))
            return
        await self._tell(upload, "codecs.checked", codec=number)
        await self.session.delete(upload)

    async def refused(self, upload_id: int, problem: Problem) -> None:
        """Say why it cannot even be tried; without examples it waits for them."""
        upload = await self._open(upload_id)
        if upload is None:
            return
        if problem.text_key != "codecs.problem-no-examples" or upload.examples_file:
            await self._fail(upload, (problem,))
            return
        # Both files may have been sent at once, so that the examples stand in a row of their own.
        other = await store.open_upload(self.session, upload.staff_id, upload.name)
        if other is not None and other.examples_file:
            upload.examples_file = other.examples_file
            await self.session.delete(other)
            return
        upload.state = UploadState.INCOMPLETE
        upload.attempts += 1
        await self._tell(upload, "codecs.needs-examples", name=upload.name)

    async def not_fetched(self, upload_id: int, problem: str, *, final: bool) -> None:
        """Try again later, three times; `problem` is the key of a text."""
        upload = await self._open(upload_id)
        if upload is None:
            return
        upload.attempts += 1
        if final or upload.attempts >= MOST_ATTEMPTS:
            await self._fail(upload, (Problem(problem),))

    async def report(self, upload_id: int) -> Report | None:
        """Return what was wrong; None when it was forgotten."""
        upload = await self.session.get(CodecUpload, upload_id)
        return Report(upload.name, tuple(upload.report)) if upload else None

    async def forget_old(self) -> int:
        """Delete reports, and halves whose other half never came."""
        return await store.forget_uploads(self.session, self.clock() - KEPT)

    async def _open(self, upload_id: int) -> CodecUpload | None:
        upload = await self.session.get(CodecUpload, upload_id)
        return upload if upload and upload.state == UploadState.WAITING else None

    async def _fail(self, upload: CodecUpload, problems: Sequence[Problem]) -> None:
        upload.state = UploadState.FAILED
        upload.report = [one.as_json() for one in problems]
        await self._tell(upload, "codecs.failed", upload=upload.id)

    async def _tell(self, to: CodecUpload, text_key: str, **params: Any) -> None:
        member = await self.session.get(StaffMember, to.staff_id)
        if member is None or member.chat_id is None:
            return  # they left, or erased their data
        await self.outbox.tell(
            member.chat_id,
            text_key,
            dedup_key=f"codec-upload:{to.id}:{to.attempts}:{text_key}",
            **params,
        )
