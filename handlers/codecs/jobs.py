"""Uploads are fetched and checked by the clock: both may take long, no transaction waits."""

from handlers.codecs.chat import LARGEST
from handlers.schedule import Desk, FileProblemError, Job
from services.codecs.checking import check
from services.codecs.records import Waiting
from services.codecs.rules import UploadError


async def check_uploads(desk: Desk) -> None:
    """Fetch what staff sent, try it out, and tell them."""
    async with desk.reading() as services:
        waiting = await services.codec_uploads.waiting()
    for upload in waiting:
        await _check(desk, upload)


async def _check(desk: Desk, upload: Waiting) -> None:
    try:
        script = await desk.files.fetch(upload.script_file, LARGEST)
        examples = None
        if upload.examples_file:
            examples = await desk.files.fetch(upload.examples_file, LARGEST)
    except FileProblemError as error:
        async with desk.transaction() as services:
            await services.codec_uploads.not_fetched(upload.id, error.text_key, final=error.final)
        return
    try:
        checked = await check(desk.sandbox, upload.name, script, examples)
    except UploadError as error:
        async with desk.transaction() as services:
            await services.codec_uploads.refused(upload.id, error.problem)
        return
    async with desk.transaction() as services:
        await services.codec_uploads.passed(upload.id, checked)


async def forget_uploads(desk: Desk) -> None:
    """Delete what is wrong with old uploads."""
    async with desk.transaction() as services:
        await services.codec_uploads.forget_old()


JOBS = (
    Job("check codecs", 2, check_uploads),
    Job("forget codec uploads", 3600, forget_uploads),
)
