"""Hold connections to a service with half a request on each: `half_sent.py PORT COUNT`.

A process of its own, so that opening them does not keep whoever measures waiting. One
that is closed is opened anew. Runs until it is ended.
"""

import selectors
import socket
import sys

HALF = b"POST /api/v1/issues HTTP/1.1\r\nHost: loc"


def hold(port: int, count: int) -> None:
    """Open so many connections, and each that is closed once more."""
    opened = selectors.DefaultSelector()
    while True:
        while len(opened.get_map()) < count:
            client = socket.create_connection(("127.0.0.1", port))
            client.sendall(HALF)
            opened.register(client, selectors.EVENT_READ)
        for key, _ in opened.select():
            opened.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]


if __name__ == "__main__":
    hold(int(sys.argv[1]), int(sys.argv[2]))
