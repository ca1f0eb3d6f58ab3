"""No test reaches beyond this machine."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "example.invalid"])
def test_a_connection_to_the_outside_is_refused_before_it_is_tried(address: str) -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="网络"):
        sock.connect((address, 80))


def test_a_connection_within_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as sock:
        sock.connect(server.getsockname())
        assert sock.getpeername() == server.getsockname()
