"""Measured by ffmpeg: loudness within 1 LU of the target, durations within 5 % of what is said."""

from pathlib import Path

import pytest

from guides.gateways import ffmpeg, sound_marks
from guides.gateways.espeak import Espeak
from guides.gateways.speaking import Spoken

SENTENCES = {
    "vi": "Ngọ Môn được dựng năm một nghìn tám trăm ba mươi ba.",
    "en": "Five passages lead through the gate.",
    "ru": "Дворец Верховной Гармонии.",
}


def said(text: str, language: str, folder: Path, *, gain: str = "0dB") -> Path:
    """Let a voice say it, louder or softer, with silence around it; return the trimmed piece."""
    spoken = Espeak().speak(text=text, language=language)
    assert isinstance(spoken, Spoken)
    raw, padded = folder / f"{language}.wav", folder / f"{language}-padded.wav"
    raw.write_bytes(spoken.sound)
    chain = f"volume={gain},adelay=900,apad=pad_dur=1.5"
    ffmpeg.ffmpeg(["-i", str(raw), "-af", chain, str(padded)])
    ffmpeg.trimmed(padded, folder / f"{language}.flac")
    return folder / f"{language}.flac"


@pytest.mark.parametrize(("language", "gain"), [("vi", "-20dB"), ("en", "6dB"), ("ru", "-3dB")])
def test_every_file_is_as_loud_as_stated_and_as_long_as_it_says(
    language: str, gain: str, tmp_path: Path
) -> None:
    piece = said(SENTENCES[language], language, tmp_path, gain=gain)

    made = ffmpeg.rendered([piece], tmp_path)

    assert sorted(made.files) == sorted(ffmpeg.ENCODINGS)
    for (form, _quality), path in made.files.items():
        found = ffmpeg.measure(path)
        assert abs(found.lufs - ffmpeg.TARGET_LUFS) <= 1, (path.name, found.lufs)
        assert found.duration_s * 1000 == pytest.approx(made.duration_ms, rel=0.05)
        container = "ogg" if form == "opus" else "mp3"
        told = ffmpeg.probe(path, form=container).duration_s
        assert told * 1000 == pytest.approx(made.duration_ms, rel=0.05)
    assert abs(made.lufs - ffmpeg.TARGET_LUFS) <= 0.5


def test_silence_is_cut_at_both_ends_and_not_in_the_middle(tmp_path: Path) -> None:
    bare = ffmpeg.measure(said(SENTENCES["vi"], "vi", tmp_path)).duration_s

    made = ffmpeg.rendered([tmp_path / "vi.flac", tmp_path / "vi.flac"], tmp_path)

    assert 1.5 < bare < 4
    assert made.duration_ms / 1000 == pytest.approx(2 * bare + ffmpeg.PAUSE_S, abs=0.1)


def test_the_same_pieces_give_the_same_bytes(tmp_path: Path) -> None:
    piece = said("Huế", "vi", tmp_path)
    marks = sound_marks.Marks("Huế", "vi", synthetic=True, engine="espeak", voice="v")

    def bytes_of_all() -> list[bytes]:
        made = ffmpeg.rendered([piece], tmp_path)
        for path in made.files.values():
            sound_marks.write_marks(path, marks)
        return [path.read_bytes() for path in made.files.values()]

    assert bytes_of_all() == bytes_of_all()


def test_a_file_says_of_itself_that_a_machine_read_it(tmp_path: Path) -> None:
    made = ffmpeg.rendered([said("Huế", "vi", tmp_path)], tmp_path)

    for path in made.files.values():
        sound_marks.write_marks(
            path, sound_marks.Marks("Huế", "vi", synthetic=True, engine="espeak")
        )
        marks = sound_marks.read_marks(path)
        assert marks[sound_marks.SYNTHETIC] == "yes"
        assert marks[sound_marks.ENGINE] == "espeak"


def test_a_person_is_not_marked_as_a_machine(tmp_path: Path) -> None:
    made = ffmpeg.rendered([said("Huế", "vi", tmp_path)], tmp_path)

    for path in made.files.values():
        sound_marks.write_marks(path, sound_marks.Marks("Huế", "vi", synthetic=False))
        marks = sound_marks.read_marks(path)
        assert marks[sound_marks.SYNTHETIC] == "no"
        assert sound_marks.ENGINE not in marks


def test_nothing_but_silence_is_refused(tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.wav"
    ffmpeg.ffmpeg(["-f", "lavfi", "-i", "anullsrc=d=1", str(quiet)])

    with pytest.raises(ffmpeg.Undecodable, match="silence"):
        ffmpeg.trimmed(quiet, tmp_path / "quiet.flac")


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    secret = said("Huế", "vi", tmp_path)
    playlist = tmp_path / "list.wav"
    playlist.write_text(f"ffconcat version 1.0\nfile {secret}\n", encoding="utf-8")

    with pytest.raises(ffmpeg.Undecodable):
        ffmpeg.measure(playlist, form="wav")


def test_the_waveform_has_the_heights_of_the_sound(tmp_path: Path) -> None:
    swelling = tmp_path / "swelling.wav"
    wave = "aevalsrc='t/2*sin(440*2*PI*t)':s=24000:d=2"
    ffmpeg.ffmpeg(["-f", "lavfi", "-i", wave, str(swelling)])

    heights = ffmpeg.peaks(swelling, number=10)

    assert len(heights) == 10
    assert heights == sorted(heights)
    assert heights[-1] == 100
    assert 5 <= heights[0] <= 15
