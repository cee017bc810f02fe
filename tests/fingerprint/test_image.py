"""Reading images: every kind and mode, resolutions, and files that lie."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile
from tests import child

from civid.errors import CividError, ImageError, ResolutionError
from civid.fingerprint.image import FingerImage, read_image
from civid.formats.image_files import guards as _guards
from civid.formats.image_files import wsq


def waves(height: int = 60, width: int = 80) -> np.ndarray:
    """Ridges of nobody, as grey values."""
    y, x = np.mgrid[:height, :width]
    return (127.5 + 120 * np.sin(x * 0.7 + y * 0.3 + np.sin(y * 0.1))).astype(np.uint8)


WAVES = waves()
LOSSLESS = ["PNG", "BMP", "TIFF", "JPEG2000", "PPM", "GIF"]


def encoded(image: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


class TestFingerImage:
    def test_copies_and_is_read_only(self) -> None:
        pixels = WAVES.copy()
        image = FingerImage(pixels[:, ::2], 500)
        pixels[:] = 0
        assert (image.pixels == WAVES[:, ::2]).all()
        assert image.pixels.flags.c_contiguous
        assert not image.pixels.flags.writeable
        assert repr(image) == "FingerImage(40x60 px, 500 dpi)"

    @pytest.mark.parametrize(
        "pixels",
        [
            WAVES.astype(np.int16),
            WAVES[None],
            np.zeros((0, 5), np.uint8),
            np.zeros((5, 0), np.uint8),
            [[1, 2]],
            None,
        ],
    )
    def test_refuses_other_arrays(self, pixels: Any) -> None:
        with pytest.raises(ImageError, match="pixels"):
            FingerImage(pixels, 500)

    @pytest.mark.parametrize(
        "dpi", [0, -500, 99.9, 4000.1, float("nan"), float("inf"), 10**400, None, "fine", [500]]
    )
    def test_refuses_absurd_resolutions(self, dpi: Any) -> None:
        with pytest.raises(ResolutionError, match="dpi must be"):
            FingerImage(WAVES, dpi)
        if dpi is not None:
            with pytest.raises(ResolutionError, match="dpi must be"):
                read_image(encoded(WAVES, "PNG"), dpi)

    def test_from_array(self) -> None:
        image = FingerImage.from_array(WAVES.astype(int).tolist(), 500)
        assert (image.pixels == WAVES).all()
        for wrong in ([[256]], [[-1]], [[0.5]], [["a"]], [[1], [2, 3]], [[True]]):
            with pytest.raises(ImageError, match="pixels"):
                FingerImage.from_array(wrong, 500)

    def test_one_pixel_and_inverted(self) -> None:
        image = FingerImage.from_array([[3]], 100)
        assert image.inverted().pixels.tolist() == [[252]]
        assert image.inverted().dpi == 100


class TestKinds:
    @pytest.mark.parametrize("kind", LOSSLESS)
    def test_lossless(self, kind: str) -> None:
        assert (read_image(encoded(WAVES, kind), 500).pixels == WAVES).all()

    @pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "group4"])
    def test_tiff_compressions(self, compression: str) -> None:
        if compression == "group4":
            image = Image.fromarray(WAVES).convert("1")
            expected = np.asarray(image.convert("L"))
        else:
            image, expected = Image.fromarray(WAVES), WAVES
        data = encoded(image, "TIFF", compression=compression)
        assert (read_image(data, 500).pixels == expected).all()

    @pytest.mark.parametrize("progressive", [False, True])
    def test_jpeg(self, progressive: bool) -> None:
        data = encoded(WAVES, "JPEG", quality=98, progressive=progressive)
        assert np.abs(read_image(data, 500).pixels.astype(int) - WAVES).max() <= 6

    @pytest.mark.parametrize("big", [False, True])
    def test_tiff_variants(self, big: bool) -> None:
        data = encoded(WAVES, "TIFF", big_tiff=big, dpi=(500, 500))
        assert read_image(data).dpi == 500

    def test_paths_and_files(self, tmp_path: Path) -> None:
        path = tmp_path / "right-index.png"
        path.write_bytes(encoded(WAVES, "PNG", dpi=(500, 500)))
        with path.open("rb") as file:
            images = [read_image(path), read_image(str(path)), read_image(file)]
        images += [read_image(path.read_bytes()), read_image(bytearray(path.read_bytes()))]  # type: ignore[arg-type]
        assert all((image.pixels == WAVES).all() and image.dpi == 500 for image in images)


class TestModes:
    """All to grey: by luma, on white, by the high byte."""

    @pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
    def test_16_bits(self, kind: str) -> None:
        wide = WAVES.astype(np.uint16) * 256 + 77
        assert (read_image(encoded(wide, kind), 500).pixels == WAVES).all()

    def test_12_bits_in_16_are_refused(self) -> None:
        data = encoded(WAVES.astype(np.uint16) * 16, "PNG")
        with pytest.raises(ImageError, match=r"grey values up to \d+ of 65535"):
            read_image(data, 500)

    def test_32_bits_are_refused(self) -> None:
        for pixels in (WAVES.astype(np.int32) * 70000, WAVES.astype(np.int32) - 40):
            with pytest.raises(ImageError, match="16 bits"):
                read_image(encoded(pixels, "TIFF"), 500)

    def test_float_is_refused(self) -> None:
        with pytest.raises(ImageError, match="not supported"):
            read_image(encoded(WAVES.astype(np.float32), "TIFF"), 500)

    @pytest.mark.parametrize("kind", LOSSLESS[:3])
    def test_one_bit(self, kind: str) -> None:
        image = Image.fromarray(WAVES).convert("1")
        pixels = read_image(encoded(image, kind), 500).pixels
        assert (pixels == np.asarray(image.convert("L"))).all()
        assert set(np.unique(pixels)) == {0, 255}

    @pytest.mark.parametrize("kind", LOSSLESS[:5])
    def test_rgb(self, kind: str) -> None:
        image = Image.merge("RGB", [Image.fromarray(np.roll(WAVES, k, 1)) for k in range(3)])
        expected = np.asarray(image.convert("L"))
        assert (read_image(encoded(image, kind), 500).pixels == expected).all()

    def test_16_bit_rgb(self) -> None:
        data = rgb16_png(WAVES)
        assert np.abs(read_image(data, 500).pixels.astype(int) - WAVES).max() <= 1

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
    def test_palette(self, kind: str) -> None:
        image = Image.fromarray(WAVES).convert("P")
        backwards = [255 - k for k in range(256) for _ in range(3)]
        image.putpalette(backwards)
        assert (read_image(encoded(image, kind), 500).pixels == 255 - WAVES).all()

    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    @pytest.mark.parametrize("mode", ["LA", "RGBA"])
    def test_transparent_parts_are_white(self, mode: str, kind: str) -> None:
        image = Image.fromarray(WAVES).convert(mode)
        alpha = np.full(WAVES.shape, 255, np.uint8)
        alpha[:10] = 0
        image.putalpha(Image.fromarray(alpha))
        pixels = read_image(encoded(image, kind), 500).pixels
        assert (pixels[:10] == 255).all()
        assert (pixels[10:] == WAVES[10:]).all()

    def test_transparent_grey_value_and_palette_entry(self) -> None:
        key = int(WAVES[0, 0])
        expected = np.where(key == WAVES, 255, WAVES)
        for image in (Image.fromarray(WAVES), Image.fromarray(WAVES).convert("P")):
            data = encoded(image, "PNG", transparency=key)
            assert (read_image(data, 500).pixels == expected).all()

    def test_transparent_16_bit_value(self) -> None:
        wide = WAVES.astype(np.uint16) * 257
        key = int(wide[0, 0])
        chunk = png_chunk(b"tRNS", struct.pack(">H", key))
        data = insert_before(encoded(wide, "PNG"), b"IDAT", chunk)
        expected = np.where(wide == key, 255, WAVES)
        assert (read_image(data, 500).pixels == expected).all()

    def test_cmyk(self) -> None:
        zero = Image.new("L", (80, 60), 0)
        image = Image.merge("CMYK", [zero, zero, zero, Image.fromarray(255 - WAVES)])
        data = encoded(image, "TIFF")
        assert np.abs(read_image(data, 500).pixels.astype(int) - WAVES).max() <= 1

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
    def test_orientation(self, kind: str, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options = {"quality": 100} if kind == "JPEG" else {}
        data = encoded(np.repeat(WAVES, 2, 0), kind, exif=exif, **options)
        shown = np.asarray(Image.fromarray(np.repeat(WAVES, 2, 0)))
        turns = {
            1: shown, 2: shown[:, ::-1], 3: shown[::-1, ::-1], 4: shown[::-1], 5: shown.T,
            6: shown.T[:, ::-1], 7: shown.T[::-1, ::-1], 8: shown.T[::-1],
        }  # fmt: skip
        pixels = read_image(data, 500).pixels
        assert pixels.shape == turns[orientation].shape
        assert np.abs(pixels.astype(int) - turns[orientation]).max() <= 3


class TestResolution:
    @pytest.mark.parametrize("kind", ["PNG", "BMP", "JPEG", "TIFF"])
    @pytest.mark.parametrize("dpi", [200, 500, 512, 569, 1000])
    def test_stated(self, kind: str, dpi: int) -> None:
        data = encoded(WAVES, kind, dpi=(dpi, dpi))
        assert read_image(data).dpi == dpi
        assert read_image(data, dpi=600).dpi == 600

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "JPEG", "TIFF", "JPEG2000", "PPM", "GIF"])
    def test_unknown(self, kind: str) -> None:
        options = {"dpi": (0, 0)} if kind in ("BMP", "JPEG") else {}
        with pytest.raises(ResolutionError, match=r"^image: the file .*; give dpi=\.\.\.$"):
            read_image(encoded(WAVES, kind, **options))

    @pytest.mark.parametrize("dpi", [1, 72, 96])
    def test_placeholders_count_as_unknown(self, dpi: int) -> None:
        with pytest.raises(ResolutionError, match=rf"says {dpi} dpi, which.*give dpi="):
            read_image(encoded(WAVES, "PNG", dpi=(dpi, dpi)))

    def test_other_than_a_scanner_has(self) -> None:
        with pytest.raises(ResolutionError, match=r"100\.\.4000"):
            read_image(encoded(WAVES, "PNG", dpi=(9000, 9000)))

    def test_unequal(self) -> None:
        with pytest.raises(ResolutionError, match=r"across \(500 dpi\) and down \(510 dpi\)"):
            read_image(encoded(WAVES, "PNG", dpi=(500, 510)))
        assert read_image(encoded(WAVES, "PNG", dpi=(600, 604))).dpi == 602
        assert read_image(encoded(WAVES, "PNG", dpi=(500, 510)), 505).dpi == 505

    def test_per_cm(self) -> None:
        data = bytearray(encoded(WAVES, "JPEG", dpi=(197, 197)))
        assert data[13:18] == b"\x01\0\xc5\0\xc5"
        data[13] = 2
        assert read_image(bytes(data)).dpi == 500

    def test_aspect_ratio_is_no_resolution(self) -> None:
        chunk = png_chunk(b"pHYs", struct.pack(">IIB", 500, 500, 0))
        with pytest.raises(ResolutionError, match="does not say"):
            read_image(insert_before(encoded(WAVES, "PNG"), b"IDAT", chunk))

    def test_jp2_box(self) -> None:
        for ppm, dpi in ((19685, 500), (39370, 1000)):
            data = encoded(WAVES, "JPEG2000")
            at = data.index(b"jp2h") - 4
            size = int.from_bytes(data[at : at + 4], "big")
            resc = struct.pack(">I4sHHHHBB", 18, b"resc", ppm, 1, ppm, 1, 0, 0)
            box = struct.pack(">I4s", 26, b"res ") + resc
            data = data[:at] + struct.pack(">I", size + 26) + data[at + 4 : at + size] + box
            data += encoded(WAVES, "JPEG2000")[at + size :]
            image = read_image(data)
            assert image.dpi == dpi
            assert (image.pixels == WAVES).all()


class TestBadFiles:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "empty"),
            (b"no image, but long enough to look like something", "not an image"),
            (b"FMR\0 20\0" + bytes(40), "looks like ISO/IEC 19794-2:2005, not like an image"),
            (b"\x89PNG\r\n\x1a\n", "PNG image is damaged"),
            (b"P5 9999 9999 255 ", "too large: 9999 x 9999 px, at most 16 megapixels"),
            (b"P5 0 5 255 ", "PGM image is damaged|no pixels"),
            (b"II*\0\x08\0\0\0", "TIFF directory is damaged"),
            (b"BM" + bytes(60), "BMP image is damaged"),
        ],
    )
    def test_says_what_is_wrong(self, data: bytes, message: str) -> None:
        with pytest.raises(ImageError, match=message):
            read_image(data, 500)

    def test_names_the_file_but_not_its_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "scan-7.png"
        path.write_bytes(b"hello")
        with pytest.raises(ImageError, match=r"^scan-7\.png: not an image of a known kind"):
            read_image(path, 500)
        with pytest.raises(ImageError, match=r"^missing\.png: cannot be read: No such file"):
            read_image(tmp_path / "missing.png")
        with pytest.raises(ImageError, match="cannot be read"):
            read_image(tmp_path)
        with pytest.raises(ImageError, match="not a file name"):
            read_image("a\0b")

    def test_text_files_and_closed_files(self, tmp_path: Path) -> None:
        path = tmp_path / "scan.pgm"
        path.write_bytes(b"P5 2 2 255 abcd")
        with path.open() as file, pytest.raises(ImageError, match="binary mode"):
            read_image(file, 500)  # type: ignore[arg-type]
        with pytest.raises(ImageError, match="closed"):
            read_image(file, 500)  # type: ignore[arg-type]

    def test_huge_files_are_not_read_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "sparse.bmp"
        with path.open("wb") as file:
            file.truncate(1 << 33)
        with pytest.raises(ImageError, match="larger than 64 MiB"):
            read_image(path, 500)

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG", "JPEG2000", "PPM", "GIF"])
    def test_huge_images_are_not_decoded(self, kind: str) -> None:
        """20000 x 20000 in the head of a small file."""
        with pytest.raises(ImageError, match="too large: 20000 x 20000 px"):
            read_image(with_size(kind, 20000), 500)

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG", "JPEG2000", "PPM", "GIF"])
    @pytest.mark.parametrize("lenient", [False, True])
    def test_truncated(self, kind: str, lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
        data = encoded(WAVES, kind)
        whole = read_image(data, 500).pixels
        refused = 0
        sizes = range(0, len(data), max(1, len(data) // 150))
        for size in sizes:
            try:
                image = read_image(data[:size], 500)
            except ImageError:
                refused += 1
            else:
                # Only what ends a file after its pixels is missing.
                assert (image.pixels == whole).all()
        assert refused >= 0.95 * len(sizes)
        assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG", "JPEG2000", "PPM", "GIF"])
    @given(places=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=4))
    def test_changed_bytes(self, kind: str, places: list[tuple[int, int]]) -> None:
        data = bytearray(encoded(WAVES[:20, :20], kind, dpi=(500, 500)))
        for place, value in places:
            data[place * len(data) // 1000] = value
        try:
            image = read_image(bytes(data), 500)
        except CividError:
            return
        assert image.pixels.dtype == np.uint8

    @given(st.binary(max_size=300), st.sampled_from(_guards._MAGICS))
    def test_random_bytes(self, tail: bytes, magic: tuple[bytes, str]) -> None:
        with pytest.raises(CividError):
            read_image(magic[0] + tail[:40], 500)

    @pytest.mark.parametrize("kind", ["TIFF", "GIF", "PNG"])
    def test_more_than_one_image(self, kind: str) -> None:
        other = Image.fromarray(WAVES[::-1].copy())
        data = encoded(WAVES, kind, save_all=True, append_images=[other])
        with pytest.raises(ImageError, match="more than one image"):
            read_image(data, 500)

    def test_overlapping_tags(self) -> None:
        """Every tag asks for the whole file: a megabyte would become gigabytes."""
        count = 4000
        head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", count)
        tags = b"".join(struct.pack("<HHII", 1000 + k, 7, 40000, 8) for k in range(count))
        for data in (head + tags + bytes(4), jpeg_with_exif(head + tags + bytes(4))):
            with pytest.raises(ImageError, match="tags overlap"):
                read_image(data, 500)

    def test_endless_scans(self) -> None:
        data = encoded(WAVES, "JPEG", progressive=True)
        start = data.index(b"\xff\xda")
        end = start + 2
        while data[end] != 0xFF or data[end + 1] in (0x00, 0xFF):  # to the next marker
            end += 1
        scan = data[start:end]
        with pytest.raises(ImageError, match="too many scans"):
            read_image(data[:-2] + scan * 100 + b"\xff\xd9", 500)

    def test_jpeg2000_with_two_sizes(self) -> None:
        data = bytearray(encoded(WAVES, "JPEG2000"))
        at = data.index(b"\xff\x4f\xff\x51")
        data[at + 8 : at + 16] = struct.pack(">II", 60000, 60000)
        with pytest.raises(ImageError, match="two sizes"):
            read_image(bytes(data), 500)

    def test_warnings_do_not_leak_and_come_back(self) -> None:
        broken = bytearray(encoded(WAVES, "TIFF", dpi=(500, 500)))
        directory = struct.unpack_from("<I", broken, 4)[0]
        tags = struct.unpack_from("<H", broken, directory)[0]
        for index in range(tags):
            at = directory + 2 + 12 * index
            if struct.unpack_from("<H", broken, at)[0] == 282:
                struct.pack_into("<I", broken, at + 8, 0xFFFFFF)
        before = list(warnings.filters)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            read_image(bytes(broken), 500)
        assert not caught
        assert warnings.filters == before

    def test_threads(self) -> None:
        data = encoded(waves(200, 200), "PNG", dpi=(500, 500))
        results: list[bool] = []

        def work() -> None:
            expected = waves(200, 200)
            results.extend(bool((read_image(data).pixels == expected).all()) for _ in range(20))

        before = list(warnings.filters)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [True] * 80
        assert warnings.filters == before

    def test_pillow_loads_on_use(self) -> None:
        code = "import sys, civid.fingerprint.image; sys.exit('PIL' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], env=child.environment(), check=False)
        assert done.returncode == 0


class TestWsq:
    @pytest.fixture
    def sample(self, data: Path) -> bytes:
        return (data / "formats" / "wsq" / "img.wsq").read_bytes()

    def test_reference(self, data: Path) -> None:
        folder = data / "formats" / "images"
        image = read_image(folder / "wsq-original.wsq")
        reference = read_image(folder / "wsq-converted.png", dpi=500)
        assert image.dpi == 500
        assert np.abs(image.pixels.astype(int) - reference.pixels).max() <= 1

    def test_own_image(self) -> None:
        pixels = waves(256, 300)
        data = wsq.encode(pixels)
        assert wsq.sniff(data)
        assert wsq.parse(data).width == 300
        # 0.75 bits a pixel: similar, not equal.
        assert np.abs(read_image(data, 500).pixels.astype(int) - pixels).mean() < 10

    def test_truncated(self, sample: bytes) -> None:
        for size in range(0, len(sample), 97):
            with pytest.raises(ImageError):
                read_image(sample[:size], 500)

    def test_damaged(self, sample: bytes) -> None:
        chance = np.random.default_rng(1)
        for _ in range(25):
            broken = bytearray(sample)
            for place in chance.integers(2, 900, 3):
                broken[place] = chance.integers(256)
            with contextlib.suppress(ImageError):
                assert read_image(bytes(broken), 500).pixels.size

    def test_no_resolution(self, data: Path) -> None:
        path = data / "formats" / "wsq" / "jmrtd_fp.wsq"
        with pytest.raises(ResolutionError, match="does not say"):
            read_image(path)
        assert read_image(path, 500).pixels.shape == (620, 620)

    def test_huge(self, sample: bytes) -> None:
        at = sample.index(b"\xff\xa2")
        broken = sample[: at + 6] + struct.pack(">HH", 20000, 20000) + sample[at + 10 :]
        with pytest.raises(ImageError, match="too large: 20000 x 20000"):
            read_image(broken, 500)


class TestSamples:
    def test_all_decode(self, data: Path) -> None:
        kinds = {".png", ".bmp", ".jpeg", ".jpg", ".pgm", ".wsq", ".jp2", ".gif"}
        paths = [path for path in (data / "formats").rglob("*") if path.suffix in kinds]
        assert len(paths) > 40
        for path in paths:
            blank = path.name == "a999_01p.pgm"
            assert bool(read_image(path, 500).pixels.std() < 10) is blank, path.name

    def test_one_probe_in_five_files(self, data: Path) -> None:
        folder = data / "formats" / "images"
        png = read_image(folder / "probe.png", 500).pixels.astype(int)
        assert (read_image(folder / "probe.bmp", 500).pixels == png).all()
        assert np.abs(read_image(folder / "probe.jpeg", 500).pixels - png).mean() < 8

    def test_sets_state_their_resolution(self, data: Path) -> None:
        for folder, dpi in (("FVC2002/DB1_B", 500), ("FVC2002/DB2_B", 569), ("UareU", 512)):
            path = min((data / "prints" / folder).glob("*.png"))
            assert read_image(path).dpi == dpi


def png_chunk(name: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)


def insert_before(data: bytes, name: bytes, chunk: bytes) -> bytes:
    at = data.index(name) - 4
    return data[:at] + chunk + data[at:]


def rgb16_png(grey: np.ndarray) -> bytes:
    height, width = grey.shape
    rows = np.repeat(grey.astype(">u2")[..., None] * 257, 3, 2)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(raw)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def jpeg_with_exif(tiff: bytes) -> bytes:
    data = encoded(WAVES, "JPEG")
    body = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def with_size(kind: str, side: int) -> bytes:
    """A small file whose head tells another size."""
    data = bytearray(encoded(WAVES, kind))
    if kind == "PNG":
        head = struct.pack(">II", side, side) + bytes(data[24:29])
        data[8:33] = png_chunk(b"IHDR", head)
    elif kind == "BMP":
        struct.pack_into("<II", data, 18, side, side)
    elif kind == "GIF":
        struct.pack_into("<HH", data, 6, side, side)
    elif kind == "JPEG":
        at = data.index(b"\xff\xc0")
        struct.pack_into(">HH", data, at + 5, side, side)
    elif kind == "PPM":
        return b"P5 %d %d 255 " % (side, side) + bytes(100)
    elif kind == "JPEG2000":
        struct.pack_into(">II", data, data.index(b"ihdr") + 4, side, side)
    else:
        directory = struct.unpack_from("<I", data, 4)[0]
        for index in range(struct.unpack_from("<H", data, directory)[0]):
            at = directory + 2 + 12 * index
            if struct.unpack_from("<H", data, at)[0] in (256, 257):
                struct.pack_into("<HII", data, at + 2, 4, 1, side)
    return bytes(data)
