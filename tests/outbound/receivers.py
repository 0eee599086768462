"""Receivers on real sockets of this machine, good and bad ones."""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import struct
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n" + b'{"ok":true}'


class Receiver:
    """Somebody who listens, and what came of it."""

    def __init__(self, port):
        self.port = port
        self.connections = 0
        self.open = 0
        self.requests = []

    @property
    def url(self):
        """Give its address, plainly."""
        return f"http://127.0.0.1:{self.port}/hook"


@asynccontextmanager
async def receiving(talk, *, tls=None, host="127.0.0.1", port=0):
    """Listen, and do with every connection what a test wants: `talk(receiver, reader, writer)`."""
    tasks = set()

    async def connected(reader, writer):
        tasks.add(asyncio.current_task())
        receiver.connections += 1
        receiver.open += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await talk(receiver, reader, writer)
        finally:
            receiver.open -= 1
            writer.close()

    server = await asyncio.start_server(connected, host, port, ssl=tls, limit=2**20)
    receiver = Receiver(server.sockets[0].getsockname()[1])
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_request(receiver, reader):
    """Read one request and remember it."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.strip().split("\r\n")
    headers = dict(one.lower().split(": ", 1) for one in rest)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    receiver.requests.append((line, headers, body))


def answering(answer=OK):
    """Answer every request alike, for as long as the connection lives."""

    async def talk(receiver, reader, writer):
        while True:
            await read_request(receiver, reader)
            writer.write(answer)
            await writer.drain()

    return talk


def repeating(start, again, *, pause=0.0):
    """Begin an answer, and go on with it for ever."""

    async def talk(receiver, reader, writer):
        await read_request(receiver, reader)
        writer.write(start)
        while not writer.is_closing():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


def breaking_off(start):
    """Begin an answer, and reset the connection."""

    async def talk(receiver, reader, writer):
        await read_request(receiver, reader)
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(0.05)
        there = writer.get_extra_info("socket")
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return talk


async def silent(_receiver, reader, _writer):
    """Take everything, say nothing, and leave when the other side does."""
    while await reader.read(2**16):
        pass


def names(**answers):
    """Look names up in a table; an answer that is a list of lists changes from one look-up to the next."""
    asked = []

    def look_up(host, port, *question):
        if question and question[-1] & socket.AI_NUMERICHOST:
            return socket.getaddrinfo(host, port, *question)
        asked.append(host)
        found = answers.get(host.partition(".")[0])
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if isinstance(found[0], list):
            found = found[min(asked.count(host), len(found)) - 1]
        return [row for one in found for row in _rows(one, port)]

    look_up.asked = asked
    return look_up


def _rows(address, port):
    six = ":" in address
    family = socket.AF_INET6 if six else socket.AF_INET
    place = (address, port, 0, 0) if six else (address, port)
    return [(family, socket.SOCK_STREAM, 6, "", place)]


class Authority:
    """Somebody who makes certificates, and whom nobody believes unless a test does."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self._certificate = self._signed(self._name, self._key.public_key(), [], authority=True)

    def believed(self):
        """Give a context for a client that believes this authority alone."""
        return ssl.create_default_context(
            cadata=self._certificate.public_bytes(serialization.Encoding.PEM).decode()
        )

    def serving(self, folder, *hosts):
        """Give a context for a server that has a certificate for some hosts."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A receiver")])
        certificate = self._signed(subject, key.public_key(), hosts, authority=False)
        file = folder / f"{hosts[0]}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(self, subject, key, hosts, *, authority):
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if hosts:
            made = made.add_extension(
                x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False
            )
        return made.sign(self._key, hashes.SHA256())


def _alternative(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
