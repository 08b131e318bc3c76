"""What the commands of ``framing`` share: errors of one line, and options that several take."""

import io
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from analysis.errors import AnalysisError, OutputError, ReadError
from analysis.escape import inert
from analysis.files import replace_file
from analysis.formatting import counted, csv_text

if TYPE_CHECKING:
    import pandas as pd


class _Path(click.ParamType):  # type: ignore[type-arg]  # generic from 8.5 on
    """A path; an empty one, as of a shell's unset variable, is not the current folder."""

    name = "path"

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The path; UsageError if it is empty."""
        if value == "":
            self.fail("the path is empty; '.' is the current folder.", param, ctx)
        return self.kind(value)


PATH, ADDRESS = _Path(Path), _Path(str)  # an address may be a path, too


def say(text: str, err: bool = False) -> None:
    """Print for a person: no text of an article or a file's name may steer the terminal."""
    click.echo(inert(text), err=err)


class Commands(click.Group):
    """Commands whose errors are one line for a person, never a traceback."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; what the terminal's code page lacks is shown as a question mark."""
        if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
            sys.stdout.reconfigure(errors="replace")
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _warn
                return super().main(*args, **options)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            say(f"framing: {where}{error.strerror or error}", err=True)
            sys.exit(2)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command's name; without anything, show the help."""
        if not args:
            return super().parse_args(ctx, args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _refuse(ctx, error)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _refuse(ctx, error)
        except AnalysisError as error:
            say(f"framing: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of our output, such as `head`, has seen enough.
            sys.stderr.close()
            ctx.exit(0)
        except KeyboardInterrupt:
            say("framing: interrupted", err=True)
            ctx.exit(130)


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    """Say a warning in one line, without the place in the code."""
    say(" ".join(str(message).split()), err=True)


def _refuse(ctx: click.Context, error: click.UsageError) -> NoReturn:
    """Say in one line what is wrong with a command's arguments."""
    asked = (error.ctx or ctx).command_path
    what = " ".join(error.format_message().split()).rstrip(".")
    say(f"framing: {what}{'' if what.endswith('?') else '.'} See: {asked} --help", err=True)
    ctx.exit(2)


with_columns = click.option(
    "--columns", multiple=True, metavar="NAME=COLUMN",
    help="Where outlet, date, title, text or doc_id stands; may be repeated.",
)  # fmt: skip
with_day_first = click.option(
    "--day-first/--month-first", default=None, help="How to read 04/05/2018, if the file can't say."
)
on_cluster = click.option("--cluster", metavar="ADDRESS", help="tls://..., tcp://... or local.")
with_plain_tcp = click.option(
    "--plain-tcp", is_flag=True, help="Allow another machine's scheduler without TLS."
)


def pairs(given: tuple[str, ...], option: str, form: str) -> Iterator[tuple[str, str]]:
    """The two sides of each NAME=VALUE."""
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not {form}", param_hint=option)
        yield name, value


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder to write into in the end, so that it is known now whether it can be made.

    Where the work fails, what was made goes again, as long as it is empty.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for path in new:
                path.rmdir()
        raise


def import_targets(output: Path, inputs: Iterable[Path]) -> tuple[Path, Path]:
    """The files that an import writes: its articles, and beside them its rejected rows.

    OutputError if `output` does not end in .parquet or is a folder; and as from `spare_inputs`.
    """
    if output.suffix.lower() != ".parquet" or output.is_dir():
        found = "is a folder" if output.is_dir() else "does not end in .parquet"
        raise OutputError(
            f"{output}: {found}. Articles are written as one Parquet file: name it, such as "
            "articles.parquet."
        )
    targets = output, output.with_suffix(".rejected.csv")
    spare_inputs(targets, inputs)
    return targets


def list_rejected(rejected: "pd.DataFrame", path: Path) -> None:
    """Write the rejected rows of an import; without any, remove the list of an earlier one."""
    if len(rejected):
        replace_file(path, csv_text(rejected))
        say(f"{counted(len(rejected), 'rejected row')} in {path}")
    else:
        path.unlink(missing_ok=True)


def no_article(
    paths: Iterable[object], output: Path, rejected: "pd.DataFrame", listed: Path | None = None
) -> ReadError:
    """The error where no article was read: counts what was rejected, or names its list."""
    named, reasons = ", ".join(map(str, paths)), rejected["reason"].value_counts().items()
    why = "; ".join(f"{reason}: {counted(n, 'row')}" for reason, n in reasons)
    why = f"{listed} has the reason for each row" if listed and why else why
    return ReadError(
        f"{named}: holds no article, and nothing is written to {output}. "
        f"{why or 'There are no rows besides headers'}."
    )


def spare_inputs(
    targets: Iterable[Path], inputs: Iterable[Path], unread: Path | None = None
) -> None:
    """Refuse to write over what a command reads, or into a folder that it reads.

    OutputError if one of the `targets` is an input, or lies inside one and not inside `unread`.
    """
    inputs = list(inputs)
    for target in targets:
        parents = target.resolve().parents
        for given in inputs:
            if _is_same(target, given):
                raise OutputError(
                    f"{target}: is read by this command, and would be overwritten. Name another "
                    "output."
                )
            if given.resolve() in parents and not (unread and unread.resolve() in parents):
                raise OutputError(
                    f"{target}: lies inside {given}, and would be read as a part of that folder "
                    "the next time. Name an output outside it."
                )


def _is_same(a: Path, b: Path) -> bool:
    """Whether two paths lead to one file, be it by a link or by the case of a letter."""
    return a.resolve() == b.resolve() or (a.exists() and b.exists() and a.samefile(b))
