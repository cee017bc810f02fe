"""``civid share grant``: what partners may ask, made by one officer and confirmed by another."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.exchange.sharing import Grant, GrantVersion

app = typer.Typer(help="Grants (cho phép khai thác): add, list, show, confirm, revoke.")

Reference = Annotated[
    str, typer.Argument(metavar="GRANT", help="Reference of the grant, as add and list print it.")
]
Many = list[str] | None


def grant_parts(text: str) -> tuple[str, int | None]:
    """Reference and, where ``list`` printed it behind a colon, version."""
    reference, _, version = text.partition(":")
    short = version.isascii() and version.isdigit() and len(version) < 10
    if version and not short:
        raise usage("GRANT: expected a reference, or one with its version such as 01a2...:1")
    return reference, int(version) if version else None


@app.command()
def add(
    register: Where,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="The whole grant as JSON, as show prints it."),
    ] = None,
    partner: Annotated[str, typer.Option(help="Code of who may ask, such as bhxh.")] = "",
    purpose: Annotated[str, typer.Option(help="Code of what for (mục đích).")] = "",
    purpose_text: Annotated[str, typer.Option(help="What for, as the citizen reads it.")] = "",
    law_code: Annotated[str, typer.Option(help="Number of the law, such as 26/2023/QH15.")] = "",
    law: Annotated[str, typer.Option(help="Legal basis in words (căn cứ pháp lý).")] = "",
    allow: Annotated[
        Many,
        typer.Option(
            help="What may be given: birth:year, name:masked, phone:full, birth:over_age:18,"
            " death:is_alive, permanent_residence:lives_in; again for several."
        ),
    ] = None,
    match: Annotated[
        Many, typer.Option(help="Attribute that a question has to give; again for several.")
    ] = None,
    naming: Annotated[
        Many,
        typer.Option(help="number (unless given), pseudonym, match_id, attributes; again."),
    ] = None,
    limit: Annotated[
        Many, typer.Option(help="How often, such as partner/minute=600 or person/day=3; again.")
    ] = None,
    only: Annotated[Many, typer.Option(help="Only people of this unit; again for several.")] = None,
    starts: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="First day; today.")] = "",
    ends: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Last day.")] = "",
    told_after: Annotated[
        int, typer.Option(min=0, help="Days after which the citizen is told; 0 = at once.")
    ] = 0,
    consent: Annotated[bool, typer.Option("--consent", help="Only people who agreed.")] = False,
    existence: Annotated[
        bool, typer.Option("--existence", help="Answers may say that there is no such person.")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Answers may say which attributes do not agree.")
    ] = False,
    pseudonym: Annotated[
        bool, typer.Option("--pseudonym", help="Answers may hold the partner's pseudonym.")
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="In force at once, without a second officer.")
    ] = False,
    replaces: Annotated[
        str | None, typer.Option(metavar="GRANT", help="Make a new version of this grant.")
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    as_json: AsJson = False,
) -> int:
    """Make a grant (tạo cho phép khai thác); it waits for a second officer, unless --alone."""
    from civid.exchange.sharing import Grant, Sharing

    if file is not None:
        grant = _read(file)
    else:
        if not ends:
            raise usage("--ends: a grant needs a last day, such as 2026-12-31")
        plain: dict[str, Any] = {
            "partner": partner, "purpose": purpose, "purpose_text": purpose_text,
            "law_code": law_code, "law": law, "match": match or [], "naming": naming or ["number"],
            "limits": limit or [], "units": only or [], "consent": consent,
            "existence": existence, "reasons": reasons, "pseudonym": pseudonym,
            "telling": {"days": told_after}, "two_person": not alone,
            "starts": starts or date.today().isoformat(), "ends": ends,
            "allows": [_allow(one) for one in allow or ()],
        }  # fmt: skip
        grant = Grant.from_dict(plain)
    with opened(register, keys=keys, who=who, unit=unit, purpose=grant.purpose) as one:
        made = Sharing(one).grants.add(
            grant, unit=unit, replaces=replaces and grant_parts(replaces)[0]
        )
    return _print(Output(as_json=as_json), made)


def _allow(text: str) -> dict[str, Any]:
    from civid.exchange.sharing import Allow

    one = Allow.of(text)
    return {"attribute": one.attribute, "form": one.form, "operators": one.operators,
            "values": one.values}  # fmt: skip


def _read(file: Path) -> Grant:
    from civid.exchange.sharing import Grant

    if file.stat().st_size > 1_000_000:
        raise usage(f"{file}: no grant is so long")
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise usage(f"{file}: not JSON") from None
    if isinstance(found, list) and found:
        found = found[-1]  # as show prints it: the latest version
    if not isinstance(found, dict):
        raise usage(f"{file}: not a grant")
    return Grant.from_dict(found.get("grant", found))


@app.command(name="list")
def list_grants(
    register: Where,
    partner: Annotated[str | None, typer.Option(help="Only those of this partner.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that have ended.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 100,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this grant.")] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """The latest version of each grant, oldest first."""
    from civid.exchange.sharing import Sharing

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = Sharing(one).grants.list(partner=partner, ended=ended, limit=limit, after=after)
    if as_json:
        out.json(found.to_dict())
    elif found.items:
        made = table("grants", "grant", "partner", "purpose", "state", "from",
                     "until", "allows")  # fmt: skip
        for one_version in found:
            grant = one_version.grant
            add_row(
                made, f"{one_version.reference}:{one_version.version}", grant.partner,
                grant.purpose, say(one_version.state), str(grant.starts), str(grant.ends),
                " ".join(map(str, grant.allows)),
            )  # fmt: skip
        out.print(made)
    else:
        out.print("no grants")
    if found.after is not None:
        out.note(f"--after {found.after}")
    return Exit.DONE if found.items else Exit.NOTHING


@app.command()
def show(
    register: Where,
    grant: Reference,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Every version of a grant; with --json as add --file reads it."""
    from civid.exchange.sharing import Sharing

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = Sharing(one).grants.versions(grant_parts(grant)[0])
    if as_json:
        out.json([one_version.to_dict() for one_version in found])
        return Exit.DONE
    for one_version in found:
        plain = one_version.grant.to_dict()
        plain["allows"] = [str(one_allow) for one_allow in one_version.grant.allows]
        made = table(f"{say('version')} {one_version.version}, {say(one_version.state)}", "", "")
        add_row(made, say("made by, confirmed by"),
                f"{one_version.made_by}, {one_version.confirmed_by or '-'}")  # fmt: skip
        if one_version.ended_reason:
            add_row(made, say("ended by"), f"{one_version.ended_by}: {one_version.ended_reason}")
        for name, value in plain.items():
            if value not in ((), [], "", None, False) and name != "v":
                add_row(made, name, _said(value))
        out.print(made)
    return Exit.DONE


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items() if one is not None)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@app.command()
def confirm(
    register: Where,
    grant: Reference,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Let a grant come into force (phê duyệt): by another officer than who made it.

    With the version behind a colon, as list prints it, a later one is not confirmed unseen.
    """
    from civid.exchange.sharing import Sharing

    reference, version = grant_parts(grant)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        made = Sharing(one).grants.confirm(reference, version=version)
    return _print(Output(as_json=as_json), made)


@app.command()
def revoke(
    register: Where,
    grant: Reference,
    reason: Annotated[str, typer.Option("--reason", help="A code, such as law.changed.")],
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """End a grant at once (thu hồi)."""
    from civid.exchange.sharing import Sharing

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        made = Sharing(one).grants.revoke(grant_parts(grant)[0], reason)
    return _print(Output(as_json=as_json), made)


_STATE_WORDS = ("proposed", "active", "ended")
_STATES = {
    "proposed": "waits for a second officer",
    "active": "in force",
    "ended": "ended",
}


def _print(out: Output, made: GrantVersion) -> int:
    if out.as_json:
        out.json(made.to_dict())
    else:
        out.print(f"grant {made.reference}, version {made.version}: {say(_STATES[made.state])}")
    if not out.as_json and made.state == "proposed":
        out.note(f"civid share grant confirm REGISTER {made.reference}:{made.version}")
    return Exit.DONE
