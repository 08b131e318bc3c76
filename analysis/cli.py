"""The command ``framing``: a study from raw articles to a report, and the tools around it.

Heavy modules are imported by the commands that need them, so that ``--help`` answers at once.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import __version__
from analysis import commands as shared
from analysis.cli_events import events
from analysis.commands import ADDRESS, PATH, say
from analysis.formatting import counted, csv_text

if TYPE_CHECKING:
    from analysis.study import Study

# What each stage of a study does.
DOING = {
    "read": "reading the corpus",
    "choose": "choosing articles, finding reprints",
    "prepare": "cleaning, cutting furniture",
    "voices": "telling voices apart",
    "count": "counting terms and hits",
    "learn": "learning a scale from the seeds",
    "measure": "measuring",
    "evidence": "finding the sentences",
    "show": "drawing figures and writing the report",
}
EXIT_CODES = """
Exit codes: 0 done; 2 a file, key or argument is wrong, and one line says which; 130 interrupted
(start again: finished stages are kept); 1 anything else, which is a fault of this program.
"""


@click.group(cls=shared.Commands, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="framing")
def main() -> None:
    """Media framing analysis: from a folder of articles to charts that you can defend."""


main.add_command(events)


@main.command()
@click.argument("study", type=PATH)
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N",
    help="Processes to work on; by default one a core.",
)  # fmt: skip
@shared.on_cluster
@shared.with_plain_tcp
def run(study: Path, quiet: bool, jobs: int | None, cluster: str | None, plain_tcp: bool) -> None:
    """Run a whole study: tables, figures, report.html and provenance.json."""
    from analysis.study import Study

    loaded = Study.load(study)
    results = loaded.run(
        lambda stage: None if quiet else say(f"  {DOING[stage]}"),
        executor=cluster or jobs or os.cpu_count(),
        plain_tcp=plain_tcp,
    )
    if not quiet:
        rows = results.provenance["rows"]
        say(
            f"{counted(rows['read'], 'row')}: {rows['analysed']:,} analysed, "
            f"{rows['rejected']:,} rejected, {rows['left_out']:,} left out by the study."
        )
        say(f"{counted(len(results.provenance['files']), 'file')} in {results.folder}")
        if not results.tables["patterns"]["n"].sum():
            say("No hits were counted. Does the lexicon fit the articles and their language?")
        say(f"Report: {results.report}")


@main.command()
@click.argument("study", type=PATH, default=Path("study.toml"))
@click.option("--corpus", default="articles.csv", help="The file or folder with the articles.")
def new(study: Path, corpus: str) -> None:
    """Write a commented starter study."""
    from analysis.errors import StudyError
    from analysis.files import replace_file

    starter = Path(__file__).parent / "study" / "starter.toml"
    if study.exists():
        raise StudyError(f"{study} is there already; name another file.")
    if study.suffix.lower() != ".toml":
        raise StudyError(f"{study}: the name of a study file ends in .toml, such as study.toml.")
    # As JSON, a path with a backslash or a quotation mark is valid TOML, too.
    content = starter.read_text(encoding="utf-8").replace('"articles.csv"', json.dumps(corpus))
    replace_file(study, content)
    say(f"Wrote {study}. Name your corpus in it, then: framing run {study}")


@main.command()
@click.argument("file", type=PATH)
@click.argument("corpus", type=PATH, required=False)
@shared.with_columns
def check(file: Path, corpus: Path | None, columns: tuple[str, ...]) -> None:
    """Check a study file (.toml), or a lexicon; with a CORPUS, what the lexicon finds in it."""
    if file.suffix.lower() == ".toml":
        if columns:
            raise click.UsageError("--columns is for a lexicon and a CORPUS; a study has its own.")
        from analysis.study import Study
        from analysis.study.pipeline import check_study

        for line in check_study(Study.load(file)):
            say(line)
        return
    from analysis.lexicons.lexicon import Lexicon

    lexicon = Lexicon.load(file)
    say(repr(lexicon))
    if corpus is not None:
        from analysis.showing.lexicon_report import check_on_corpus

        for line in check_on_corpus(lexicon, corpus, _columns(columns)):
            say(line)


@main.command("import")
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", type=PATH, required=True, help="A Parquet file to write.")
@shared.with_columns
@click.option("--outlets", type=PATH, help="A CSV of names and publishers.")
@click.option("--outlet", help="The outlet of articles that name none.")
@click.option("--manifest", type=PATH, help="A CSV that says what the files of a folder are.")
@shared.with_day_first
@click.option("--encoding", help="The encoding of text files, such as cp1252; else it is found.")
@click.option("--keep-markup", is_flag=True, help="Leave HTML in the texts of tables.")
def import_(
    paths: tuple[Path, ...],
    output: Path,
    columns: tuple[str, ...],
    outlets: Path | None,
    outlet: str | None,
    manifest: Path | None,
    day_first: bool | None,
    encoding: str | None,
    keep_markup: bool,
) -> None:
    """Read any exports, or a folder of them, and report what was rejected and why."""
    from analysis.files import replace_file
    from analysis.reading.import_report import import_folder

    output, listed = shared.import_targets(output, filter(None, (*paths, outlets, manifest)))
    articles, rejected, report = import_folder(
        paths, columns=_columns(columns), outlets=outlets, outlet=outlet, manifest=manifest,
        day_first=day_first, encoding=encoding, strip_markup=not keep_markup,
    )  # fmt: skip
    say(f"{report}\n")
    shared.list_rejected(rejected, listed)
    if articles.empty:
        raise shared.no_article(paths, output, rejected, listed)
    articles.attrs.clear()
    replace_file(output, articles.to_parquet(index=False))
    say(f"Articles in {output}")


@main.command()
@click.argument("study", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="The folder to write.")
def bundle(study: Path, output: Path) -> None:
    """Make a feature bundle of a study: its counts without its texts, to be shared."""
    from analysis.study import Study
    from analysis.study.counts import document_counts
    from analysis.study.pipeline import do_alone

    loaded = Study.load(study)
    shared.spare_inputs([output], _read_by(loaded), unread=loaded.folder)
    counts = document_counts(do_alone(loaded, last="count"), "documents")
    counts.save(output)
    say(f"{counts!r} in {output}, without texts or titles.")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=ADDRESS)
@click.option("--by", multiple=True, help="A column, or day, week, ..., year; may be repeated.")
@shared.with_columns
@shared.with_day_first
@click.option("--lexicon", help="The path or shipped name of a lexicon.")
@click.option("-o", "--output", type=PATH, required=True, help="The folder to write.")
@click.option("--work", type=PATH, help="Keep finished parts here, to go on after a crash.")
@click.option("--threads", default=1, show_default=True)
@shared.on_cluster
@shared.with_plain_tcp
def count(
    paths: tuple[str, ...],
    by: tuple[str, ...],
    columns: tuple[str, ...],
    day_first: bool | None,
    lexicon: str | None,
    output: Path,
    work: Path | None,
    threads: int,
    cluster: str | None,
    plain_tcp: bool,
) -> None:
    """Count a corpus of any size from disk, per group of articles, for GroupCounts.load."""
    from analysis.counting.corpus import count_corpus

    shared.spare_inputs(filter(None, [output, work]), map(Path, paths))
    with shared.made_folder(output):
        counts = count_corpus(
            paths, by, columns=_columns(columns), day_first=day_first, lexicon=lexicon, work=work,
            threads=threads, executor=cluster, plain_tcp=plain_tcp,
        )  # fmt: skip
        if not counts.groups["articles"].sum():
            raise shared.no_article(paths, output, counts.rejected)
        counts.save(output)
    say(f"{counts!r}, {counted(len(counts.rejected), 'row')} rejected, in {output}")


@main.command()
@click.argument("source", type=PATH)
@click.argument("what")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only such articles.")
@click.option("--window", type=click.IntRange(max=100_000), default=10, show_default=True,
              metavar="N", help="Words to either side.")  # fmt: skip
@click.option("--sort", type=click.Choice(["left", "right"]), help="Sort by the context.")
@click.option("--csv", type=PATH, help="Write all lines, with every column, to this file.")
@click.option("--spreadsheet-safe", is_flag=True, help="No text in the CSV is a formula.")
@shared.with_columns
def kwic(
    source: Path,
    what: str,
    where: tuple[str, ...],
    window: int,
    sort: str | None,
    csv: Path | None,
    spreadsheet_safe: bool,
    columns: tuple[str, ...],
) -> None:
    """Show WHAT with the words around it, in a study (.toml) or in a table or folder of articles.

    WHAT is a term or a pattern such as 'talk*'; of a study, also a frame of its lexicon.
    """
    from analysis.escape import spreadsheet_safe as safe
    from analysis.files import replace_file
    from analysis.showing.kwic import lines_of_batches, sort_lines
    from analysis.showing.kwic_view import in_cells

    wanted: Any = what
    conditions = _conditions(where)
    if source.suffix.lower() == ".toml":
        if columns:
            raise click.UsageError("--columns is for a table; a study has its own.")
        from analysis.study import Study
        from analysis.study.dataset import read_table
        from analysis.study.pipeline import texts_of_study

        loaded = Study.load(source)
        inputs, unread = _read_by(loaded), loaded.folder
        wanted = (loaded.lexicon, what) if what in loaded.lexicon.frames else what
        # The study is prepared once these are asked for, which is after the check below.
        batches = (read_table(part) for one in (loaded,) for part in texts_of_study(one))
    else:
        from analysis.reading import scan_articles

        inputs, unread = [source], None
        batches = (a for a, _ in scan_articles(source, columns=_columns(columns)) if len(a))
    if csv is not None:
        shared.spare_inputs([csv], inputs, unread=unread)
    lines = sort_lines(lines_of_batches(batches, wanted, conditions, window), sort)
    stem = what.rstrip("*")
    # A pattern that found nothing is made shorter.
    shorter = stem[: min(5, len(stem) - what.endswith("*"))]
    advice = f": try other forms of it, such as '{shorter}*'" if shorter else ""
    found, advice = counted(len(lines), "line"), "" if len(lines) else advice
    if csv is not None:
        replace_file(csv, csv_text(safe(lines) if spreadsheet_safe else lines))
        say(f"{found} in {csv}{advice}")
        return
    wide = 6 * window
    for line in lines.to_dict("records"):
        head, left = f"{line['outlet']}, {line['date']!s:.10}", in_cells(line["left"], ">", wide)
        say(f"{head}: {left} [{line['keyword']}] {line['right'][:wide]}")
    say(found + advice, err=True)


def _read_by(study: "Study") -> list[Path]:
    """The files that a study is read from."""
    s = study.settings
    named = (s.corpus.path, s.corpus.manifest, s.outlets.aliases, s.lexicon.use)
    paths = [study.path.parent / name for name in named if isinstance(name, str)]
    return [study.path, *(path for path in paths if path.exists())]


def _conditions(where: tuple[str, ...]) -> dict[str, list[str]]:
    conditions: dict[str, list[str]] = {}
    for column, value in shared.pairs(where, "--where", "COLUMN=VALUE"):
        conditions.setdefault(column, []).append(value)
    return conditions


def _columns(told: tuple[str, ...]) -> dict[str, str]:
    return dict(shared.pairs(told, "--columns", "NAME=COLUMN"))


if __name__ == "__main__":
    main()
