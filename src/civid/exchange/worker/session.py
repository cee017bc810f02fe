"""One connection to a broker, from sign-in to loss. A lost one is never used again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from civid.errors import CividError
from civid.exchange.worker.brokers import Broker
from civid.exchange.worker.delivery import Delivery, Leaving
from civid.exchange.worker.dialects import CLASSIC, Dialect, dialect_of
from civid.exchange.worker.settings import Settings
from civid.extras import need

_SUBSCRIPTION = "civid"
# What the library has to say is said by our own log; at DEBUG it would write whole messages.
logging.getLogger("stomp.py").setLevel(logging.CRITICAL)


class BrokerError(CividError):
    """A broker cannot be reached, refused us, or went away; the message says which of these."""


class Session:
    """A connection that is signed in and subscribed, until it is lost.

    `answer` is for one thread; deliveries come on a thread of the connection.

    Parameters
    ----------
    broker : Broker
        Whom to connect to.
    settings : Settings
        Queues, window, patience.
    deliver : callable
        Takes each `Delivery`; called in the order of the queue, must not block.
    lost : callable
        Called when the connection is gone.
    """

    def __init__(
        self,
        broker: Broker,
        settings: Settings,
        deliver: Callable[[Delivery], None],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        stomp = need("stomp", "talking to a broker", "abis")
        self.broker, self._settings = broker, settings
        self._deliver, self._on_lost = deliver, lost
        self.dialect: Dialect = CLASSIC
        self._state = threading.Condition()
        self._connected = self._lost = False
        self._receipts: set[str] = set()
        self._said = ""
        self._count = 0
        beat = int(settings.heartbeat * 1000)
        self._stomp = stomp.StompConnection12(
            [(broker.host, broker.port)],
            prefer_localhost=False, try_loopback_connect=False, reconnect_attempts_max=1,
            timeout=settings.patience, heartbeats=(beat, beat), heart_beat_receive_scale=2.5,
            auto_decode=False, auto_content_length=False,
        )  # fmt: skip
        if broker.tls:
            self._stomp.set_ssl([(broker.host, broker.port)], ca_certs=settings.authority)
        self._stomp.set_listener("civid", _Listener(self))

    def open(self, *, subscribe: bool = True) -> None:
        """Connect, sign in and subscribe.

        Raises
        ------
        BrokerError
            It did not answer, or refused the name, the password or a queue.
        """
        import stomp.exception

        authority = self._settings.authority
        # Without the file the library would try for ever.
        if self.broker.tls and authority is not None and not Path(authority).is_file():
            raise BrokerError(f"{authority} is not there to check {self.broker} by")
        known = {"username": self.broker.user, "passcode": self._settings.password}
        try:
            self._stomp.connect(**(known if self.broker.user else {}))
        except (stomp.exception.StompException, OSError):
            raise BrokerError(f"{self.broker} cannot be reached") from None
        try:
            with self._state:
                self._state.wait_for(lambda: self._connected or self._lost, self._settings.patience)
                if not self._connected:
                    raise BrokerError(self._refusal("did not sign us in"))
            if subscribe:
                self.subscribe(self._settings.window)
        except BaseException:
            self.close()
            raise

    def may_read(self) -> None:
        """Find out whether we may read the queue of requests; none is taken. See `open`."""
        self.subscribe(1, {"selector": "civid_check = 'nothing'"})

    def subscribe(self, window: int, more: Mapping[str, str] | None = None) -> None:
        """Have the requests delivered; see `open`."""
        self._asked(
            "refused to let us read the queue of requests",
            lambda receipt: self._stomp.subscribe(
                self.dialect.destination(self._settings.inbound), _SUBSCRIPTION,
                ack="client-individual",
                headers={**self.dialect.subscription(window), **(more or {}), "receipt": receipt},
            ),
        )  # fmt: skip

    def may_send(self, queue: str) -> None:
        """Find out whether we may write to a queue, with a message that is taken back.

        Raises
        ------
        BrokerError
            We may not.
        """
        transaction = self._begin()
        headers = {**self.dialect.sending, "transaction": transaction}
        self._asked(
            f"refused to let us write to {queue}",
            lambda receipt: self._stomp.send(
                self.dialect.destination(queue), b"{}", headers=headers | {"receipt": receipt}
            ),
        )
        self._stomp.abort(transaction)

    def answer(self, leaving: Sequence[Leaving]) -> None:
        """Send answers and dead letters and acknowledge what they are for, all or nothing.

        When this returns, the broker has them for good. When it raises, it may have them; the
        requests come again unless it does.

        Raises
        ------
        BrokerError
            The connection is lost.
        """
        transaction = self._begin()
        for one in leaving:
            queue = self._settings.dead_letters if one.dead else self._settings.outbound
            text = one.delivery.text if self._settings.text is None or one.dead \
                else self._settings.text  # fmt: skip
            headers = {
                **self.dialect.sending, **one.headers, "persistent": "true",
                "transaction": transaction,
            }  # fmt: skip
            if not text:
                headers["content-length"] = str(len(one.body))
            self._try(self._stomp.send, self.dialect.destination(queue), one.body, headers=headers)
            if self.dialect.acks_in_transactions:
                self._try(self._stomp.ack, one.delivery.ack, transaction=transaction)
        self._asked(
            "did not accept the answers",
            lambda receipt: self._stomp.commit(transaction, receipt=receipt),
        )
        if not self.dialect.acks_in_transactions:
            # Only now, for it takes effect at once: dying in between sends an answer again.
            for one in leaving:
                self._try(self._stomp.ack, one.delivery.ack)

    @property
    def lost(self) -> bool:
        """Whether it is gone."""
        return self._lost

    def close(self) -> None:
        """Sign out, with all that was sent before taken in, and let go of the connection."""
        transport = self._stomp.transport
        if self._connected and not self._lost:
            self._connected = False
            with self._state:
                receipt = self._receipt()
            try:
                # Not stomp.py's own way, which waits for the answer without an end.
                self._stomp.set_receipt(receipt, None)
                self._stomp.send_frame("DISCONNECT", {"receipt": receipt})
                with self._state:
                    self._state.wait_for(
                        lambda: receipt in self._receipts or self._lost, self._settings.patience
                    )
            except Exception:  # it is lost, which is what was wanted
                pass
        if transport.socket is not None:
            transport.disconnect_socket()
        thread = transport.io_thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(self._settings.patience)

    def _begin(self) -> str:
        self._count += 1
        transaction = f"civid-{self._count}"
        self._try(self._stomp.begin, transaction)
        return transaction

    def _receipt(self) -> str:
        self._count += 1
        return f"civid-receipt-{self._count}"

    def _asked(self, failed: str, ask: Callable[[str], object]) -> None:
        """Ask for something with a receipt, and wait for the receipt."""
        receipt = self._receipt()
        self._try(ask, receipt)
        with self._state:
            self._state.wait_for(
                lambda: receipt in self._receipts or self._lost, self._settings.patience
            )
            if receipt not in self._receipts:
                raise BrokerError(self._refusal(failed))
            self._receipts.discard(receipt)

    def _try(self, call: Callable[..., Any], *values: Any, **named: Any) -> None:
        if self._lost:
            raise BrokerError(self._refusal("went away"))
        try:
            call(*values, **named)
        except Exception as error:  # what sockets and the library raise, and attributes of None
            raise BrokerError(self._refusal(f"went away ({type(error).__name__})")) from None

    def _refusal(self, what: str) -> str:
        said = f": {self._said}" if self._said else ""
        return f"{self.broker} {what}{said}"


class _Listener:
    """What the connection calls, on threads of its own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def on_connected(self, frame: Any) -> None:
        one = self._session
        one.dialect = dialect_of(frame.headers.get("server", ""))
        with one._state:
            one._connected = True
            one._state.notify_all()

    def on_message(self, frame: Any) -> None:
        headers, body = frame.headers, frame.body
        one = self._session
        one._deliver(
            Delivery(
                body if isinstance(body, bytes) else str(body or "").encode(),
                one.dialect.is_text(headers),
                headers.get("ack", ""),
                one,
                headers.get("redelivered") == "true",
            )
        )

    def on_receipt(self, frame: Any) -> None:
        with self._session._state:
            self._session._receipts.add(frame.headers["receipt-id"])
            self._session._state.notify_all()

    def on_error(self, frame: Any) -> None:
        # One line of what the broker says, and nothing that could steer a terminal.
        said = str(frame.headers.get("message", "")).splitlines()[:1]
        self._session._said = "".join(c for c in "".join(said) if c.isprintable())[:200]
        self._gone()

    def on_disconnected(self) -> None:
        self._gone()

    def on_heartbeat_timeout(self) -> None:
        self._session._said = "no sign of life"
        self._gone()

    def _gone(self) -> None:
        one = self._session
        with one._state:
            told, one._lost = one._lost, True
            one._state.notify_all()
        if not told:
            one._on_lost()
