"""``civid abis``: MOSIP's automated biometric identification system, on a queue."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from civid.cli.commands.exchange.abis_check import check_all
from civid.cli.commands.exchange.abis_parts import (
    CLIENT_SECRET,
    KEY_PASSWORD,
    PASSWORD,
    address_of,
    authorities,
    decryptor_of,
    open_engine,
    run_until_told,
    secret,
)
from civid.cli.console.options import (
    AUTO,
    Keys,
    Method,
    Quiet,
    Swapped,
    Threads,
    extraction_of,
    thread_count,
)
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.errors import FieldError

Origins = list[str] | None


def _option(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, **more)


def abis(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the engine is kept.")],
    broker: Annotated[
        str,
        typer.Option(
            envvar="CIVID_BROKER",
            metavar="URL[,URL...]",
            help="stomp://user@host:61613, or stomps:// for TLS; several are tried in turn.",
        ),
    ],
    password_file: Annotated[
        Path | None, _option(f"File with its password; or the variable {PASSWORD}.")
    ] = None,
    inbound: Annotated[str, _option("Queue of requests.", metavar="QUEUE")] = "mosip-to-abis",
    outbound: Annotated[str, _option("Queue of answers.", metavar="QUEUE")] = "abis-to-mosip",
    dead_letters: Annotated[
        str, _option("Queue of what cannot be answered; INBOUND.dead.", metavar="QUEUE")
    ] = "",
    answers: Annotated[
        str, _option("As JMS messages of this type.", metavar="as-asked|text|bytes")
    ] = "as-asked",
    fetch_from: Annotated[
        Origins,
        _option(
            "Server that biometrics may be fetched from: https://host[:port]; repeat it."
            " No other is asked, nor any private address.",
            metavar="ORIGIN",
        ),
    ] = None,
    fetch_inside: Annotated[
        Origins,
        _option(
            "The same in the own network: may be http://, and at a private address.",
            metavar="ORIGIN",
        ),
    ] = None,
    fetch_bytes: Annotated[
        int, _option("Largest thing that is fetched.", metavar="BYTES", min=1)
    ] = 16 * 1024 * 1024,
    fetch_seconds: Annotated[
        float, _option("Longest that a fetch may take, in all.", metavar="SECONDS")
    ] = 20.0,
    token_url: Annotated[
        str | None,
        _option(
            "Where tokens for the data share come from:"
            " https://host/v1/authmanager/authenticate/clientidsecretkey",
            metavar="URL",
        ),
    ] = None,
    client_id: Annotated[str, _option("Client to sign in as, there.", metavar="ID")] = "",
    client_secret_file: Annotated[
        Path | None, _option(f"File with its secret; or the variable {CLIENT_SECRET}.")
    ] = None,
    partner_key: Annotated[
        list[Path] | None,
        _option(
            "Private key that data shares are encrypted for, PEM or PKCS#12; repeat it for"
            f" older ones. Its password: the variable {KEY_PASSWORD}.",
            metavar="FILE",
        ),
    ] = None,
    authority: Annotated[
        Path | None,
        _option(
            "Certificates, PEM, that brokers' and data shares' are checked against; those of"
            " the system unless given.",
            metavar="FILE",
        ),
    ] = None,
    keys: Keys = None,
    create: Annotated[bool, _option("Make the engine if there is none yet.", "--create")] = False,
    target_fpir: Annotated[
        int, _option("Where a request has none, as MOSIP writes it: 30 = 1 in 1,000.", min=1)
    ] = 30,
    max_results: Annotated[int, _option("Where a request says nothing.", min=1)] = 30,
    min_score: Annotated[
        float, _option("No candidate scores less, whatever is asked for.", metavar="SCORE", min=0.0)
    ] = 0.0,
    swapped: Swapped = False,
    min_quality: Annotated[
        int | None, _option("Refuse sets whose best finger is worse (reason 18).", min=0, max=100)
    ] = None,
    method: Method = AUTO,
    window: Annotated[int, _option("Most requests taken and not answered.", min=1)] = 64,
    threads: Threads = None,
    tries: Annotated[int, _option("Before a request becomes a dead letter.", min=1)] = 5,
    grace: Annotated[float, _option("Time to finish in when stopped.", metavar="SECONDS")] = 60.0,
    keep_answers: Annotated[
        int,
        _option("After so long the same request is a new one.", metavar="DAYS", min=1, max=3650),
    ] = 7,
    metrics: Annotated[
        str, _option("Where to serve /health and /metrics.", metavar="HOST:PORT|none")
    ] = "127.0.0.1:8461",
    check: Annotated[
        bool, _option("Only try broker, queues, data shares, keys and folder.", "--check")
    ] = False,
    as_json: Annotated[
        bool, _option("Log a JSON object a line; --check prints one document.", "--json")
    ] = False,
    quiet: Quiet = False,
) -> int:
    """Be MOSIP's ABIS: take requests from a queue, answer them in order, lose none.

    Runs until SIGTERM or Ctrl-C; finishes what it has taken then, and stops at once at the second.
    Needs the extra ``abis``. How to set it up: docs/howto/run-an-abis.md.
    """
    from civid.exchange import worker as workers
    from civid.exchange.datashare import Credentials, Fetcher, Limits, NoDecryptor, Origin
    from civid.exchange.mosip import Policy
    from civid.exchange.worker.logs import logged_to

    text = {"as-asked": None, "text": True, "bytes": False}
    if answers not in text:
        raise usage("--answers: one of as-asked, text, bytes")
    cores = thread_count(threads)
    try:
        settings = workers.Settings(
            workers.brokers_of(broker), password=secret(password_file, PASSWORD),
            inbound=inbound, outbound=outbound, dead=dead_letters, window=window, threads=cores,
            tries=tries, grace=grace, keep_answers=keep_answers, text=text[answers],
            authority=None if authority is None else str(authority),
        )  # fmt: skip
        origins = (
            *(Origin.of(one) for one in fetch_from or ()),
            *(Origin.of(one, inside=True) for one in fetch_inside or ()),
        )
        policy = Policy(
            max_results=max_results, target_fpir=target_fpir, min_score=min_score,
            swapped=swapped, min_quality=min_quality, extraction=extraction_of(method),
        )  # fmt: skip
        limits = Limits(fetch_bytes, fetch_seconds)
        address = address_of(metrics)
        credentials = None
        if token_url is not None:
            hidden = secret(client_secret_file, CLIENT_SECRET)
            if not (client_id and hidden):
                raise usage("--token-url needs --client-id, and the client's secret")
            credentials = Credentials(token_url, client_id, hidden)
        decryptor = decryptor_of(partner_key or [])
        out = Output(as_json=as_json, quiet=quiet)
        with ExitStack() as held:
            fetcher = held.enter_context(
                Fetcher(
                    origins, limits=limits, credentials=credentials, context=authorities(authority)
                )
            )
            if check:
                return check_all(out, settings, fetcher, folder, keys, create=create)
            engine = held.enter_context(open_engine(folder, keys, create=create, threads=cores))
            held.enter_context(logged_to(sys.stderr, as_json=as_json, quiet=quiet))
            service = workers.MosipService(
                engine, fetcher.fetch, decryptor=decryptor or NoDecryptor(), policy=policy,
                threads=cores,
            )  # fmt: skip
            worker = workers.Worker(settings, service, folder)
            service.pending = lambda: len(worker) - 1  # without the one that asks
            if address is not None:
                served = workers.HealthServer(*address, worker.metrics, worker.alive)
                held.callback(served.close)
                out.note(f"{served.address}/health and /metrics")
            run_until_told(worker)
            return Exit.DONE
    except workers.AddressError as error:
        raise usage(f"--metrics: {error}") from error
    except FieldError as error:
        raise usage(str(error)) from error
