"""The command line. Declares the commands; the code of each is imported only when it runs, for imports cost seconds.

Results go to stdout, progress and errors to stderr. Exit codes: 0 done · 1 the run failed, nothing published · 2 wrong
usage or configuration · 3 another run holds the lock · 4 a quality gate stopped the publication.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from schemas.messages import text, use_locale

__all__ = ["app", "main"]

# Matrices are small here, and each core is given its own share of the work: more threads inside would fight over them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = typer.Typer(
    name="guiyi", help=text("cli.about"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

models = typer.Typer(help=text("cli.model_about"), no_args_is_help=True)
app.add_typer(models, name="model")

Config = Annotated[Path, typer.Option("--config", help=text("cli.config"))]
Judged = Annotated[Path | None, typer.Option("--judgements", metavar="FILE", help=text("cli.judgements"))]
Json = Annotated[bool, typer.Option("--json", help=text("cli.json"))]


class Engine(StrEnum):
    """What moves the matching kernels."""

    local = "local"


@app.callback()
def _options(
    locale: Annotated[str | None, typer.Option(help=text("cli.locale"))] = None,
) -> None:
    if locale is not None:
        use_locale(locale)


@app.command(help=text("cli.demo"))
def demo(dir: Annotated[Path, typer.Option("--dir", help=text("cli.demo_dir"))] = Path("guiyi-demo")) -> None:  # noqa: A002  the contract's
    """Write the sample exports and run the whole job on them."""
    from pipelines.demo import run_demo

    run_demo(dir)


@app.command(help=text("cli.run"))
def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help=text("cli.config"))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=text("cli.dry_run"))] = False,
    full: Annotated[bool, typer.Option("--full", help=text("cli.full"))] = False,
    prefect: Annotated[bool | None, typer.Option("--prefect/--no-prefect", help=text("cli.prefect"))] = None,
    engine: Annotated[Engine, typer.Option(help=text("cli.engine"))] = Engine.local,
    json: Json = False,
) -> None:
    """Run the main job."""
    from pipelines.command import run_command

    run_command(config, dry_run=dry_run, full=full, prefect=prefect, engine=engine.value, as_json=json)


@app.command(help=text("cli.check"))
def check(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help=text("cli.config"))], *, json: Json = False
) -> None:
    """Read and validate only."""
    from pipelines.check import check_command

    check_command(config, as_json=json)


@app.command(help=text("cli.dedupe"))
def dedupe(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=text("cli.files"), show_default=False)],
    *,
    out: Annotated[Path, typer.Option("--out", help=text("cli.out"))],
    model: Annotated[Path | None, typer.Option("--model", help=text("cli.model"))] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", metavar="COL", help=text("cli.ignore"))] = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", metavar="P", min=0.0, max=1.0, help=text("cli.threshold"))
    ] = None,
    pairs: Annotated[Path | None, typer.Option("--pairs", help=text("cli.pairs"))] = None,
    judgements: Judged = None,
    json: Json = False,
) -> None:
    """Find the duplicates in any files, with no configuration."""
    from pipelines.dedupe import dedupe_command

    dedupe_command(
        files,
        out=out,
        model=model,
        ignore=tuple(ignore or ()),
        threshold=threshold,
        pairs=pairs,
        judgements=judgements,
        as_json=json,
    )


@app.command(help=text("cli.evaluate"))
def evaluate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help=text("cli.evaluate_out"))],
    *,
    truth: Annotated[Path, typer.Option("--truth", help=text("cli.truth"))],
    truth_column: Annotated[str, typer.Option("--truth-column", metavar="COL", help=text("cli.truth_column"))],
    json: Json = False,
) -> None:
    """Compare clusters with the truth."""
    from pipelines.dedupe import evaluate_command

    evaluate_command(out, truth=truth, truth_column=truth_column, as_json=json)


@app.command(help=text("cli.lookup"))
def lookup(
    key_or_id: Annotated[str, typer.Argument(metavar="KEY_OR_ID", help=text("cli.key_or_id"))],
    *,
    config: Config = Path("guiyi.yaml"),
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=text("cli.as_of"))] = None,
    json: Json = False,
) -> None:
    """Show a golden record with its members and lineage."""
    from pipelines.questions import lookup_command

    lookup_command(key_or_id, config=config, as_of=as_of, as_json=json)


@app.command(help=text("cli.explain"))
def explain(
    left: Annotated[str, typer.Argument(metavar="RECORD_KEY", help=text("cli.record_key"))],
    right: Annotated[str, typer.Argument(metavar="RECORD_KEY", help=text("cli.record_key"))],
    *,
    config: Config = Path("guiyi.yaml"),
    json: Json = False,
) -> None:
    """Say why two records are, or are not, one customer."""
    from pipelines.questions import explain_command

    explain_command(left, right, config=config, as_json=json)


@app.command(help=text("cli.history"))
def history(
    golden_id: Annotated[str, typer.Argument(metavar="GOLDEN_ID", help=text("cli.golden_id"))],
    *,
    config: Config = Path("guiyi.yaml"),
    json: Json = False,
) -> None:
    """Show what happened to a golden id."""
    from pipelines.questions import history_command

    history_command(golden_id, config=config, as_json=json)


@models.command("train", help=text("cli.model_train"))
def model_train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help=text("cli.config"))],
    *,
    judgements: Judged = None,
    json: Json = False,
) -> None:
    """Train another model on the current exports, and publish what follows from it."""
    from pipelines.command import run_command

    run_command(config, prefect=False, retrain=True, judgements=judgements, as_json=json)


@models.command("show", help=text("cli.model_show"))
def model_show(
    *,
    config: Config = Path("guiyi.yaml"),
    model: Annotated[Path | None, typer.Option("--model", metavar="FILE", help=text("cli.model_file"))] = None,
    json: Json = False,
    yaml: Annotated[bool, typer.Option("--yaml", help=text("cli.model_yaml"))] = False,
    chart: Annotated[Path | None, typer.Option("--chart", metavar="FILE", help=text("cli.model_chart"))] = None,
) -> None:
    """Print a model."""
    from pipelines.model_show import model_command

    model_command(config=config, file=model, as_json=json, as_yaml=yaml, chart=chart)


@app.command(help=text("cli.schema"))
def schema() -> None:
    """Print the JSON schema of the configuration."""
    import json

    from pipelines.settings import Settings

    typer.echo(json.dumps(Settings.model_json_schema(), ensure_ascii=False, indent=2))


def main() -> None:
    """The entry point of ``guiyi``: a GuiyiError becomes its sentence and exit code, never a traceback."""
    from pipelines.failures import place_of
    from schemas.errors import GuiyiError

    try:
        app()
    except GuiyiError as error:
        _stop(str(error), error.exit_code)
    except KeyboardInterrupt:
        _stop(text("cli.interrupted"), 130)
    except Exception as error:  # noqa: BLE001  the last resort: say where, not with what data
        _stop(text("cli.unexpected", kind=type(error).__name__, place=place_of(error)), 1)


def _stop(message: str, code: int) -> None:
    typer.echo(f"guiyi: {message}", err=True)
    sys.exit(code)
