"""``framing events``: articles of several outlets on the same news, in a corpus of any size."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis import commands as shared
from analysis.commands import ADDRESS, PATH, say
from analysis.formatting import counted

if TYPE_CHECKING:
    import pandas as pd

# Articles that are in memory at a time.
PART = 2_000


@click.command()
@click.argument("paths", nargs=-1, required=True, type=ADDRESS)
@click.option("-o", "--output", type=PATH, required=True, help="A Parquet file to write.")
@click.option("--window", default="3d", show_default=True, help="The days that an event may span.")
@click.option(
    "--threshold", default=0.15, show_default=True,
    help="The mean similarity, above 0 and at most 1, of articles on one event.",
)  # fmt: skip
@shared.with_columns
@shared.with_day_first
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="Processes to work on.")  # fmt: skip
def events(
    paths: tuple[str, ...], output: Path, window: str, threshold: float,
    columns: tuple[str, ...], day_first: bool | None, jobs: int,
) -> None:  # fmt: skip
    """Find articles of several outlets on the same news; write all articles with their EVENT.

    An event is named by the doc_id of its earliest article. The corpus may be larger than memory.
    """
    from tempfile import TemporaryDirectory

    import pandas as pd

    from analysis.preparing.events import mark_events, plan_events
    from analysis.reading import scan_articles
    from analysis.reading.rejected import rejected_table
    from analysis.study.dataset import read_table, write_table

    # Wrong values are refused before the corpus is read.
    plan_events([], window=window, threshold=threshold)
    output, listed = shared.import_targets(output, map(Path, paths))
    named = dict(shared.pairs(columns, "--columns", "NAME=COLUMN"))
    with TemporaryDirectory() as folder:
        parts, refused = list[Path](), [rejected_table([])]
        scanned = scan_articles(paths, columns=named, day_first=day_first, batch_size=PART)
        for number, (articles, rejected) in enumerate(scanned):
            refused.append(rejected)
            if len(articles):
                parts.append(Path(folder) / f"{number:06d}.parquet")
                write_table(articles, parts[-1])
        rejected = pd.concat(refused, ignore_index=True)
        shared.list_rejected(rejected, listed)
        if not parts:
            raise shared.no_article(paths, output, rejected, listed)
        plan = plan_events(
            parts, read_table, jobs if jobs > 1 else None, window=window, threshold=threshold
        )
        found = _written((mark_events(read_table(part), plan) for part in parts), output)
    shared_by = found.groupby("event")["outlet"].transform("nunique") > 1
    say(
        f"{counted(len(found), 'article')}: {shared_by.sum():,} of them on "
        f"{counted(found.loc[shared_by, 'event'].nunique(), 'event')} that several outlets cover."
    )
    say(f"Articles with their events in {output}")


def _written(tables: "Iterable[pd.DataFrame]", output: Path) -> "pd.DataFrame":
    """Write tables to one Parquet file, one after the other; the outlet and event of each row."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from analysis.files import writing

    found, writer = list[pd.DataFrame](), None
    with writing(output) as unfinished:
        for table in tables:
            table.attrs.clear()
            found.append(table[["outlet", "event"]].astype("str"))
            arrow = pa.Table.from_pandas(table, preserve_index=False)
            writer = writer or pq.ParquetWriter(unfinished, arrow.schema)
            writer.write_table(arrow.cast(writer.schema))
        if writer is not None:
            writer.close()
    return pd.concat(found, ignore_index=True)
