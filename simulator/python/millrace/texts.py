"""Text streams that take bytes, too, as standard output does."""

import io


class Bytes(io.RawIOBase):
    """The `buffer` of a text stream: what is written to it is text in UTF-8."""

    def __init__(self, text):
        self._text = text

    def writable(self):
        return True

    def write(self, data):
        self._text.write(bytes(data).decode("utf-8", "replace"))
        return len(data)
