"""Writes the images of `pictures/`: 120 grey 8x8 PNG files, each a soft disc or a soft bar.

    python3 make_pictures.py
"""

import pathlib
import random
import struct
import zlib

SIDE = 8
COUNT = 120


def grey(level):
    return max(0, min(255, round(255 * level)))


def disc(draw):
    row, column, radius = draw.uniform(2, 5), draw.uniform(2, 5), draw.uniform(1.5, 3)
    return lambda y, x: radius - ((y - row) ** 2 + (x - column) ** 2) ** 0.5 + 0.5


def bar(draw):
    across, centre, half = draw.random() < 0.5, draw.uniform(1.5, 5.5), draw.uniform(0.5, 1.5)
    return lambda y, x: half - abs((y if across else x) - centre) + 0.5


def chunk(kind, content):
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(rows):
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(row) for row in rows)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def main():
    folder = pathlib.Path(__file__).parent / "pictures"
    folder.mkdir(exist_ok=True)
    for index in range(COUNT):
        draw = random.Random(index)
        shape = (disc if index % 2 else bar)(draw)
        rows = [[grey(shape(y, x)) for x in range(SIDE)] for y in range(SIDE)]
        (folder / f"{index:03}.png").write_bytes(png(rows))


if __name__ == "__main__":
    main()
