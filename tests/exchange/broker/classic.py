"""ActiveMQ Classic with the settings that it ships with, users added, the web console left out."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.exchange.broker.artemis import LOG4J

_BROKER = """<beans xmlns="http://www.springframework.org/schema/beans"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="
  http://www.springframework.org/schema/beans
  http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
<broker xmlns="http://activemq.apache.org/schema/core" brokerName="tests" useJmx="false"
  dataDirectory="data" advisorySupport="true">
  <persistenceAdapter><kahaDB directory="data/kahadb"/></persistenceAdapter>
  <plugins><simpleAuthenticationPlugin anonymousAccessAllowed="false"><users>
    <authenticationUser username={user} password={password} groups="users"/>
  </users></simpleAuthenticationPlugin></plugins>
  <systemUsage><systemUsage>
    <memoryUsage><memoryUsage percentOfJvmHeap="70"/></memoryUsage>
    <storeUsage><storeUsage limit="4 gb"/></storeUsage>
    <tempUsage><tempUsage limit="1 gb"/></tempUsage>
  </systemUsage></systemUsage>
  <transportConnectors>
    <transportConnector name="openwire" uri="tcp://127.0.0.1:{jms}?{limits}"/>
    <transportConnector name="stomp" uri="stomp://127.0.0.1:{stomp}?{limits}"/>
  </transportConnectors>
</broker></beans>
"""
_LIMITS = "maximumConnections=1000&amp;wireFormat.maxFrameSize=104857600"
_OPEN = (
    "java.base/java.security", "java.base/java.net", "java.base/java.lang", "java.base/java.util",
    "java.naming/javax.naming.spi", "java.rmi/sun.rmi.transport.tcp",
    "java.base/java.util.concurrent", "java.base/java.util.concurrent.atomic",
)  # fmt: skip


def prepare(
    home: Path, folder: Path, stomp: int, jms: int, user: str, password: str
) -> tuple[str, ...]:
    """Write its settings into a folder; the arguments of ``java`` that run it there."""
    conf = folder / "conf"
    conf.mkdir()
    for made in ("data", "tmp"):
        (folder / made).mkdir()
    (conf / "activemq.xml").write_text(
        _BROKER.format(
            user=quoteattr(user), password=quoteattr(password), stomp=stomp, jms=jms, limits=_LIMITS
        )
    )
    (conf / "log4j2.properties").write_text(LOG4J)
    opened = [word for one in _OPEN for word in ("--add-opens", f"{one}=ALL-UNNAMED")]
    return (
        *opened,
        f"-Dactivemq.home={home}", f"-Dactivemq.base={folder}", f"-Dactivemq.conf={conf}",
        f"-Dactivemq.data={folder / 'data'}", f"-Djava.io.tmpdir={folder / 'tmp'}",
        f"-Dlog4j2.configurationFile=file:{conf / 'log4j2.properties'}",
        "-jar", str(home / "bin" / "activemq.jar"),
        "start", f"xbean:file:{conf / 'activemq.xml'}",
    )  # fmt: skip
