"""An example of an engine that speaks JSON lines: the plain engine as a program, over its standard streams or over TCP with `--port N`."""

import os
import socket
import sys

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES, CONVENTIONS
from engines.service.speaking import Conversation, Offer


class Told(PlainEngine):
    @property
    def engine_seq(self) -> int:
        return self.tell.engine_seq


def speak(reading: int, writing: int) -> None:
    talk = Conversation(Offer("plain over a wire", "0.1", CAPABILITIES, CONVENTIONS, Told))
    while not talk.wrong and (came := os.read(reading, 1 << 20)):
        lines = talk.answer(came)
        while lines:
            lines = lines[os.write(writing, lines) :]


def main(words: list[str]) -> None:
    if words[:1] == ["--port"]:
        with socket.create_server(("127.0.0.1", int(words[1]))) as server:
            sys.stdout.write("listening\n")
            sys.stdout.flush()
            while True:
                connection, _ = server.accept()
                with connection:
                    speak(connection.fileno(), connection.fileno())
    speak(0, 1)


if __name__ == "__main__":
    main(sys.argv[1:])
