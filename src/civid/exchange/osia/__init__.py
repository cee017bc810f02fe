"""OSIA: the ABIS interface 1.6.0 of the Secure Identity Alliance (ITU-T X.1281) over HTTP.

`osia_parts` makes what `civid.exchange.service.make_app` takes. ``docs/explain/osia.md`` says what
is done, and where this differs from the published description.

This software includes material derived from the OSIA ABIS interface
(https://github.com/SecureIdentityAlliance/osia), Copyright (c) Secure Identity Alliance (2022);
its licence: https://raw.githubusercontent.com/SecureIdentityAlliance/osia/master/LICENSE. It is an
implementation, and no technical specification.
"""

from civid.exchange.osia.parts import osia_parts
from civid.exchange.osia.tasks import TaskStore

__all__ = ["TaskStore", "osia_parts"]
