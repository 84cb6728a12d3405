"""Runs one script once; lives in the worker process and imports next to nothing.

Every call gets a context, and with it a JavaScript heap, of its own (0.3 ms). A context kept warm
would save that, but a script can leave anything behind: a changed prototype, a counter, a
half-filled cache. Then what a frame decodes to would depend on the frames before it.
"""

from pathlib import Path

from quickjs import Context, JSException, StackOverflow

HARNESS = (Path(__file__).parent / "harness.js").read_text(encoding="utf-8")
STACK = 256 * 1024
"""Bytes; the process has 8 MiB, so JavaScript notices long before the stack is really full."""
REASONS = (
    ("interrupted", "time"),
    ("out of memory", "memory"),
    ("call stack", "memory"),
    ("null", "memory"),  # there was none left even for the error
)
NOT_ENOUGH_MEMORY = '{"problem":"memory"}'
TOO_LARGE = '{"problem":"output","detail":"too large"}'
CRASHED = '{"problem":"crashed"}'


def run(source: str, request: str, *, seconds: float, memory: int, output: int) -> str:
    """Return the answer as JSON: `data` and so on, or a `problem`.

    Args:
        source: the script.
        request: JSON with `bytes`, `fPort`, `time` (milliseconds since 1970), `variables`.
        seconds: of computing.
        memory: bytes of JavaScript's heap.
        output: bytes of the answer.
    """
    try:
        context = Context()
        context.set_memory_limit(memory)
        context.set_max_stack_size(STACK)
        call = context.eval(HARNESS)
        context.set_time_limit(seconds)
        answer = call(source, request)
    except StackOverflow:
        return NOT_ENOUGH_MEMORY
    except JSException as error:
        return _reason(str(error))
    except MemoryError:
        return NOT_ENOUGH_MEMORY
    except UnicodeError:  # half a character, put together by hand
        return TOO_LARGE.replace("too large", "no text")
    if not isinstance(answer, str):
        return CRASHED
    return answer if len(answer.encode(errors="replace")) <= output else TOO_LARGE


def _reason(words: str) -> str:
    first = words.partition("\n")[0]
    for sign, problem in REASONS:
        if sign in first:
            return f'{{"problem":"{problem}"}}'
    return CRASHED
