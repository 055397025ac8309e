"""The reference engine over JSON lines at a port: `gonogo serve --stdio`, with a connection for its standard streams."""

import socket
import sys

from engines.service.stdio import stdio

if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            with connection:
                stdio(connection.fileno(), connection.fileno())
