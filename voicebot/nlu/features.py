"""Hashed n-gram features of a normalised utterance: characters, words and stems.

Source: the hashing trick, Weinberger et al. 2009; Snowball stemmers, snowballstem.org.
"""

from __future__ import annotations

import re
import threading
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import snowballstemmer

from voicebot.core.language import Language
from voicebot.nlu.normalise import fold

BUCKETS = 1 << 17
"""Size of the hashed feature space."""
CHAR_SIZES = (2, 3, 4, 5)
WORD_SIZES = (1, 2, 3)

Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]

_WORD = re.compile(r"\w+'?")
_STEMMERS = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}
_STEMMING = threading.Lock()


@lru_cache(maxsize=20_000)
def stem(word: str, language: Language) -> str:
    """Snowball stem of a lower-case word, accents removed."""
    with _STEMMING:  # a Snowball stemmer keeps its working string inside itself
        return fold(_STEMMERS[language].stemWord(word))


def words_of(line: str) -> list[str]:
    """Words of a normalised line; an elision is a word (« j' », « ai »)."""
    return _WORD.findall(line)


def _word_grams(prefix: str, words: list[str], sizes: tuple[int, ...]) -> list[str]:
    return [prefix + " ".join(words[i : i + n]) for n in sizes for i in range(len(words) - n + 1)]


def _char_grams(words: list[str]) -> list[str]:
    """Character n-grams that do not cross a word's edge, the edge itself a character."""
    grams = []
    for word in words:
        padded = f" {word} "
        grams += [padded[i : i + n] for n in CHAR_SIZES for i in range(len(padded) - n + 1)]
    return grams


def blocks(line: str, language: Language) -> tuple[list[str], list[str], list[str]]:
    """The three families of n-grams of a normalised line: characters, words, stems."""
    words = words_of(line)
    plain = [fold(w) for w in words]
    bounded = ["^", *plain, "$"]
    return (
        _char_grams(plain),
        _word_grams("w:", bounded, WORD_SIZES),
        _word_grams("s:", [stem(w, language) for w in words], (1, 2)),
    )


def hashed(line: str, language: Language, idf: Values) -> tuple[Indices, Values]:
    """TF-IDF features of a normalised line: bucket numbers and weights, each family of norm 1.

    `idf` has shape (BUCKETS,). Repeated bucket numbers are possible between families and simply add up.
    """
    indices, values = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for grams in blocks(line, language):
        if not grams:
            continue
        buckets, counts = np.unique([zlib.crc32(g.encode()) % BUCKETS for g in grams], return_counts=True)
        weights = (1 + np.log(counts)).astype(np.float32) * idf[buckets]
        indices.append(buckets)
        values.append(weights / max(float(np.linalg.norm(weights)), 1e-6))
    return np.concatenate(indices), np.concatenate(values).astype(np.float32)
