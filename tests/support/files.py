"""Files that may be attached, made in memory: small, whole, and different for each seed."""
import io
import random
import struct
import zipfile
import zlib

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def pdf(size=2000, seed=1):
    """A PDF of exactly `size` bytes; what it shows doesn't matter here."""
    head, tail = b"%PDF-1.7\n", b"\nstartxref\n0\n%%EOF\n"
    return head + b"%" + noise(size - len(head) - len(tail) - 1, seed) + tail


def png(width=3, height=2, seed=1):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + noise(3 * width, seed + row) for row in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def jpeg(width=4, height=3, seed=1):
    """The frame of a JPEG: its segments are right, its picture is noise."""
    def segment(marker, data):
        return bytes([0xff, marker]) + struct.pack(">H", len(data) + 2) + data
    picture = noise(300, seed).replace(b"\xff", b"\xfe")
    return (b"\xff\xd8" + segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
            + segment(0xc0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
            + segment(0xda, b"\1\1\0\0\x3f\0") + picture + b"\xff\xd9")


def package(members):
    """A zip file of (name, bytes, stored)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data, stored in members:
            info = zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def odt(seed=1, kind=ODT, content=None, stored=False, more=()):
    content = f"<office:document-content>{seed}</office:document-content>".encode() if content is None else content
    return package([("mimetype", kind.encode(), True), ("content.xml", content, stored),
                    ("META-INF/manifest.xml", b"<manifest:manifest/>", False), *more])


def docx(seed=1, more=()):
    return package([("[Content_Types].xml", b"<Types/>", False),
                    ("word/document.xml", f"<w:document>{seed}</w:document>".encode(), False), *more])
