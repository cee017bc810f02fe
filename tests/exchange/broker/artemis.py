"""ActiveMQ Artemis as its command ``artemis create`` would set it up, without the web console."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

_BROKER = """<configuration xmlns="urn:activemq"><core xmlns="urn:activemq:core">
  <name>tests</name>
  <persistence-enabled>true</persistence-enabled>
  <journal-type>NIO</journal-type>
  <journal-datasync>true</journal-datasync>
  <journal-min-files>2</journal-min-files>
  <journal-buffer-timeout>1000000</journal-buffer-timeout>
  <paging-directory>data/paging</paging-directory>
  <bindings-directory>data/bindings</bindings-directory>
  <journal-directory>data/journal</journal-directory>
  <large-messages-directory>data/large-messages</large-messages-directory>
  <max-disk-usage>-1</max-disk-usage>
  <acceptors>
    <acceptor name="stomp">tcp://127.0.0.1:{stomp}?protocols=STOMP</acceptor>
    <acceptor name="jms">tcp://127.0.0.1:{jms}?protocols=CORE,OPENWIRE</acceptor>
  </acceptors>
  <security-settings>
    <security-setting match="#">{permissions}</security-setting>
  </security-settings>
  <address-settings><address-setting match="#">
    <dead-letter-address>DLQ</dead-letter-address>
    <expiry-address>ExpiryQueue</expiry-address>
    <redelivery-delay>0</redelivery-delay>
    <max-delivery-attempts>-1</max-delivery-attempts>
    <auto-create-queues>true</auto-create-queues>
    <auto-create-addresses>true</auto-create-addresses>
    <auto-delete-queues>false</auto-delete-queues>
    <auto-delete-addresses>false</auto-delete-addresses>
  </address-setting></address-settings>
  <addresses>
    <address name="DLQ"><anycast><queue name="DLQ"/></anycast></address>
    <address name="ExpiryQueue"><anycast><queue name="ExpiryQueue"/></anycast></address>
  </addresses>
</core></configuration>
"""
_ALLOWED = (
    "createNonDurableQueue deleteNonDurableQueue createDurableQueue deleteDurableQueue "
    "createAddress deleteAddress consume browse send manage"
)
_BOOTSTRAP = """<broker xmlns="http://activemq.apache.org/schema">
  <jaas-security domain="activemq"/>
  <server configuration="file:{folder}/etc/broker.xml"/>
</broker>
"""
_LOGIN = """activemq {
  org.apache.activemq.artemis.spi.core.security.jaas.PropertiesLoginModule required
    org.apache.activemq.jaas.properties.user="users.properties"
    org.apache.activemq.jaas.properties.role="roles.properties";
};
"""
LOG4J = """rootLogger.level=WARN
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %-5level [%logger{1}] %msg%n
"""


def prepare(
    home: Path, folder: Path, stomp: int, jms: int, user: str, password: str
) -> tuple[str, ...]:
    """Write its settings into a folder; the arguments of ``java`` that run it there."""
    etc = folder / "etc"
    etc.mkdir()
    for made in ("data", "tmp"):
        (folder / made).mkdir()
    permissions = "".join(f'<permission type="{one}" roles="amq"/>' for one in _ALLOWED.split())
    files = {
        "broker.xml": _BROKER.format(stomp=stomp, jms=jms, permissions=permissions),
        "bootstrap.xml": _BOOTSTRAP.format(folder=quote(str(folder))),
        "management.xml": '<management-context xmlns="http://activemq.apache.org/schema"/>',
        "login.config": _LOGIN,
        "users.properties": f"{user} = {password}\n",
        "roles.properties": f"amq = {user}\n",
        "log4j2.properties": LOG4J,
    }
    for name, text in files.items():
        (etc / name).write_text(text)
    return (
        "-classpath", str(home / "lib" / "artemis-boot.jar"),
        f"-Dartemis.home={home}", f"-Dartemis.instance={folder}",
        f"-Dartemis.instance.etc={etc}",
        f"-Djava.security.auth.login.config={etc / 'login.config'}",
        f"-Dlog4j2.configurationFile=file:{etc / 'log4j2.properties'}",
        "-Dlog4j2.disableJmx=true", f"-Djava.io.tmpdir={folder / 'tmp'}",
        "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
        "org.apache.activemq.artemis.boot.Artemis", "run",
    )  # fmt: skip
