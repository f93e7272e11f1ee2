"""A file goes out as what its bytes say; one that lies, is empty or too big is refused in plain words."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.magic import sniff
from conversations.whatsapp.media_rules import KINDS, MB, check_received, check_upload, safe_name


def office(part: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(part, "x")
    return made.getvalue()


JPEG, PNG = b"\xff\xd8\xff\xe0" + b"\0" * 20, b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF, EXE = b"%PDF-1.7\n", b"MZ\x90\x00" + b"\0" * 40
OPUS, VORBIS = b"OggS\0\2" + b"\0" * 22 + b"OpusHead", b"OggS\0\2" + b"\0" * 22 + b"\x01vorbis"
WEBM, WAV = b"\x1a\x45\xdf\xa3" + b"\0" * 20, b"RIFF\x24\0\0\0WAVEfmt "
MP4, M4A, GP3 = (b"\0\0\0\x20ftyp" + brand + b"\0" * 8 for brand in (b"isom", b"M4A ", b"3gp5"))
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 10
MOVING = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\x02" + b"\0" * 10
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("head", "name", "mime"),
    [
        (JPEG, "a.png", "image/jpeg"),
        (PNG, "", "image/png"),
        (b"GIF89a", "", "image/gif"),
        (PDF, "x.jpg", "application/pdf"),
        (b"ID3\x04", "", "audio/mpeg"),
        (b"ID3 is een boek", "", "text/plain"),
        (b"BMW is stuk", "", "text/plain"),
        (b"MZ zonder meer", "", "text/plain"),
        ("\ufeffHallo".encode("utf-16-le"), "a.txt", "application/octet-stream"),
        (b"\xff\xfb\x90\x64", "", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "", "audio/aac"),
        (b"#!AMR\n", "", "audio/amr"),
        (OPUS, "", "audio/ogg"),
        (b"OggS" + b"\0" * 24 + b"\x80theora", "", "video/ogg"),
        (WAV, "", "audio/wav"),
        (WEBM, "", "video/webm"),
        (MP4, "", "video/mp4"),
        (M4A, "", "audio/mp4"),
        (GP3, "", "video/3gpp"),
        (WEBP, "", "image/webp"),
        (office("word/document.xml"), "x.zip", DOCX),
        (office("[Content_Types].xml"), "tabel.xlsx", XLSX),
        (office("photo.jpg"), "x.zip", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "oud.doc", "application/msword"),
        (EXE, "invoice.pdf", "application/x-msdownload"),
        (b"\x7fELF\x02", "", "application/x-executable"),
        (b"  <!DOCTYPE html><p>", "a.txt", "text/html"),
        (b"\xef\xbb\xbf<script>", "a.txt", "text/html"),
        (b'<?xml version="1.0"?><svg>', "a.png", "image/svg+xml"),
        ("Hallo wereld ë".encode(), "a.txt", "text/plain"),
        (b"a;b\r\n1;2\r\n", "a.csv", "text/csv"),
        (b"latin \xe9 text", "", "text/plain"),
        (b"\x00\x01\x02", "a.txt", "application/octet-stream"),
        (b"", "a.txt", "application/octet-stream"),
    ],
)
def test_a_type_is_told_by_the_bytes(head, name, mime):
    assert sniff(head, name) == mime


@given(st.binary(max_size=64), st.text(max_size=12))
def test_any_bytes_have_some_type(head, name):
    assert "/" in sniff(head, name)


@pytest.mark.parametrize(
    ("head", "name", "declared", "kind", "mime"),
    [
        (JPEG, "foto.jpeg", "image/jpeg", "image", "image/jpeg"),
        (PNG, "foto.png", "", "image", "image/png"),
        (MP4, "film.mp4", "video/mp4", "video", "video/mp4"),
        (M4A, "geluid.m4a", "audio/x-m4a", "audio", "audio/mp4"),
        (OPUS, "stem.ogg", "audio/ogg; codecs=opus", "audio", "audio/ogg"),
        (WEBP, "plaatje.webp", "image/webp", "sticker", "image/webp"),
        (PDF, "bon.pdf", "application/pdf", "document", "application/pdf"),
        (office("word/document.xml"), "brief.docx", "application/octet-stream", "document", DOCX),
        (b"a;b\n", "lijst.csv", "text/csv", "document", "text/plain"),
    ],
)
def test_a_good_file_becomes_its_kind_of_message(head, name, declared, kind, mime):
    upload = check_upload(head, filename=name, declared=declared, size=len(head))

    assert (upload.kind, upload.mime_type, upload.filename, upload.transcode) == (kind, mime, name, False)


@pytest.mark.parametrize(
    ("head", "name", "declared", "size"),
    [
        (b"", "leeg.jpg", "image/jpeg", 0),
        (EXE, "factuur.pdf", "application/pdf", 100),
        (PDF, "foto.jpg", "image/jpeg", 100),
        (JPEG, "foto.png", "image/jpeg", 100),
        (JPEG, "foto.jpg", "application/pdf", 100),
        (b"<html><script>", "brief.txt", "text/plain", 100),
        (b"<svg onload=alert(1)>", "logo.svg", "image/svg+xml", 100),
        (office("photo.jpg"), "alles.zip", "application/zip", 100),
        (JPEG, "foto.jpg", "image/jpeg", 50 * MB + 1),
        (MP4, "film.mp4", "video/mp4", 100 * MB + 1),
        (PDF, "boek.pdf", "application/pdf", 100 * MB + 1),
        (WEBP, "groot.webp", "image/webp", 50 * MB + 1),
    ],
)
def test_a_bad_file_is_refused_in_plain_words(head, name, declared, size):
    with pytest.raises(InvalidField) as refused:
        check_upload(head, filename=name, declared=declared, size=size)
    assert refused.value.field == "file"
    assert str(refused.value.user_message).endswith(".")


def test_files_just_at_their_bound_pass():
    for head, name, kind in ((JPEG, "a.jpg", "image"), (MP4, "a.mp4", "video"), (WEBP, "a.webp", "sticker")):
        assert check_upload(head, filename=name, declared="", size=KINDS[kind].max_bytes).kind == kind
    assert check_upload(MOVING, filename="a.webp", declared="", size=500 * 1024).kind == "sticker"


@pytest.mark.parametrize(
    ("head", "name", "declared", "size", "kind"),
    [
        (b"GIF89a", "still.gif", "image/gif", 100, "image"),
        (b"GIF89a" + b"\0" * 20 + b"NETSCAPE2.0", "beweeg.gif", "image/gif", 100, "video"),
        (WEBM, "film.webm", "video/webm", 100, "video"),
        (WEBM, "geluid.webm", "audio/webm", 100, "audio"),
        (WAV, "geluid.wav", "audio/wav", 100, "audio"),
        (VORBIS, "geluid.ogg", "audio/ogg", 100, "audio"),
        (JPEG, "foto.jpg", "image/jpeg", 5 * MB + 1, "image"),
        (MP4, "film.mp4", "video/mp4", 16 * MB + 1, "video"),
        (WEBP, "groot.webp", "image/webp", 101 * 1024, "image"),
    ],
)
def test_what_can_be_made_fit_is_taken_for_converting(head, name, declared, size, kind):
    upload = check_upload(head, filename=name, declared=declared, size=size)

    assert (upload.kind, upload.transcode) == (kind, True)


def test_recorded_voice_is_written_anew_whatever_it_is():
    heads = ((WEBM, "video/webm"), (WAV, "audio/wav"), (M4A, "audio/mp4"), (VORBIS, "audio/ogg"), (OPUS, "audio/ogg"))
    for head, mime in heads:
        upload = check_upload(head, filename="opname", declared="audio/webm", size=1000, voice=True)
        assert (upload.kind, upload.transcode, upload.mime_type) == ("audio", True, mime)
    with pytest.raises(InvalidField):
        check_upload(JPEG, filename="opname", declared="audio/webm", size=1000, voice=True)


def test_a_received_file_is_shown_only_when_it_is_what_it_says():
    assert check_received(JPEG, declared="image/jpeg").inline
    assert check_received(OPUS, declared="audio/ogg; codecs=opus").inline
    assert check_received(b"<html>", declared="text/html").inline is False
    lying = check_received(b"<html><script>", declared="image/jpeg")
    assert (lying.mime_type, lying.lies, lying.inline) == ("text/html", True, False)
    assert not check_received(b"<svg>", declared="image/svg+xml").inline


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\bon.pdf", "bon.pdf"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("rechts\u202efdp.exe", "rechtsfdp.exe"),
        ("regel\r\nSet-Cookie: x.txt", "regelSet-Cookie x.txt"),
        ("", "file"),
        ("...", "file"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_file_name_cannot_lead_elsewhere(given_name, name):
    assert safe_name(given_name) == name
