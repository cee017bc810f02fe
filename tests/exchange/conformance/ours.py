"""What the published cases leave out: the other operations, formats, replays, exceptions."""

from __future__ import annotations

from tests.exchange.conformance import envelopes, requests
from tests.exchange.conformance.answers import candidates
from tests.exchange.conformance.bench import Bench, fails, works
from tests.exchange.conformance.case import Case


def _jobs(bench: Bench) -> None:
    answer = bench.ask(requests.pending_jobs())
    works(answer)
    assert answer["jobscount"] in ("0", "1")


def _count(bench: Bench) -> None:
    bench.stored(0)
    bench.stored(1)
    answer = bench.ask(requests.reference_count())
    works(answer)
    assert answer["count"] == "2"


def _bytes(bench: Bench) -> None:
    works(bench.ask(requests.insert(requests.identifier(), bench.url(0)), as_bytes=True))
    works(bench.ask(requests.ping(), as_bytes=True))


def _formats(bench: Bench) -> None:
    stored = []
    for impression, payload in enumerate(("raw", "PNG", envelopes.JPEG2000, "WSQ"), 1):
        reference = requests.identifier()
        works(bench.ask(requests.insert(reference, bench.url(0, impression, payload))))
        stored.append(reference)
    probe, *rest = stored
    assert sorted(candidates(bench.ask(requests.identify(probe)))) == sorted(rest)


def _replay(bench: Bench) -> None:
    request = requests.insert(requests.identifier(), bench.url(0))
    first = bench.ask(request)
    works(first)
    # The URL is used up by now: the answer is the stored one.
    assert bench.ask(request) == first


def _reused(bench: Bench) -> None:
    request = requests.insert(requests.identifier(), bench.url(0))
    works(bench.ask(request))
    other = requests.changed(request, referenceId=requests.identifier())
    fails(bench.ask(other), 4)
    fails(bench.ask(requests.delete(other["referenceId"])), 12)


def _case(bench: Bench) -> None:
    reference = bench.stored(0)
    again = bench.stored(0, 2)
    answer = bench.ask(requests.identify(reference.lower()))
    works(answer)
    assert candidates(answer) == [again], "not as it was stored"


def _no_images(bench: Bench) -> None:
    url = bench.share.share(envelopes.of_no_images())
    fails(bench.ask(requests.insert(requests.identifier(), url)), 16)


def _nobody(bench: Bench) -> None:
    url = bench.share.share(envelopes.of_nobody())
    fails(bench.ask(requests.insert(requests.identifier(), url)), 11)


def _face(bench: Bench) -> None:
    reference = requests.identifier()
    url = bench.share.share(envelopes.of_a_face())
    works(bench.ask(requests.insert(reference, url)))
    bench.stored(0)
    answer = bench.ask(requests.identify(reference))
    works(answer)
    assert candidates(answer) == []


CASES = (
    Case("pendingJobs", "nothing waits: at most the request itself is counted", _jobs),
    Case("referenceCount", "two people are stored: count 2", _count),
    Case("BytesMessage", "a BytesMessage is answered with a BytesMessage", _bytes),
    Case("image data", "raw, PNG, JPEG 2000 and WSQ of one person find one another", _formats),
    Case("replay", "the same request again: the same answer, nothing fetched", _replay),
    Case("requestId", "of another request: 4, and nothing is stored", _reused),
    Case("case of ids", "asked for in small letters, answered as stored", _case),
    Case("no finger", "a person whose fingers are all exceptions: 11", _nobody),
    Case("no images", "the blocks of the CBEFF are no images: 16", _no_images),
    Case("face only", "stored, for others may know the face; no candidate by fingers", _face),
)
